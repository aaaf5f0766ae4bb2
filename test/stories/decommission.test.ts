import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent, writeReceived } from "../../src/files/journal/journal.ts";
import { decommission, planDecommission } from "../../src/index.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { failingAtStep, killedAtStep, recorded, watched } from "../files/disk/watched-file-system.ts";
import { intent, received } from "../files/sample.ts";
import { Camera, provisionSecret } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

/** A camera with everything that can hold a secret: two backups, a journal, one that was put aside, a leftover. */
async function worn(): Promise<Camera> {
  const camera = await Camera.start();
  await camera.run();
  camera.write("provision.txt", "");
  await camera.run({ newIdentity: true });
  fill(camera);
  return camera;
}

/** An unfinished journal, a new trigger, and what a killed run left. */
function fill({ directory, simulator }: Camera): void {
  writeFileSync(join(directory, "provision.txt"), "");
  writeIntent(nodeFileSystem, directory, intent({ host: simulator.host }));
  writeReceived(nodeFileSystem, directory, simulator.host, received());
  writeFileSync(join(directory, ".thermal_config.json.0123456789abcdef.tmp"), "a token");
}

/** Everything in the folder, however deep. */
function textsIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

/** Of a killed process the kernel takes the lock back; here the process goes on, so it takes none. */
const lockless: FileSystem = { ...nodeFileSystem, lock: async () => "unavailable" };

const others = `{
  // written by hand
  "device": { "serial": "TC-0042" },
  "measurement_spots": [
    { "name": "bearing", "x": 10, "y": 20 }, // the hot one
  ],
  "palette": "iron"`;

describe("decommission", () => {
  it("takes all that is ours, and leaves what is not", async () => {
    await using camera = await worn();
    const { directory } = camera;
    const receipt = await decommission({ directory, clock: hurriedClock });
    const left = textsIn(directory);
    expect(Object.keys(left)).toEqual(["provision.json", "thermal_config.json"]);
    expect(left["thermal_config.json"]?.startsWith(others)).toBe(true);
    const { device, server, provisioning } = Function(`return ${left["thermal_config.json"]}`)();
    expect({ device, server, provisioning }).toEqual({ device: { serial: "TC-0042" }, server: {}, provisioning: {} });
    expect(receipt.device).toMatchObject({ deviceName: camera.simulator.devices[1]?.name });
    expect(new Set(receipt.removed.map(({ what }) => what))).toEqual(
      new Set(["trigger", "last success", "credentials", "backup", "journal", "temporary file", "status"]),
    );
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do", camera: { state: "not provisioned" } });
    expect((await decommission({ directory, clock: hurriedClock })).device).toBeUndefined();
  });

  it("takes the provisioning secret only when told to", async () => {
    await using camera = await worn();
    await decommission({ directory: camera.directory, withProvisioningSecret: true });
    expect(Object.keys(textsIn(camera.directory))).toEqual(["thermal_config.json"]);
  });

  it("changes nothing where it only plans", async () => {
    await using camera = await worn();
    const before = textsIn(camera.directory);
    const plan = await planDecommission({ directory: camera.directory });
    expect(textsIn(camera.directory)).toEqual(before);
    const done = await decommission({ directory: camera.directory });
    expect(done.removed.map(({ path }) => path).sort()).toEqual(plan.removed.map(({ path }) => path).sort());
  });

  it("overwrites what held a secret, before it is gone", async () => {
    await using camera = await worn();
    const [token = ""] = [camera.token];
    const files = watched(nodeFileSystem, (call, path) => {
      if (call !== "unlink" || typeof path !== "string" || !statSync(path).isFile()) return;
      expect(readFileSync(path).every((byte) => byte === 0)).toBe(true);
    });
    await decommission({ directory: camera.directory, files });
    expect(JSON.stringify(textsIn(camera.directory))).not.toContain(token);
  });

  it("provisions nothing again, and brings nothing back, wherever it is killed or the disk fails; and is finished by another", async () => {
    await using camera = await worn();
    const { directory } = camera;
    const former = textsIn(directory);
    const { token } = camera;
    const watching = recorded(lockless);
    await decommission({ directory, files: watching.files });
    const steps = watching.calls.length;
    expect(steps).toBeGreaterThan(100);
    const wraps: ((step: number) => FileSystem)[] = [
      (step) => killedAtStep(step, lockless),
      (step) => failingAtStep(step, "EIO", lockless),
    ];
    for (const wrap of wraps) {
      for (let step = 1; step <= steps; step += 1) {
        for (const [name, text] of Object.entries(former)) {
          if (!name.includes("/")) writeFileSync(join(directory, name), text, { mode: 0o600 });
        }
        fill(camera);
        const at = step;
        await decommission({ directory, files: wrap(step) }).catch(() => {});
        const { device } = await planDecommission({ directory });
        const isTriggered = camera.has("provision.txt");
        const isUnfinished = camera.journal.some((name) => !name.includes("@"));
        // Without credentials in the configuration no start does anything.
        if (device === undefined)
          expect({ at, isTriggered, isUnfinished }).toEqual({ at, isTriggered: false, isUnfinished: false });
        else expect(camera.token).toBe(token);
        await decommission({ directory });
        expect(Object.keys(textsIn(directory))).toEqual(["provision.json", "thermal_config.json"]);
      }
    }
  }, 120_000);

  it("is refused where the configuration cannot be understood: then nobody knows what is whose", async () => {
    await using camera = await worn();
    camera.write("thermal_config.json", "{ half a");
    const before = textsIn(camera.directory);
    await expect(decommission({ directory: camera.directory })).rejects.toMatchObject({
      errorCode: "CONFIG_FILE_INVALID",
    });
    expect(textsIn(camera.directory)).toEqual(before);
  });

  it("says on the command line what would go, goes with --yes, and prints a receipt", async () => {
    await using camera = await worn();
    const run = async (...parameters: string[]) => {
      const record = recordedIo();
      const exitStatus = await runProgram(["decommission", "-d", camera.directory, ...parameters], record.io);
      return { exitStatus, out: record.out };
    };
    const said = await run();
    expect(said.out).toContain("nothing was changed; with --yes this would go:");
    expect(camera.token).not.toBeUndefined();
    const done = await run("--yes", "--json");
    const receipt = JSON.parse(done.out);
    expect(receipt).toMatchObject({ type: "receipt", done: true, device: { device_name: expect.any(String) } });
    expect(receipt.not_promised).toContain("Flash memory");
    expect(camera.token).toBeUndefined();
    for (const secret of [...camera.tokensOnServer, provisionSecret]) expect(said.out + done.out).not.toContain(secret);
    expect((await run("--yes")).out).toContain("Removed");
  });
});
