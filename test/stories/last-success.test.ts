import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dryRun } from "../../src/dry-run.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { givenCredentials } from "../../src/files/given-credentials.ts";
import {
  adopt,
  inspect,
  listOfBackups,
  type ProvisionOptions,
  reset,
  restore,
  restoreLastSuccess,
} from "../../src/index.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { failingAtStep, killedAtStep, recorded, systemError, watched } from "../files/disk/watched-file-system.ts";
import { Camera, someConfig } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const record = ".thermal-provision/last-success.json";

/** A camera whose configuration another program has written back as it was before the provisioning. */
async function robbed(): Promise<{ camera: Camera; token: string | undefined }> {
  const camera = await Camera.start();
  await camera.run();
  const { token } = camera;
  camera.write("thermal_config.json", someConfig);
  return { camera, token };
}

const again = ({ directory }: Camera, options: ProvisionOptions & { force?: boolean } = {}) =>
  restoreLastSuccess({ directory, clock: hurriedClock, ...options });

/** Every file in the folder, however deep. */
function textsIn({ directory }: Camera): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

/** What the record holds. */
const kept = (camera: Camera) => JSON.parse(camera.read(record)).body;

const codes = async ({ directory }: Camera) => (await inspect({ directory })).warnings.map(({ code }) => code);

describe("the record of the last success", () => {
  it("holds our three sections as they were written, for its owner alone", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const { device, server, provisioning } = Function(`return ${camera.read("thermal_config.json")}`)();
    const { serial: _others, ...ours } = device;
    expect(kept(camera)).toEqual({ device: ours, server, provisioning });
    expect(kept(camera).device.access_token).toBe(camera.tokensOnServer[0]);
    expect(statSync(join(camera.directory, record)).mode & 0o777).toBe(0o600);
    expect(await codes(camera)).toEqual([]);
  });

  it("follows what is proved: a later device, given credentials, a backup that was put back", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const first = camera.token;
    camera.write("provision.txt", "");
    await camera.run({ newIdentity: true });
    expect(kept(camera).device.access_token).toBe(camera.token);
    expect(camera.token).not.toBe(first);

    const { directory } = camera;
    const [newest] = await listOfBackups({ directory });
    await restore(newest?.name ?? "", { directory, clock: hurriedClock });
    expect([camera.token, kept(camera).device.access_token]).toEqual([first, first]);

    camera.simulator.addDevice({ name: "by hand", credentials: accessToken("madeByAnAdministrator") });
    const given = givenCredentials('{"access_token":"madeByAnAdministrator","device_name":"by hand"}', "the file");
    expect(await adopt(given, { directory, clock: hurriedClock })).toMatchObject({ result: "provisioned" });
    expect(kept(camera).device).toMatchObject({ access_token: "madeByAnAdministrator", device_name: "by hand" });
    expect(await codes(camera)).toEqual([]);
  });

  it("does not follow what was put back by force", async () => {
    await using camera = await Camera.start();
    await camera.run();
    camera.write("provision.txt", "");
    await camera.run({ newIdentity: true });
    const second = camera.token;
    const { directory } = camera;
    const [newest] = await listOfBackups({ directory });
    camera.simulator.removeDevice(camera.simulator.devices[0] ?? "");
    await restore(newest?.name ?? "", { directory, clock: hurriedClock, force: true });
    expect(kept(camera).device.access_token).toBe(second);
  });

  it("is made by the next trigger where a former version made none, and by no run with nothing to do", async () => {
    await using camera = await Camera.start();
    await camera.run();
    camera.remove(record);
    const before = textsIn(camera);
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do", warnings: [] });
    expect(textsIn(camera)).toEqual(before);
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(kept(camera).device.access_token).toBe(camera.token);
  });

  it("costs three syncs, and is on the disk before the trigger has its new name", async () => {
    await using camera = await Camera.start();
    const { files, calls } = recorded();
    await camera.run({ files });
    const begun = calls.indexOf("open .last-success.json.*.tmp create");
    const done = calls.indexOf("rename provision.txt provision.txt.processed");
    expect(begun).toBeGreaterThan(calls.findIndex((call) => /^rename .* thermal_config\.json$/.test(call)));
    expect(done).toBeGreaterThan(begun);
    const between = calls.slice(begun, done).filter((call) => /^(sync|rename|open .*folder)/.test(call));
    expect(between).toEqual([
      "sync",
      "rename .last-success.json.*.tmp last-success.json",
      "sync",
      "open .thermal-provision folder",
      "sync",
    ]);
  });
});

describe("where another program has written an older configuration back", () => {
  it("a run with nothing to do and status say so, name the remedy, and change nothing", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    await camera.run();
    const before = textsIn(camera);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "nothing_to_do", exitStatus: 0, camera: { state: "not provisioned" } });
    expect(outcome.warnings.map(({ code }) => code)).toEqual(["CREDENTIALS_GONE"]);
    expect(outcome.warnings[0]?.message).toContain(camera.simulator.devices[0]?.name);
    const inspection = await inspect({ directory: camera.directory });
    expect(inspection.warnings).toEqual(outcome.warnings);
    expect(JSON.stringify([outcome, inspection])).not.toContain(token);
    expect(textsIn(camera)).toEqual(before);
  });

  it("the credentials are put back into the configuration of now, with a backup, once the server accepts them", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    const edited = someConfig.replace('"palette": "iron"', '"palette": "rainbow" // since then');
    camera.write("thermal_config.json", edited);
    const restored = await again(camera);
    expect(restored).toMatchObject({ name: record, answer: "accepted" });
    expect(camera.token).toBe(token);
    expect(camera.read("thermal_config.json")).toContain('"palette": "rainbow", // since then');
    expect(camera.read("thermal_config.json")).toContain('{ "name": "bearing", "x": 10, "y": 20 }, // the hot one');
    expect(readFileSync(restored.backup ?? "", "utf8")).toBe(edited);
    expect(camera.simulator.devices).toHaveLength(1);
    expect(await camera.run()).toMatchObject({
      result: "nothing_to_do",
      warnings: [],
      camera: { state: "provisioned" },
    });
    expect(await again(camera)).toMatchObject({ answer: "accepted", backup: undefined });
  });

  it("gives back a configuration that is gone altogether", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    camera.remove("thermal_config.json");
    expect(await codes(camera)).toEqual(["CREDENTIALS_GONE"]);
    expect(await again(camera)).toMatchObject({ answer: "accepted", backup: undefined });
    expect(camera.token).toBe(token);
    expect(statSync(join(camera.directory, "thermal_config.json")).mode & 0o777).toBe(0o600);
  });

  it("knows the sections of a former provisioning, and takes out what does not belong to the last one", async () => {
    await using camera = await Camera.start();
    const clock = (time: string) => ({ ...hurriedClock, now: () => new Date(time) });
    await camera.run({ clock: clock("2026-10-23T14:30:00Z") });
    const former = camera.read("thermal_config.json");
    camera.write("provision.txt", "");
    await camera.run({ newIdentity: true, clock: clock("2026-10-24T14:30:00Z") });
    const last = camera.read("thermal_config.json");
    camera.write("thermal_config.json", former.replace('"server": {', '"server": { "server_name": "an older one",'));
    expect(await codes(camera)).toEqual(["CREDENTIALS_GONE"]);
    expect((await again(camera)).answer).toBe("accepted");
    expect(Function(`return ${camera.read("thermal_config.json")}`)()).toEqual(Function(`return ${last}`)());
  });

  it("a trigger makes another device, as always, and the run says first what could be put back", async () => {
    const { camera } = await robbed();
    await using _ = camera;
    camera.write("provision.txt", "");
    const planned = await dryRun({ directory: camera.directory });
    expect(planned.warnings[0]?.code).toBe("CREDENTIALS_GONE");
    const outcome = await camera.run();
    expect(outcome.result).toBe("provisioned");
    expect(outcome.warnings.map(({ code }) => code)).toContain("CREDENTIALS_GONE");
    expect(kept(camera).device.access_token).toBe(camera.token);
    expect(await codes(camera)).toEqual([]);
  });

  it("nothing is put back that the server refuses, unless by force", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    camera.simulator.removeDevice(camera.simulator.devices[0] ?? "");
    const before = textsIn(camera);
    await expect(again(camera)).rejects.toMatchObject({ errorCode: "GIVEN_CREDENTIALS_REFUSED", exitStatus: 77 });
    expect(textsIn(camera)).toEqual(before);
    expect((await again(camera, { force: true })).answer).toBe("refused");
    expect(camera.token).toBe(token);
  });

  it("nothing is put back while the server does not answer, unless by force", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    await camera.simulator.close();
    const before = textsIn(camera);
    await expect(again(camera)).rejects.toMatchObject({ exitStatus: 75 });
    expect(textsIn(camera)).toEqual(before);
    expect((await again(camera, { force: true })).answer).toBe("no answer");
    expect(camera.token).toBe(token);
  });

  it("nothing is put back on another board, unless by force", async () => {
    await using camera = await Camera.start();
    const bodies = ["first", "second"].map((name) => join(camera.directory, name));
    for (const path of bodies) writeFileSync(path, `serial number of ${path}\0`);
    const [first = "", second = ""] = bodies;
    await camera.run({ bodyFile: first });
    camera.write("thermal_config.json", someConfig);
    await expect(again(camera, { bodyFile: second })).rejects.toMatchObject({
      errorCode: "OTHER_BODY",
      exitStatus: 78,
    });
    expect(camera.read("thermal_config.json")).toBe(someConfig);
    expect((await again(camera, { bodyFile: first })).answer).toBe("accepted");
  });

  it("a damaged configuration is not touched: only its backups help there", async () => {
    const { camera } = await robbed();
    await using _ = camera;
    camera.write("thermal_config.json", "{ half a");
    expect(await codes(camera)).toEqual([]);
    await expect(again(camera, { force: true })).rejects.toMatchObject({ errorCode: "CONFIG_FILE_INVALID" });
    expect(camera.read("thermal_config.json")).toBe("{ half a");
  });

  it("reset neither touches the record nor makes a camera believe that it has lost anything", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const before = kept(camera);
    camera.write("provision.txt", "");
    camera.credentials({ provision_device_key: "anotherKey0123456789" });
    expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77 });
    expect(camera.journal).toEqual(["127.0.0.1/intent-1.json", "127.0.0.1/sent-1.json"]);
    camera.remove("provision.txt");
    expect(await reset({ directory: camera.directory })).toHaveLength(1);
    expect(await camera.run()).toMatchObject({
      result: "nothing_to_do",
      warnings: [],
      camera: { state: "provisioned" },
    });
    expect(kept(camera)).toEqual(before);
  });
});

describe("what somebody meant is not taken for a loss", () => {
  it("other credentials by hand in the same provisioning, and a newer provisioning without a record", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const config = camera.read("thermal_config.json");
    const { attempt_id, provisioned_at } = kept(camera).provisioning;
    const byHand = config.replace(camera.token ?? "", "typedByHand");
    const newer = byHand.replace(attempt_id, "a newer one").replace(provisioned_at, "2199-01-01T00:00:00Z");
    for (const text of [byHand, newer]) {
      camera.write("thermal_config.json", text);
      expect(await codes(camera)).toEqual([]);
      expect(await camera.run()).toMatchObject({ result: "nothing_to_do", warnings: [] });
    }
    await expect(again(camera)).rejects.toMatchObject({ errorCode: "BACKUP_UNUSABLE", exitStatus: 78 });
    expect(camera.read("thermal_config.json")).toBe(newer);
    camera.write("thermal_config.json", byHand);
    expect((await again(camera)).answer).toBe("accepted");
    expect(camera.read("thermal_config.json")).toBe(config);
  });
});

const isRoot = process.getuid?.() === 0;

/** What may lie in the record's place, by its name. */
const planted: Readonly<Record<string, (path: string, whole: string) => void>> = {
  "a symbolic link to a whole record": (path, whole) => {
    writeFileSync(`${path}.elsewhere`, whole);
    symlinkSync(`${path}.elsewhere`, path);
  },
  "a large file": (path) => writeFileSync(path, Buffer.alloc(70_000, " ")),
  "a torn record": (path, whole) => writeFileSync(path, whole.slice(0, 200)),
  "a record of zeros": (path, whole) => writeFileSync(path, Buffer.alloc(whole.length)),
  "a record with another token": (path, whole) =>
    writeFileSync(path, whole.replace('"access_token":"', '"access_token":"x')),
  "a record of a newer version": (path, whole) => writeFileSync(path, whole.replace('"version":1', '"version":2')),
  "nothing but an empty file": (path) => writeFileSync(path, ""),
  "a record that everybody may write": (path, whole) => {
    writeFileSync(path, whole);
    chmodSync(path, 0o666);
  },
  ...(isRoot
    ? {
        "a record of another user": (path: string, whole: string) => {
          writeFileSync(path, whole, { mode: 0o600 });
          chownSync(path, 4000, 4000);
        },
      }
    : {}),
};

describe("a record that cannot be believed is no record, and the next success makes it again", () => {
  it.each(Object.entries(planted))("%s", async (_, plant) => {
    await using camera = await Camera.start();
    await camera.run();
    const { token } = camera;
    const whole = camera.read(record);
    camera.remove(record);
    plant(join(camera.directory, record), whole);
    camera.write("thermal_config.json", someConfig);
    expect(await codes(camera)).toEqual([]);
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do", warnings: [] });
    await expect(again(camera)).rejects.toMatchObject({ exitStatus: 78 });
    expect(camera.read("thermal_config.json")).toBe(someConfig);

    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).not.toBe(token);
    expect(kept(camera).device.access_token).toBe(camera.token);
    const { mode } = statSync(join(camera.directory, record));
    expect(mode & 0o777).toBe(0o600);
  });

  it("a folder is in the way of the record, not of the provisioning", async () => {
    await using camera = await Camera.start();
    mkdirSync(join(camera.directory, record), { recursive: true, mode: 0o700 });
    writeFileSync(join(camera.directory, record, "of others"), "");
    chmodSync(join(camera.directory, ".thermal-provision"), 0o700);
    const outcome = await camera.run();
    expect(outcome.result).toBe("provisioned");
    expect(outcome.warnings.map(({ code }) => code)).toContain("LAST_SUCCESS_NOT_KEPT");
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
    await expect(again(camera)).rejects.toMatchObject({ errorCode: "BACKUP_UNUSABLE" });
  });
});

/** The real file system, whose `nth` call for the record fails, and whether it came to that. */
function failingForRecord(nth: number): { readonly files: FileSystem; readonly hasFailed: () => boolean } {
  const handles = new Set<unknown>();
  let count = 0;
  const files = watched(nodeFileSystem, (call, ...args) => {
    const isIts = args.some((arg) => handles.has(arg) || String(arg).includes("last-success.json"));
    if (isIts && call !== "close" && call !== "unlink" && ++count === nth) throw systemError("EIO", call);
  });
  const open: FileSystem["open"] = (path, ...rest) => {
    const handle = files.open(path, ...rest);
    if (path.includes("last-success.json")) handles.add(handle);
    else handles.delete(handle);
    return handle;
  };
  return { files: { ...files, open }, hasFailed: () => count >= nth };
}

describe("a disk that fails, or a process that is killed, while the record is written", () => {
  it("a failure is a warning: the camera is provisioned all the same, and nothing is left over", async () => {
    let told = 0;
    for (let nth = 1; ; nth++) {
      await using camera = await Camera.start();
      const { files, hasFailed } = failingForRecord(nth);
      const outcome = await camera.run({ files });
      expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0 });
      expect(camera.tokensOnServer).toEqual([camera.token]);
      expect(camera.has("provision.txt.processed")).toBe(true);
      expect(camera.journal).toEqual([]);
      expect(readdirSync(join(camera.directory, ".thermal-provision")).filter((name) => name.endsWith(".tmp"))).toEqual(
        [],
      );
      if (!hasFailed()) break;
      if (outcome.warnings.some(({ code }) => code === "LAST_SUCCESS_NOT_KEPT")) told++;
    }
    expect(told).toBeGreaterThan(6);
  });

  it("the next run finishes what was cut off, and the record with it", async () => {
    await using measured = await Camera.start();
    const { files, calls } = recorded();
    await measured.run({ files });
    const begun = calls.indexOf("open .last-success.json.*.tmp create");
    const done = calls.indexOf("rename provision.txt provision.txt.processed");
    for (let step = begun + 1; step <= done + 1; step++) {
      await using camera = await Camera.start();
      const lockless: FileSystem = { ...nodeFileSystem, lock: async () => "unavailable" };
      await camera.run({ files: killedAtStep(step, lockless) });
      const { token } = camera;
      expect(camera.tokensOnServer).toEqual([token]);
      expect(await codes(camera)).toEqual([]);
      expect(await camera.run()).toMatchObject({ result: "provisioned" });
      expect(kept(camera).device.access_token).toBe(token);
      expect(readdirSync(join(camera.directory, ".thermal-provision"))).toEqual(["last-success.json"]);
    }
  });

  it("putting back leaves the one configuration or the other, whole, and the next one succeeds", async () => {
    const { camera, token } = await robbed();
    await using _ = camera;
    const lockless: FileSystem = { ...nodeFileSystem, lock: async () => "unavailable" };
    const { files, calls } = recorded(lockless);
    const before = camera.read(record);
    await again(camera, { files });
    const whole = camera.read("thermal_config.json");
    for (const wrap of [killedAtStep, (step: number, fs: FileSystem) => failingAtStep(step, "EIO", fs)]) {
      for (let step = 1; step <= calls.length; step++) {
        camera.write("thermal_config.json", someConfig);
        await again(camera, { files: wrap(step, lockless) }).catch(() => {});
        const now = camera.read("thermal_config.json");
        expect([someConfig, whole]).toContain(now);
        if (now === whole)
          expect((await listOfBackups({ directory: camera.directory })).map(({ text }) => text)).toContain(someConfig);
        expect(camera.read(record)).toBe(before);
      }
    }
    await again(camera);
    expect(camera.token).toBe(token);
  }, 60_000);

  it("what was left of a record is taken away by a run with nothing to do", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const left = join(camera.directory, ".thermal-provision", ".last-success.json.0123456789abcdef.tmp");
    writeFileSync(left, "half a", { mode: 0o600 });
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
    expect(readdirSync(join(camera.directory, ".thermal-provision"))).toEqual(["last-success.json"]);
    rmSync(left, { force: true });
  });
});
