import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { Command, run } from "./command.ts";

describe("the command `provision`", () => {
  it("tells each state in a line of JSON, the outcome last, and leaves the files as the specification says", async () => {
    await using camera = await Camera.start();
    const { exitStatus, events, out, err } = await run(["provision", "-d", camera.directory]);
    expect(err).toMatch(/^\{"level":40,.*"code":"PLAIN_TEXT"/);
    expect(exitStatus).toBe(0);
    expect(events.length).toBe(out.trimEnd().split("\n").length);
    expect(events.filter(({ type }) => type === "status").map((event) => event["current_state"])).toEqual([
      "IDLE",
      "DETECTING_FILES",
      "LOADING_CONFIG",
      "CONNECTING",
      "SENDING_REQUEST",
      "WAITING_RESPONSE",
      "VALIDATING_RESPONSE",
      "UPDATING_CONFIG",
      "COMPLETED",
    ]);
    expect(events.at(-1)).toMatchObject({ type: "outcome", result: "provisioned", exit_status: 0 });
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.files.map((name) => name.replace(/\d+$/, ""))).toEqual([
      "provision.json",
      "provision.txt.processed",
      "thermal_config.json",
      "thermal_config.json.backup.",
    ]);
    const mode = (name: string) => statSync(join(camera.directory, name)).mode & 0o777;
    expect([mode("thermal_config.json"), mode("provisioning_status.json")]).toEqual([0o600, 0o644]);
  });

  it("with nothing to do touches nothing, contacts nobody, logs nothing, and ends with 0", async () => {
    await using camera = await Camera.start();
    camera.remove("provision.txt");
    const before = readdirSync(camera.directory);
    const { exitStatus, outcome, err } = await run(["provision", "-d", camera.directory]);
    expect([exitStatus, outcome["result"], err]).toEqual([0, "nothing_to_do", ""]);
    expect(readdirSync(camera.directory)).toEqual(before);
    expect(camera.simulator.heard).toEqual([]);
  });

  it("logs to standard error, every line with the correlation id of the outcome", async () => {
    await using camera = await Camera.start();
    const { err, outcome } = await run(["provision", "-d", camera.directory, "--log-level", "info"]);
    const lines = err
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(["DETECTING_FILES", "COMPLETED", "provisioned"]),
    );
    const ids = new Set(lines.map((line) => line["correlation_id"]));
    expect([...ids]).toEqual([Object(outcome["status"])["correlation_id"]]);
  });

  it("logs nothing at the level silent", async () => {
    await using camera = await Camera.start({}, { provision_device_secret: "wrong" });
    const { err, exitStatus } = await run(["provision", "-d", camera.directory, "--log-level", "silent"]);
    expect([err, exitStatus]).toEqual(["", 77]);
  });

  it("speaks to people with --human, with colours only where they are wanted", async () => {
    await using camera = await Camera.start({}, { provision_device_secret: "wrong" });
    const parameters = ["provision", "-d", camera.directory, "--human"];
    const plain = await run(parameters, { COLUMNS: "100" });
    expect(plain.out).toContain("FAIL  PROVISION_DATA_NOT_FOUND (exit status 77)");
    expect(plain.out).toContain("1. provision_device_key or provision_device_secret is mistyped or old");
    const coloured = await run(parameters, { FORCE_COLOR: "1" });
    expect(coloured.out).toContain("\x1b[");
    expect((await run(parameters, { FORCE_COLOR: "1", NO_COLOR: "1" })).out).not.toContain("\x1b[");
  });

  it("refuses plain text with --require-tls, and asks nobody", async () => {
    await using camera = await Camera.start();
    const { exitStatus, outcome } = await run(["provision", "-d", camera.directory, "--require-tls"]);
    expect([exitStatus, Object(outcome["error"])["error_code"]]).toEqual([78, "TLS_REQUIRED"]);
    expect(camera.simulator.heard).toEqual([]);
  });

  it("names every mistake in provision.json with its place, and ends with 78", async () => {
    await using camera = await Camera.start({}, { server_port: "1883", timeout_seconds: -1 });
    const { exitStatus, outcome } = await run(["provision", "-d", camera.directory]);
    expect(exitStatus).toBe(78);
    const { problems } = Object(outcome["error"]);
    expect(problems).toMatchObject([
      { file: "provision.json", line: 3, path: ["server_port"] },
      { file: "provision.json", line: 6, path: ["timeout_seconds"] },
    ]);
    expect(camera.simulator.heard).toEqual([]);
  });

  it("takes --ca-file as relative to where it was called, not to the camera's folder", async () => {
    await using camera = await Camera.start({}, { use_ssl: true });
    const { exitStatus, outcome } = await run(["provision", "-d", camera.directory, "--ca-file", "nowhere/ca.pem"]);
    expect(exitStatus).toBe(78);
    const { error_message: message } = Object(outcome["error"]);
    expect(message).toContain(join(process.cwd(), "nowhere/ca.pem"));
  });
});

describe("`provision --dry-run`", () => {
  const contents = (camera: Camera) =>
    readdirSync(camera.directory, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(camera.directory, name)).isFile())
      .sort()
      .map((name) => [name, camera.read(name)]);

  it("prints the request and the difference, changes no file and sends nothing", async () => {
    await using camera = await Camera.start();
    const before = contents(camera);
    const { exitStatus, outcome } = await run(["provision", "-d", camera.directory, "--dry-run"]);
    expect(exitStatus).toBe(0);
    expect(outcome).toMatchObject({
      result: "rehearsed",
      would: "request",
      server: camera.simulator.url,
      request: { deviceType: "thermal-camera", provisionDeviceKey: "[secret]", token: "[secret]" },
    });
    expect(String(outcome["difference"])).toContain('"access_token": "[secret]"');
    expect(contents(camera)).toEqual(before);
    expect(readdirSync(camera.directory)).not.toContain(".thermal-provision");
    expect(camera.simulator.heard).toEqual([]);
  });

  it("finds the same mistakes as a run", async () => {
    await using camera = await Camera.start({}, { server_port: 0 });
    const dry = await run(["provision", "-d", camera.directory, "--dry-run"]);
    const wet = await run(["provision", "-d", camera.directory]);
    const { occurred_at: _, ...dryError } = Object(dry.outcome["error"]);
    const { occurred_at: __, ...wetError } = Object(wet.outcome["error"]);
    expect(dryError).toEqual(wetError);
    expect(dry.exitStatus).toBe(78);
  });

  it("says that an unfinished run is asked about first, by its own name", async () => {
    await using camera = await Camera.start({ scenario: [{ on: "request", nth: "every", do: "lose" }] });
    const command = new Command(["provision", "-d", camera.directory]);
    await command.printed("WAITING_RESPONSE");
    command.signal("SIGKILL");
    await command.ended;
    const before = contents(camera);
    const { outcome } = await run(["provision", "-d", camera.directory, "--dry-run"]);
    const [device] = camera.simulator.devices;
    expect(outcome).toMatchObject({ would: "probe_journal", device_name_from: "journal", device_name: device?.name });
    expect(contents(camera)).toEqual(before);
  });

  it("says that a provisioned camera is asked about first, and that nothing would change", async () => {
    await using camera = await Camera.start();
    await camera.run();
    camera.write("provision.txt", "");
    const { out } = await run(["provision", "-d", camera.directory, "--dry-run", "--human"]);
    expect(out).toContain("The camera has credentials for this server and key.");
    expect(out).toContain("What a success would change\n  nothing\n");
    const forced = await run(["provision", "-d", camera.directory, "--dry-run", "--new-identity"]);
    expect(forced.outcome).toMatchObject({ would: "request", device_name_from: "example" });
  });

  it("says that without a trigger nothing would happen", async () => {
    await using camera = await Camera.start();
    camera.remove("provision.txt");
    const { outcome } = await run(["provision", "-d", camera.directory, "--dry-run"]);
    expect(outcome).toMatchObject({ would: "do_nothing", exit_status: 0 });
  });
});
