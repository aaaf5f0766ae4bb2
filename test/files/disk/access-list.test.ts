import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { commit } from "../../../src/files/commit.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { accessListOf } from "../../../src/files/disk/kernel-access-list.ts";
import { readAccessList } from "../../../src/files/disk/rights.ts";
import { checkSuitability } from "../../../src/files/suitability.ts";
import { cameraFolder } from "../camera-folder.ts";
import { change, host, now, nowInSeconds } from "../sample.ts";
import { failingAt, recorded, unsynced, watched } from "./watched-file-system.ts";
import { withoutPrograms } from "./without-programs.ts";

function folderWith(mode: number): string {
  const directory = cameraFolder({ "thermal_config.json": "{}", "provision.txt": "" });
  chmodSync(join(directory, "thermal_config.json"), mode);
  return directory;
}

describe("the access list of a configuration", () => {
  it("is not asked for where it could grant nothing, or there is no configuration", async () => {
    const { files, calls } = recorded();
    for (const directory of [folderWith(0o604), cameraFolder()]) {
      expect(await readAccessList(files, directory)).toBeUndefined();
    }
    expect(calls).not.toContain("accessList");
  });

  it("is given to the trial file, the backup and the new configuration before a byte is in them", async () => {
    const directory = folderWith(0o640);
    const given: (readonly [size: number, mode: number])[] = [];
    const applyTo = (file: number) => {
      const { size, mode } = nodeFileSystem.stat(file);
      given.push([size, mode]);
      nodeFileSystem.chmod(file, 0o640);
    };
    const files: FileSystem = { ...unsynced, accessList: async () => ({ applyTo }) };
    const accessList = await readAccessList(files, directory);
    checkSuitability(files, directory, { strictFiles: false, accessList });
    commit(files, directory, { change, host, now, accessList });
    // The file's own group may read nothing before the list says so.
    expect(given).toEqual([
      [1, 0o600],
      [0, 0o600],
      [0, 0o600],
    ]);
    for (const name of ["thermal_config.json", `thermal_config.json.backup.${nowInSeconds}`]) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o640);
    }
  });

  it("that cannot be asked for is an error of the disk", async () => {
    const files: FileSystem = {
      ...nodeFileSystem,
      accessList: () => Promise.reject(Object.assign(new Error("EIO"), { code: "EIO", errno: -5 })),
    };
    const { files: recording, openHandles } = recorded(files);
    await expect(readAccessList(recording, folderWith(0o640))).rejects.toMatchObject({
      errorCode: "FILE_IO",
      message: expect.stringMatching(/^reading the access list of .*\/thermal_config\.json failed: /),
    });
    expect(openHandles()).toBe(0);
  });

  it("of a configuration that cannot be looked at, or opened, ends with what was being done", async () => {
    await expect(readAccessList(failingAt("lstat", "EIO"), folderWith(0o640))).rejects.toThrow(
      /^looking at .*\/thermal_config\.json failed: /,
    );
    await expect(readAccessList(failingAt("open", "EACCES"), folderWith(0o640))).rejects.toThrow(
      /^reading .*\/thermal_config\.json failed: /,
    );
  });

  it("is read from the file itself, never through a link that has come in its place", async () => {
    const opened: unknown[] = [];
    const files = watched(nodeFileSystem, (call, _, access) => call === "open" && opened.push(access));
    await readAccessList(files, folderWith(0o640));
    expect(opened).toEqual(["read"]);
  });

  it("that cannot be given to another file ends the run before anything is sent", () => {
    const directory = folderWith(0o640);
    const accessList = {
      applyTo: () => {
        throw Object.assign(new Error("EPERM"), { code: "EPERM", errno: -1 });
      },
    };
    expect(() => checkSuitability(nodeFileSystem, directory, { strictFiles: false, accessList })).toThrow(
      expect.objectContaining({ errorCode: "PERMISSION_DENIED" }),
    );
  });
});

const hasPrograms = ["getfacl", "setfacl"].every((name) => spawnSync(name, ["--version"]).status === 0);

describe.runIf(hasPrograms)("the system's own access lists", () => {
  const listOf = (directory: string, name: string) =>
    execFileSync("getfacl", ["-cnE", name], { cwd: directory, encoding: "utf8" });

  it("are carried over to the new configuration and its backup", async () => {
    const directory = folderWith(0o600);
    execFileSync("setfacl", ["-m", "u:12345:r,g::---", "thermal_config.json"], { cwd: directory });
    const before = listOf(directory, "thermal_config.json");
    expect(before).toContain("user:12345:r--\ngroup::---\n");
    const accessList = await readAccessList(nodeFileSystem, directory);
    commit(nodeFileSystem, directory, { change, host, now, accessList });
    for (const name of ["thermal_config.json", `thermal_config.json.backup.${nowInSeconds}`]) {
      expect(listOf(directory, name)).toBe(before);
    }
  });

  it("that setfacl does not give to another file end in an error of their own", async () => {
    const directory = folderWith(0o600);
    execFileSync("setfacl", ["-m", "u:12345:r", "thermal_config.json"], { cwd: directory });
    const accessList = await readAccessList(nodeFileSystem, directory);
    withoutPrograms();
    const file = openSync(join(directory, "provision.txt"), "r+");
    onTestFinished(() => closeSync(file));
    expect(() => accessList?.applyTo(file)).toThrow(
      expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        message: "the access control list of thermal_config.json could not be given to another file (setfacl)",
      }),
    );
  });

  it("are none where the mode says everything", async () => {
    expect(await readAccessList(nodeFileSystem, folderWith(0o640))).toBeUndefined();
  });

  it("are not asked for by name, which may mean another file by now", () => {
    const directory = folderWith(0o600);
    execFileSync("setfacl", ["-m", "u:12345:r", "thermal_config.json"], { cwd: directory });
    const file = openSync(join(directory, "thermal_config.json"), "r");
    nodeFileSystem.rename(join(directory, "thermal_config.json"), join(directory, "other"));
    expect(accessListOf(file)).toBeDefined();
    closeSync(file);
  });
});
