import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import type { ProvisionOptions } from "../../src/index.ts";
import { failingAt, Killed, watched } from "../files/disk/watched-file-system.ts";
import { Camera } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const day = 24 * 60 * 60;
const today = Date.parse("2027-06-01T12:00:00Z") / 1000;
const backup = (secondsOrName: number | string) => `thermal_config.json.backup.${secondsOrName}`;
const aside = (moment: string) => `.thermal-provision/tb.example@${moment}`;

const recent = backup(today - 10 * day);
const newer = backup(today - 89 * day);
const older = backup(today - 91 * day);
const oldest = backup(today - 300 * day);
const asideOld = aside("20270301T000000Z");
const asideNew = aside("20270520T000000Z");

const at = (seconds: number): ProvisionOptions => ({
  clock: { ...hurriedClock, now: () => new Date(seconds * 1000) },
});

/** A camera that was provisioned, and which has former credentials besides. */
async function provisioned(names: readonly string[]): Promise<Camera> {
  const camera = await Camera.start();
  await camera.run(at(today));
  camera.remove(backup(today));
  return lay(camera, names);
}

function lay(camera: Camera, names: readonly string[]): Camera {
  for (const name of names) {
    if (!name.includes("@")) {
      camera.write(name, "{}");
      continue;
    }
    const folder = join(camera.directory, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const file of ["intent-1.json", "received-1.json"]) writeFileSync(join(folder, file), "{}", { mode: 0o600 });
  }
  return camera;
}

const left = (camera: Camera, names: readonly string[]) => names.filter((name) => camera.has(name));
const warnings = (outcome: Awaited<ReturnType<Camera["run"]>>) => outcome.warnings.map(({ code }) => code);

describe("former credentials that are older than 90 days", () => {
  const all = [recent, newer, older, oldest, asideOld, asideNew];

  it("are removed by a start that has nothing else to do, which says so, and then does nothing", async () => {
    await using camera = await provisioned(all);
    const outcome = await camera.run(at(today));
    expect(outcome).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
    expect(outcome.warnings).toEqual([
      expect.objectContaining({
        code: "OLD_CREDENTIALS_REMOVED",
        message: expect.stringContaining("Of the configuration: 2; of what was put aside: 1."),
      }),
    ]);
    expect(left(camera, all)).toEqual([recent, newer, asideNew]);
    const calls: string[] = [];
    const again = await camera.run({ ...at(today), files: watched(nodeFileSystem, (call) => void calls.push(call)) });
    expect(again.warnings).toEqual([]);
    expect(
      calls.filter((each) => ["unlink", "removeFolder", "rename", "link", "write", "sync"].includes(each)),
    ).toEqual([]);
  });

  it("are removed after a provisioning that was proved", async () => {
    await using camera = await Camera.start();
    lay(camera, all);
    const outcome = await camera.run(at(today));
    expect(outcome.result).toBe("provisioned");
    expect(warnings(outcome)).toContain("OLD_CREDENTIALS_REMOVED");
    expect(left(camera, all)).toEqual([recent, newer, asideNew]);
  });

  it("stay where the provisioning is not proved", async () => {
    await using camera = await Camera.start({
      scenario: [
        { on: "request", nth: "every", do: "lose" },
        { on: "probe", nth: "every", do: "code", code: 3 },
      ],
    });
    lay(camera, all);
    expect(await camera.run(at(today))).toMatchObject({ result: "failed" });
    expect(left(camera, all)).toEqual(all);
  });

  it("stay, of what was put aside, on a camera without credentials: it may be all that is known of a device", async () => {
    await using camera = await Camera.start();
    camera.remove("provision.txt");
    lay(camera, all);
    await camera.run(at(today));
    expect(left(camera, all)).toEqual([recent, newer, asideOld, asideNew]);
  });

  it("stay, as far as they are the newest backup or of another name", async () => {
    const others = [backup("old"), `${oldest}.gz`, "x.json"];
    await using camera = await provisioned([older, oldest, ...others]);
    await camera.run(at(today));
    expect(left(camera, [older, oldest, ...others])).toEqual([older, ...others]);
  });

  it("are those too that lie below one, with a number from a clock that was not set", async () => {
    const unset = backup(12_345);
    await using camera = await provisioned([recent, older, unset]);
    await camera.run(at(today));
    expect(left(camera, [recent, older, unset])).toEqual([recent]);
  });

  it.each([
    ["1970", 4711],
    ["2025, before this program was released", Date.parse("2025-12-31T23:59:59Z") / 1000],
    ["2099", Date.parse("2099-12-31T00:00:00Z") / 1000],
  ])("are not known to a clock that says %s: all of them stay", async (_, now) => {
    await using camera = await provisioned(all);
    expect(warnings(await camera.run(at(now)))).not.toContain("OLD_CREDENTIALS_REMOVED");
    expect(left(camera, all)).toEqual(all);
  });

  it.each([
    ["1970", [backup(4711), backup(9000)], aside("19700101T000000Z")],
    ["2099", [backup(4_102_358_400), backup(4_102_358_401)], aside("20991231T000000Z")],
  ])("are not those alone that a clock of %s has dated", async (_, backups, place) => {
    await using camera = await provisioned([...backups, place]);
    await camera.run(at(today));
    expect(left(camera, [...backups, place])).toEqual([...backups, place]);
  });

  it("are removed by the next start when a run is killed ahead of any change of a name, and nothing else is", async () => {
    let kills = 0;
    for (let nth = 1; ; nth++) {
      await using camera = await provisioned(all);
      let seen = 0;
      const files = watched(nodeFileSystem, (call) => {
        if (call !== "unlink" && call !== "removeFolder") return;
        seen++;
        if (seen >= nth) throw new Killed();
      });
      await camera.run({ ...at(today), files }).catch(() => {});
      if (seen < nth) break;
      kills++;
      expect(left(camera, [recent, newer, asideNew])).toEqual([recent, newer, asideNew]);
      await camera.run(at(today));
      expect(left(camera, all)).toEqual([recent, newer, asideNew]);
      expect(await camera.run(at(today))).toMatchObject({ result: "nothing_to_do", warnings: [] });
    }
    expect(kills).toBeGreaterThan(4);
  });

  it("that cannot be removed hinder nobody", async () => {
    await using camera = await provisioned(all);
    const outcome = await camera.run({ ...at(today), files: failingAt("unlink", "EPERM") });
    expect(outcome).toMatchObject({ result: "nothing_to_do", exitStatus: 0, warnings: [] });
    expect(left(camera, all)).toEqual(all);
  });
});
