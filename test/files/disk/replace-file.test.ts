import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile, replaceFileLoosely } from "../../../src/files/disk/durable-files.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { privateRights, rightsOf } from "../../../src/files/disk/rights.ts";
import { cameraFolder, filesIn, namesIn } from "../camera-folder.ts";
import { failingAt, failingAtStep, Killed, killedAtStep, recorded, systemError } from "./watched-file-system.ts";

const text = (content: string) => new TextEncoder().encode(content);
const options = { rights: privateRights };

describe("replacing a file", () => {
  it("makes these calls in this order", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const { files, calls, openHandles } = recorded();
    replaceFile(files, join(directory, "config.json"), text("new"), options);
    const folder = directory.split("/").at(-1);
    expect(calls).toEqual([
      "open .config.json.*.tmp create",
      "stat",
      "write",
      "stat",
      "sync",
      "rename .config.json.*.tmp config.json",
      "sync",
      `open ${folder} folder`,
      "sync",
      "close",
      "close",
    ]);
    expect(openHandles()).toBe(0);
    expect(filesIn(directory)).toEqual({ "config.json": "new" });
  });

  it("names the temporary file by chance that is given to it", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const opened: string[] = [];
    const files: FileSystem = {
      ...nodeFileSystem,
      random: (count) => new Uint8Array(count).fill(0x0f),
      open(path, ...others) {
        opened.push(path);
        return nodeFileSystem.open(path, ...others);
      },
    };
    replaceFile(files, join(directory, "config.json"), text("new"), options);
    expect(opened).toEqual([join(directory, ".config.json.0f0f0f0f0f0f0f0f.tmp"), directory]);
  });

  it("syncs the file itself, before and after the rename, and then its folder", () => {
    const path = join(cameraFolder({ "config.json": "old" }), "config.json");
    const synced: string[] = [];
    const files: FileSystem = {
      ...nodeFileSystem,
      sync(handle) {
        synced.push(nodeFileSystem.stat(handle).kind === "folder" ? "folder" : readFileSync(path, "utf8"));
        nodeFileSystem.sync(handle);
      },
    };
    replaceFile(files, path, text("new"), options);
    expect(synced).toEqual(["old", "new", "folder"]);
  });

  for (const call of ["open", "stat", "write", "sync", "rename"] as const) {
    it(`leaves the old file and nothing else when ${call} fails`, () => {
      const directory = cameraFolder({ "config.json": "old" });
      const { files, openHandles } = recorded(failingAt(call, "EIO", 1));
      expect(() => replaceFile(files, join(directory, "config.json"), text("new"), options)).toThrow(
        `injected, ${call}`,
      );
      expect(filesIn(directory)).toEqual({ "config.json": "old" });
      expect(openHandles()).toBe(0);
    });
  }

  for (const [what, nth] of [
    ["the file", 2],
    ["the folder", 3],
  ] as const) {
    it(`fails when the sync of ${what} after the rename fails, and undoes nothing`, () => {
      const directory = cameraFolder({ "config.json": "old" });
      const files = failingAt("sync", "EIO", nth);
      expect(() => replaceFile(files, join(directory, "config.json"), text("new"), options)).toThrow("injected, sync");
      expect(filesIn(directory)).toEqual({ "config.json": "new" });
    });
  }

  it("never repeats a failed sync on the same descriptor", () => {
    const path = join(cameraFolder({ "config.json": "old" }), "config.json");
    const { files, calls } = recorded(failingAt("sync", "EIO", 1));
    expect(() => replaceFile(files, path, text("new"), options)).toThrow("EIO");
    expect(calls.filter((call) => call === "sync")).toHaveLength(1);
  });

  it("throws the first failure, not that of the cleaning up", () => {
    const path = join(cameraFolder({ "config.json": "old" }), "config.json");
    const files = failingAt(
      "unlink",
      "EPERM",
      undefined,
      failingAt("close", "EIO", undefined, failingAt("write", "ENOSPC")),
    );
    expect(() => replaceFile(files, path, text("new"), options)).toThrow("ENOSPC");
  });

  it("writes on until everything is written, however little the disk takes at a time", () => {
    const directory = cameraFolder();
    const files: FileSystem = {
      ...nodeFileSystem,
      write: (handle, bytes, position) => nodeFileSystem.write(handle, bytes.subarray(0, 3), position),
    };
    replaceFile(files, join(directory, "config.json"), text("a longer text"), options);
    expect(filesIn(directory)).toEqual({ "config.json": "a longer text" });
  });

  it("notices a disk that becomes full after the first part", () => {
    const directory = cameraFolder({ "config.json": "old" });
    let first = true;
    const files: FileSystem = {
      ...nodeFileSystem,
      write(handle, bytes, position) {
        if (!first) throw systemError("ENOSPC", "write");
        first = false;
        return nodeFileSystem.write(handle, bytes.subarray(0, 2), position);
      },
    };
    expect(() => replaceFile(files, join(directory, "config.json"), text("new text"), options)).toThrow("ENOSPC");
    expect(filesIn(directory)).toEqual({ "config.json": "old" });
  });

  it("notices a disk that takes nothing and reports nothing", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const files: FileSystem = { ...nodeFileSystem, write: () => 0 };
    expect(() => replaceFile(files, join(directory, "config.json"), text("new"), options)).toThrow(
      expect.objectContaining({ errorCode: "FILE_IO", message: expect.stringContaining("takes no more") }),
    );
    expect(filesIn(directory)).toEqual({ "config.json": "old" });
  });

  it("notices a disk that says it wrote what it did not", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const files: FileSystem = { ...nodeFileSystem, write: (_, bytes) => bytes.byteLength };
    expect(() => replaceFile(files, join(directory, "config.json"), text("new"), options)).toThrow(
      expect.objectContaining({ errorCode: "FILE_IO", message: expect.stringContaining("another size") }),
    );
    expect(filesIn(directory)).toEqual({ "config.json": "old" });
  });

  it("is private from the first byte on, whatever the mode will be", () => {
    const directory = cameraFolder({ "config.json": "old" });
    chmodSync(join(directory, "config.json"), 0o644);
    const modes: number[] = [];
    const files: FileSystem = {
      ...nodeFileSystem,
      open(path, access, mode) {
        const handle = nodeFileSystem.open(path, access, mode);
        if (access === "create") modes.push(nodeFileSystem.stat(handle).mode);
        return handle;
      },
    };
    const rights = rightsOf(nodeFileSystem.lstat(join(directory, "config.json")));
    replaceFile(files, join(directory, "config.json"), text("new"), { rights });
    expect(modes).toEqual([0o600]);
    expect(statSync(join(directory, "config.json")).mode & 0o777).toBe(0o644);
  });

  it("gives a file to its former owner before others may read it, and fails where it may not", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const { files, calls } = recorded({ ...nodeFileSystem, chown: () => {} });
    const rights = { mode: 0o640, owner: 12345, group: 54321 };
    replaceFile(files, join(directory, "config.json"), text("new"), { rights });
    expect(calls.filter((call) => /^(chown|chmod|write)/.test(call))).toEqual(["chown", "chmod", "write"]);
    const refused = failingAt("chown", "EPERM");
    expect(() => replaceFile(refused, join(directory, "config.json"), text("newer"), { rights })).toThrow("EPERM");
    expect(filesIn(directory)).toEqual({ "config.json": "new" });
  });

  it("gives up without a trace when it is not wanted any more", () => {
    const directory = cameraFolder({ "config.json": "old" });
    const { files, openHandles } = recorded();
    const stillWanted = () => {
      expect(namesIn(directory)).toHaveLength(2);
      return false;
    };
    expect(replaceFile(files, join(directory, "config.json"), text("new"), { ...options, stillWanted })).toBe(false);
    expect(filesIn(directory)).toEqual({ "config.json": "old" });
    expect(openHandles()).toBe(0);
  });

  it("shows the old or the new text, whole, whenever the process is killed or a call fails", () => {
    for (let step = 1; step <= 11; step++) {
      for (const files of [killedAtStep(step), failingAtStep(step, "EIO")]) {
        const directory = cameraFolder({ "config.json": "old" });
        try {
          replaceFile(files, join(directory, "config.json"), text("new"), options);
        } catch (error) {
          expect(error instanceof Killed || String(error).includes("injected")).toBe(true);
        }
        expect(readFileSync(join(directory, "config.json"), "utf8")).toMatch(/^(old|new)$/);
      }
    }
  });

  it("does not follow a link that stands in the file's place", () => {
    const directory = cameraFolder({ victim: "untouched" });
    symlinkSync(join(directory, "victim"), join(directory, "config.json"));
    replaceFile(nodeFileSystem, join(directory, "config.json"), text("new"), options);
    expect(filesIn(directory)).toEqual({ "config.json": "new", victim: "untouched" });
  });

  it("is done without any sync where losing the file loses nothing", () => {
    const directory = cameraFolder();
    writeFileSync(join(directory, "status.json"), "old");
    const { files, calls } = recorded();
    replaceFileLoosely(files, join(directory, "status.json"), text("new"), { mode: 0o644 });
    expect(calls).not.toContain("sync");
    expect(filesIn(directory)).toEqual({ "status.json": "new" });
    expect(statSync(join(directory, "status.json")).mode & 0o777).toBe(0o644);
  });
});
