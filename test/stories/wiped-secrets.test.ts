import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dryRun } from "../../src/dry-run.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { withoutSecrets } from "../../src/files/wipe-secrets.ts";
import { watched } from "../files/disk/watched-file-system.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

/** The lock of a run that is killed in this very process would stay. */
const alone: FileSystem = { ...nodeFileSystem, lock: async () => ({ release: () => {} }) };

const asking = { wipe_secret_after_success: true };

function credentialsOf(camera: Camera) {
  return JSON.parse(camera.read("provision.json"));
}

function isEmptied(camera: Camera): void {
  const { provision_device_key: key, provision_device_secret: secret } = credentialsOf(camera);
  expect([key, secret]).toEqual(["", ""]);
  const text = readFileSync(join(camera.directory, "provision.json"), "latin1");
  for (const planted of [provisionKey, provisionSecret]) expect(text).not.toContain(planted);
}

it("key and secret are emptied after a success, with a warning of what flash keeps", async () => {
  await using camera = await Camera.start({}, asking);
  const { mode } = statSync(join(camera.directory, "provision.json"));
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("SECRETS_WIPED");
  isEmptied(camera);
  expect(statSync(join(camera.directory, "provision.json")).mode).toBe(mode);
});

it("nothing is emptied where nobody asked for it, or where the run fails", async () => {
  await using camera = await Camera.start();
  const before = camera.read("provision.json");
  expect((await camera.run()).warnings.map(({ code }) => code)).not.toContain("SECRETS_WIPED");
  expect(camera.read("provision.json")).toBe(before);
  await using refused = await Camera.start({}, { ...asking, provision_device_secret: "MistypedSecret" });
  expect(await refused.run()).toMatchObject({ result: "failed", exitStatus: 77 });
  expect(credentialsOf(refused)).toMatchObject({ provision_device_secret: "MistypedSecret" });
});

describe("a trigger after that", () => {
  async function wiped(): Promise<Camera> {
    const camera = await Camera.start({}, asking);
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    camera.write("provision.txt", "");
    return camera;
  }

  it("proves what the configuration holds, and changes nothing", async () => {
    await using camera = await wiped();
    const [config, provision] = [camera.read("thermal_config.json"), camera.read("provision.json")];
    expect(await dryRun({ directory: camera.directory })).toMatchObject({ firstStep: "probe configuration" });
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(camera.read("thermal_config.json")).toBe(config);
    expect(camera.read("provision.json")).toBe(provision);
    expect(camera.tokensOnServer).toEqual([camera.token]);
  });

  it("is an error for a person where the server refuses that, and no device is asked for", async () => {
    await using camera = await wiped();
    for (const { name } of camera.simulator.devices) camera.simulator.removeDevice(name);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "PROVISIONING_KEY_WIPED" } });
    expect(camera.simulator.devices).toEqual([]);
    expect(camera.journal).toEqual([]);
  });

  it("is an error before anything is sent where a new identity is asked for", async () => {
    await using camera = await wiped();
    const heard = camera.simulator.heard.length;
    const options = { newIdentity: true };
    await expect(dryRun({ directory: camera.directory, ...options })).rejects.toMatchObject({
      errorCode: "PROVISIONING_KEY_WIPED",
    });
    expect(await camera.run(options)).toMatchObject({ exitStatus: 78, error: { errorCode: "PROVISIONING_KEY_WIPED" } });
    expect(camera.simulator.heard.length).toBe(heard);
  });
});

it("a run that is killed before any call of the emptying leaves it to the next one, and both end well", async () => {
  for (let nth = 1; ; nth++) {
    await using camera = await Camera.start({}, asking);
    let calls = 0;
    let isOver = false;
    const files = watched(alone, (call, ...[first]) => {
      const ofIt = typeof first === "string" && first.includes(".provision.json.");
      if (isOver || (ofIt && ++calls === nth)) {
        isOver = true;
        throw new Error(`killed before ${call}`);
      }
    });
    const outcome = await camera.run({ files });
    if (!isOver) {
      expect(outcome).toMatchObject({ result: "provisioned" });
      expect(nth).toBeGreaterThan(2);
      return;
    }
    expect(await camera.run({ files: alone })).toMatchObject({ result: "provisioned" });
    isEmptied(camera);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  }
});

it("every other byte stays: comments, line ends, a byte order mark, and the same words elsewhere", () => {
  const written =
    '\u{feff}{ // key\r\n\t"provision_device_key" :"\\u0061b" ,"others": {"password": "x"},\r\n "password":"ü", "wipe_secret_after_success": true, }\r\n';
  const emptied = withoutSecrets(new TextEncoder().encode(written));
  expect(Buffer.from(emptied ?? []).toString("utf8")).toBe(written.replace('"\\u0061b"', '""').replace('"ü"', '""'));
  expect(withoutSecrets(new TextEncoder().encode('{"provision_device_key": "a"}'))).toBeUndefined();
  expect(withoutSecrets(new TextEncoder().encode('{"wipe_secret_after_success": true, "password": '))).toBeUndefined();
});
