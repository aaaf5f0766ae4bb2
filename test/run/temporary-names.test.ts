import { basename } from "node:path";
import { expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { Camera } from "../stories/camera.ts";
import { hurriedClock } from "../stories/hurried-clock.ts";

/** A backup has the moment in its name. */
const clock: Clock = { ...hurriedClock, now: () => new Date("2026-11-01T12:00:00Z") };

/** The names of the temporary files of a whole run that draws nothing but `byte`. */
async function temporaryNames(byte: number): Promise<readonly string[]> {
  await using camera = await Camera.start();
  const names = new Set<string>();
  const files: FileSystem = {
    ...nodeFileSystem,
    random: (count) => new Uint8Array(count).fill(byte),
    open(path, access, mode) {
      if (access === "create") names.add(basename(path));
      return nodeFileSystem.open(path, access, mode);
    },
  };
  expect(await camera.run({ files, clock })).toMatchObject({ result: "provisioned" });
  return [...names].filter((name) => name.endsWith(".tmp")).toSorted();
}

test("two runs with the same chance give their temporary files the same names, and one with other chance others", async () => {
  const names = await temporaryNames(0x1f);
  expect(await temporaryNames(0x1f)).toEqual(names);
  expect(names).toContain(".intent-1.json.1f1f1f1f1f1f1f1f.tmp");
  expect(names).toContain(".thermal_config.json.1f1f1f1f1f1f1f1f.tmp");
  expect(names.filter((name) => !name.endsWith(".1f1f1f1f1f1f1f1f.tmp"))).toEqual([]);
  expect(await temporaryNames(0x2e)).toEqual(names.map((name) => name.replace("1f1f1f1f1f1f1f1f", "2e2e2e2e2e2e2e2e")));
});
