import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { backUp, backupNumber, pruneBackups } from "../../src/files/backups.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { cameraFolder, filesIn, namesIn } from "./camera-folder.ts";
import { failingAt, recorded, unsynced } from "./disk/watched-file-system.ts";
import { now, nowInSeconds } from "./sample.ts";

const fs = nodeFileSystem;
const bytes = (text: string) => new TextEncoder().encode(text);
const rights = { mode: 0o640 };
const backUpAt = (directory: string, text: string, moment: Date, files: FileSystem = fs) =>
  backUp(files, directory, bytes(text), rights, moment).split(".").at(-1);

describe("a backup", () => {
  it("has the number of seconds since 1970 in its name, and the rights of the original", () => {
    const directory = cameraFolder();
    backUp(fs, directory, bytes("old"), rights, now);
    expect(filesIn(directory)).toEqual({ [`thermal_config.json.backup.${nowInSeconds}`]: "old" });
    expect(statSync(join(directory, `thermal_config.json.backup.${nowInSeconds}`)).mode & 0o777).toBe(0o640);
  });

  it("is not made when the newest one has the same bytes; that one is synced again", () => {
    const directory = cameraFolder({ "thermal_config.json.backup.7": "same" });
    const { files, calls } = recorded();
    expect(backUpAt(directory, "same", now, files)).toBe("7");
    expect(namesIn(directory)).toEqual(["thermal_config.json.backup.7"]);
    expect(calls.filter((call) => call === "sync")).toHaveLength(2);
  });

  it("is made when only an older one has the same bytes, or the newest one begins with them", () => {
    const directory = cameraFolder({
      "thermal_config.json.backup.7": "same",
      "thermal_config.json.backup.8": "same and more",
    });
    expect(backUpAt(directory, "same", new Date(9000))).toBe("9");
  });

  it("takes the place of an empty one, as a power cut on FAT leaves it", () => {
    const directory = cameraFolder({ "thermal_config.json.backup.7": "" });
    backUp(fs, directory, bytes("old"), rights, now);
    expect(filesIn(directory)).toEqual({ [`thermal_config.json.backup.${nowInSeconds}`]: "old" });
  });

  it("never goes back when the clock does", () => {
    const directory = cameraFolder({ "thermal_config.json.backup.1698069000": "newest" });
    expect(backUpAt(directory, "newer", new Date(0))).toBe("1698069001");
    expect(backUpAt(directory, "newer still", new Date(-5))).toBe("1698069002");
    expect(backUpAt(cameraFolder(), "first", new Date(-5000))).toBe("0");
  });

  it("is given up after a hundred names that are all taken", () => {
    const { files, calls } = recorded(failingAt("link", "EEXIST", undefined, unsynced));
    expect(() => backUpAt(cameraFolder(), "old", now, files)).toThrow(
      expect.objectContaining({
        errorCode: "FILE_IO",
        message: `the names of backups from ${nowInSeconds} on are all taken`,
      }),
    );
    expect(calls.filter((call) => call.startsWith("link"))).toHaveLength(100);
  });

  it("is never written over another of the same second", () => {
    const directory = cameraFolder({ [`thermal_config.json.backup.${nowInSeconds}`]: "first" });
    expect(backUpAt(directory, "second", now)).toBe(`${nowInSeconds + 1}`);
    mkdirSync(join(directory, `thermal_config.json.backup.${nowInSeconds + 2}`));
    expect(backUpAt(directory, "third", now)).toBe(`${nowInSeconds + 3}`);
    expect(filesIn(directory)).toMatchObject({ [`thermal_config.json.backup.${nowInSeconds}`]: "first" });
  });
});

describe("pruning", () => {
  it("keeps the five newest by their numbers, not by their letters", () => {
    const numbers = [1, 9, 10, 11, 100, 1698069000, 2000000000];
    const directory = cameraFolder(
      Object.fromEntries(numbers.map((number) => [`thermal_config.json.backup.${number}`, ""])),
    );
    expect(pruneBackups(fs, directory)).toEqual([]);
    expect(
      namesIn(directory)
        .map(backupNumber)
        .sort((a, b) => Number(a) - Number(b)),
    ).toEqual([10, 11, 100, 1698069000, 2000000000]);
  });

  it("leaves names of others alone", () => {
    const others = [
      "thermal_config.json.backup",
      "thermal_config.json.backup.",
      "thermal_config.json.backup.old",
      "thermal_config.json.backup.007",
      "thermal_config.json.backup.1.gz",
      "thermal_config.json.backup.-1",
      "thermal_config.json.backup.1e3",
      "thermal_config.json.backup.1234567890123456",
      "xthermal_config.json.backup.1",
      "thermal_configXjson.backup.1",
    ];
    const ours = [1, 2, 3, 4, 5, 6].map((number) => `thermal_config.json.backup.${number}`);
    const directory = cameraFolder(Object.fromEntries([...others, ...ours].map((name) => [name, ""])));
    mkdirSync(join(directory, "thermal_config.json.backup.8"));
    symlinkSync("x", join(directory, "thermal_config.json.backup.9"));
    expect(others.filter((name) => backupNumber(name) !== undefined)).toEqual([]);
    pruneBackups(fs, directory);
    expect([...fs.list(directory)].sort()).toEqual(
      [...others, ...ours.slice(1), "thermal_config.json.backup.8", "thermal_config.json.backup.9"].sort(),
    );
  });

  it("is on the disk when it is done, and is not stopped by a backup that vanishes meanwhile", () => {
    const names = [1, 2, 3, 4, 5, 6].map((number) => `thermal_config.json.backup.${number}`);
    const directory = cameraFolder(Object.fromEntries(names.map((name) => [name, ""])));
    const vanishing: FileSystem = {
      ...fs,
      list: (path) => [...fs.list(path), "thermal_config.json.backup.7"],
    };
    const { files, calls } = recorded(vanishing);
    expect(pruneBackups(files, directory)).toEqual([]);
    expect(calls.filter((call) => /^(sync|unlink)/.test(call))).toEqual([
      "unlink thermal_config.json.backup.1",
      "sync",
    ]);
  });

  it("makes no call that is not needed", () => {
    const directory = cameraFolder({ "thermal_config.json.backup.1": "" });
    const { files, calls } = recorded();
    pruneBackups(files, directory);
    expect(calls.filter((call) => /^(sync|unlink)/.test(call))).toEqual([]);
  });
});
