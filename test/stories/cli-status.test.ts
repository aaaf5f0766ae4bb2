import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { Command, run } from "./command.ts";

/** A camera whose run was cut off by a power cut while it waited for the answer. */
async function cutOff(camera: Camera): Promise<void> {
  const command = new Command(["provision", "-d", camera.directory]);
  await command.printed("WAITING_RESPONSE");
  command.signal("SIGKILL");
  await command.ended;
}

const silent = { scenario: [{ on: "request", nth: "every", do: "lose" }] } as const;

async function statusOf(camera: Camera): Promise<Record<string, unknown>> {
  const { exitStatus, events } = await run(["status", "-d", camera.directory, "--json"]);
  expect(exitStatus).toBe(0);
  return { ...events[0] };
}

describe("the command `status`", () => {
  it("says so when nothing is known", async () => {
    await using camera = await Camera.start();
    const { directory } = camera;
    expect(await statusOf(camera)).toEqual({
      type: "inspection",
      activity: "none",
      status: null,
      trigger: true,
      camera: { directory, state: "not_provisioned", device: null, missing: [], misnamed_trigger: null },
      warnings: [],
      journals: [],
      put_aside: [],
      backups: [],
      next_run: "provision",
      unreadable: null,
    });
  });

  it("tells of a run that is at work, and of one that was cut off", async () => {
    await using camera = await Camera.start(silent);
    const command = new Command(["provision", "-d", camera.directory]);
    await command.printed("WAITING_RESPONSE");
    expect(await statusOf(camera)).toMatchObject({
      activity: "running",
      status: { current_state: "WAITING_RESPONSE" },
    });
    command.signal("SIGKILL");
    await command.ended;
    const [device] = camera.simulator.devices;
    expect(await statusOf(camera)).toMatchObject({
      activity: "interrupted",
      journals: [{ host: camera.simulator.host, device_names: [device?.name], granted: false }],
      next_run: "continue",
    });
  });

  it("tells people the same in words, and the end of a provisioning", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const { out } = await run(["status", "-d", camera.directory]);
    expect(out).toContain("Run         ended\nState       COMPLETED\n");
    expect(out).toContain("Next run    will do nothing, until there is a provision.txt");
  });

  it("tells of the pause of --wait, in words and in JSON", async () => {
    await using camera = await Camera.start();
    await camera.simulator.close();
    const command = new Command(["provision", "-d", camera.directory, "--wait", "--json"]);
    await command.printed('"FAILED_CONNECTION"');
    await command.printed('"wait_seconds":1');
    const { status } = { status: {}, ...(await statusOf(camera)) };
    expect(status).toMatchObject({ next_try_at: expect.stringMatching(/^20/), error_count: 3 });
    const { out } = await run(["status", "-d", camera.directory], { COLUMNS: "100" });
    expect(out).toMatch(/^Run {9}waiting: the next try is in \d+ s\. Trying since 20/m);
    command.signal("SIGTERM");
    await command.ended;
    expect(await statusOf(camera)).toMatchObject({
      activity: "ended",
      status: {
        current_state: "FAILED_CONNECTION",

        last_error: expect.stringMatching(/^CONNECTION_REFUSED: /),
      },
    });
  });

  it("with --is-provisioned prints nothing and answers by the exit status", async () => {
    await using camera = await Camera.start();
    const ask = () => run(["status", "-d", camera.directory, "--is-provisioned"]);
    expect(await ask()).toMatchObject({ exitStatus: 1, out: "", err: "" });
    await camera.run();
    expect(await ask()).toMatchObject({ exitStatus: 0, out: "", err: "" });
    camera.write("thermal_config.json", "{");
    expect(await ask()).toMatchObject({ exitStatus: 1, out: "", err: "" });
    expect(await run(["status", "-d", "nowhere", "--is-provisioned"])).toMatchObject({
      exitStatus: 1,
      out: "",
      err: "",
    });
  });

  it.each(["", "not JSON"])("says what the configuration says when the status file holds %j", async (content) => {
    await using camera = await Camera.start();
    await camera.run();
    camera.write("provisioning_status.json", content);
    const { out } = await run(["status", "-d", camera.directory], { COLUMNS: "100" });
    expect(out).toMatch(/^Camera {6}thermal-camera-[A-Z0-9]{6} is provisioned \(proved on 20[-\d]+, not asked now\)$/m);
  });

  it("of a folder that does not exist ends with 78", async () => {
    const { exitStatus, out } = await run(["status", "-d", "nowhere"]);
    expect(exitStatus).toBe(78);
    expect(out).toContain("FAIL  FOLDER_MISSING");
  });
});

it("`status` names the former configurations, also one whose name is of no moment", async () => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json.backup.1761229800", "{}");
  camera.write("thermal_config.json.backup.999999999999999", "{}");
  const backup = (number: string) => join(camera.directory, `thermal_config.json.backup.${number}`);
  expect(await statusOf(camera)).toMatchObject({
    backups: [
      { path: backup("999999999999999"), made_at: null },
      { path: backup("1761229800"), made_at: "2025-10-23T14:30:00.000Z" },
    ],
  });
});

describe("the command `reset`", () => {
  it("--purge removes what was put aside, with --yes only, and no unfinished journal", async () => {
    await using camera = await Camera.start(silent);
    await cutOff(camera);
    await run(["reset", "-d", camera.directory, "--yes"]);
    await cutOff(camera);
    const before = camera.journal;
    const asked = await run(["reset", "-d", camera.directory, "--purge"]);
    expect(asked.out).toContain("Nothing was changed.");
    expect(camera.journal).toEqual(before);
    const { put_aside: putAside } = await statusOf(camera);
    expect(putAside).toEqual([expect.stringContaining(`${camera.simulator.host}@`)]);
    const done = await run(["reset", "-d", camera.directory, "--purge", "--yes"]);
    expect(done).toMatchObject({ exitStatus: 0, out: `${putAside}: removed\n` });
    expect(await statusOf(camera)).toMatchObject({
      put_aside: [],
      journals: [{ granted: false }],
      next_run: "continue",
    });
  });

  it("without --yes says what it means and changes nothing", async () => {
    await using camera = await Camera.start(silent);
    await cutOff(camera);
    const before = camera.journal;
    const { exitStatus, out } = await run(["reset", "-d", camera.directory]);
    const [device] = camera.simulator.devices;
    expect(exitStatus).toBe(0);
    expect(out).toContain(`Unfinished: ${device?.name} on ${camera.simulator.host}.`);
    expect(out).toContain("Nothing was changed.");
    expect(camera.journal).toEqual(before);
  });

  it("of a device that the server has made says that it exists", async () => {
    await using camera = await Camera.start({ scenario: [{ on: "probe", nth: "every", do: "code", code: 5 }] });
    await camera.run();
    const { out } = await run(["reset", "-d", camera.directory]);
    const text = out.replaceAll("\n", " ");
    expect(text).toContain("The server has answered SUCCESS: that device exists there. Once this is put aside");
    expect(text).not.toContain("may exist");
  });

  it("with --yes puts the unfinished identity aside, and the next run makes another device", async () => {
    await using camera = await Camera.start({ scenario: [{ on: "request", do: "lose" }] });
    await cutOff(camera);
    const [former] = camera.simulator.devices;
    const { exitStatus } = await run(["reset", "-d", camera.directory, "--yes"]);
    expect(exitStatus).toBe(0);
    expect(readdirSync(join(camera.directory, ".thermal-provision"))).toEqual([
      expect.stringMatching(/^127\.0\.0\.1@/),
    ]);
    const { outcome } = await run(["provision", "-d", camera.directory]);
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(camera.simulator.devices.map(({ name }) => name)).toHaveLength(2);
    expect(camera.tokensOnServer).not.toEqual([camera.token]);
    expect(camera.token).not.toBe(former?.credentials.credentialsId);
  });

  it("with nothing unfinished says so", async () => {
    await using camera = await Camera.start();
    const { exitStatus, out } = await run(["reset", "-d", camera.directory, "--yes"]);
    expect([exitStatus, out]).toEqual([0, "Nothing is unfinished in this folder; there is nothing to put aside.\n"]);
  });

  it("while a run is at work ends with 75 and leaves it alone", async () => {
    await using camera = await Camera.start(silent);
    const command = new Command(["provision", "-d", camera.directory]);
    await command.printed("WAITING_RESPONSE");
    const { exitStatus, out } = await run(["reset", "-d", camera.directory, "--yes"]);
    expect(exitStatus).toBe(75);
    expect(out).toContain("FAIL  LOCKED");
    expect(camera.journal).not.toEqual([]);
    command.signal("SIGTERM");
    await command.ended;
  });
});
