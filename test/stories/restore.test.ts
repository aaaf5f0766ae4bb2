import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent } from "../../src/files/journal/journal.ts";
import { listOfBackups, restore } from "../../src/index.ts";
import { failingAtStep, killedAtStep, recorded } from "../files/disk/watched-file-system.ts";
import { intent } from "../files/sample.ts";
import { Camera, someConfig } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

/** A camera that was provisioned twice: the newest backup holds its first device. */
async function twice(): Promise<{ camera: Camera; first: string; name: string }> {
  const camera = await Camera.start();
  await camera.run();
  const first = camera.read("thermal_config.json");
  camera.write("provision.txt", "");
  await camera.run({ newIdentity: true });
  const [newest] = await listOfBackups({ directory: camera.directory });
  return { camera, first, name: newest?.name ?? "" };
}

/** Of a killed process the kernel takes the lock back; here the process goes on, so it takes none. */
const lockless: FileSystem = { ...nodeFileSystem, lock: async () => "unavailable" };

const filesOf = ({ directory }: Camera) =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(join(directory, name), "utf8")]);

describe("restore", () => {
  it("lists the backups, the newest first, with whose credentials they hold", async () => {
    const { camera, first } = await twice();
    await using _ = camera;
    const backups = await listOfBackups({ directory: camera.directory });
    expect(backups.map(({ state, text }) => [state, text])).toEqual([
      ["provisioned", first],
      ["not provisioned", someConfig],
    ]);
    expect(backups[0]?.device).toMatchObject({ deviceName: camera.simulator.devices[0]?.name });
    expect(JSON.stringify(backups[0]?.device)).not.toContain(camera.tokensOnServer[0]);
  });

  it("puts back what the server accepts, byte for byte, with a backup of what was there", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    const second = camera.read("thermal_config.json");
    const restored = await restore(name, { directory: camera.directory, clock: hurriedClock });
    expect(restored).toMatchObject({ name, answer: "accepted" });
    expect(camera.read("thermal_config.json")).toBe(first);
    expect(readFileSync(restored.backup ?? "", "utf8")).toBe(second);
    expect(camera.simulator.devices).toHaveLength(2);
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do", camera: { state: "provisioned" } });
  });

  it("puts nothing back that the server refuses, unless by force", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    camera.simulator.removeDevice(camera.simulator.devices[0] ?? "");
    const before = filesOf(camera);
    await expect(restore(name, { directory: camera.directory, clock: hurriedClock })).rejects.toMatchObject({
      errorCode: "GIVEN_CREDENTIALS_REFUSED",
      exitStatus: 77,
    });
    expect(filesOf(camera)).toEqual(before);
    const forced = await restore(name, { directory: camera.directory, clock: hurriedClock, force: true });
    expect(forced.answer).toBe("refused");
    expect(camera.read("thermal_config.json")).toBe(first);
  });

  it("changes nothing while the server does not answer, unless by force", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    await camera.simulator.close();
    const before = filesOf(camera);
    await expect(restore(name, { directory: camera.directory, clock: hurriedClock })).rejects.toMatchObject({
      exitStatus: 75,
    });
    expect(filesOf(camera)).toEqual(before);
    const forced = await restore(name, { directory: camera.directory, clock: hurriedClock, force: true });
    expect(forced.answer).toBe("no answer");
    expect(camera.read("thermal_config.json")).toBe(first);
  });

  it("mends a configuration that nobody can read any more, and keeps that text", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    camera.write("thermal_config.json", "{ half a");
    const { backup } = await restore(name, { directory: camera.directory, clock: hurriedClock });
    expect(camera.read("thermal_config.json")).toBe(first);
    expect(readFileSync(backup ?? "", "utf8")).toBe("{ half a");
  });

  it("makes the file where it is gone", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    camera.remove("thermal_config.json");
    expect(await restore(name, { directory: camera.directory, clock: hurriedClock })).toMatchObject({
      backup: undefined,
    });
    expect(camera.read("thermal_config.json")).toBe(first);
  });

  it("refuses what is no backup, and one without credentials", async () => {
    const { camera } = await twice();
    await using _ = camera;
    const { directory } = camera;
    const oldest = (await listOfBackups({ directory })).at(-1)?.name ?? "";
    writeFileSync(join(directory, "thermal_config.json.backup.7"), "{ half a");
    for (const name of [
      "provision.json",
      "../x",
      "thermal_config.json.backup.5",
      "thermal_config.json.backup.7",
      oldest,
    ]) {
      await expect(restore(name, { directory, clock: hurriedClock })).rejects.toMatchObject({
        errorCode: "BACKUP_UNUSABLE",
        exitStatus: 78,
      });
    }
    expect(await restore(oldest, { directory, clock: hurriedClock, force: true })).toMatchObject({
      answer: "not asked",
    });
    expect(camera.read("thermal_config.json")).toBe(someConfig);
  });

  it("is refused while a provisioning is unfinished", async () => {
    const { camera, name } = await twice();
    await using _ = camera;
    writeIntent(nodeFileSystem, camera.directory, intent({ host: camera.simulator.host }));
    await expect(restore(name, { directory: camera.directory, force: true })).rejects.toMatchObject({
      errorCode: "UNFINISHED_WORK",
      exitStatus: 78,
    });
  });

  it("leaves the one configuration or the other, whole, wherever it is killed or the disk fails", async () => {
    const { camera, first, name } = await twice();
    await using _ = camera;
    const { directory } = camera;
    const second = camera.read("thermal_config.json");
    const watched = recorded(lockless);
    await restore(name, { directory, clock: hurriedClock, files: watched.files });
    const steps = watched.calls.length;
    expect(steps).toBeGreaterThan(30);
    for (const wrap of [
      (step: number) => killedAtStep(step, lockless),
      (step: number) => failingAtStep(step, "EIO", lockless),
    ]) {
      for (let step = 1; step <= steps; step++) {
        camera.write("thermal_config.json", second);
        camera.write(name, first);
        await restore(name, { directory, clock: hurriedClock, files: wrap(step) }).catch(() => {});
        const now = camera.read("thermal_config.json");
        expect([first, second]).toContain(now);
        const texts = (await listOfBackups({ directory })).map(({ text }) => text);
        if (now === first) expect(texts).toContain(second);
      }
    }
  });
});
