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
    expect(await statusOf(camera)).toEqual({
      type: "inspection",
      activity: "none",
      status: null,
      trigger: true,
      journals: [],
      next_run: "provision",
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

  it("of a folder that does not exist ends with 78", async () => {
    const { exitStatus, out } = await run(["status", "-d", "nowhere"]);
    expect(exitStatus).toBe(78);
    expect(out).toContain("FAIL  FOLDER_MISSING");
  });
});

describe("the command `reset`", () => {
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
