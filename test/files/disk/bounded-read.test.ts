import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBounded } from "../../../src/files/disk/bounded-read.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { cameraFolder } from "../camera-folder.ts";
import { failingAt, recorded } from "./watched-file-system.ts";

const refusal = (found: string, expected = "a regular file") => ({ kind: "refused", found, expected });

describe("reading a file of bounded size", () => {
  it("gives the bytes and the attributes", () => {
    const path = join(cameraFolder({ file: "content" }), "file");
    const { files, openHandles } = recorded();
    const reading = readBounded(files, path, 1024);
    expect(reading).toMatchObject({ kind: "read", attributes: { kind: "file", size: 7, mode: 0o600 } });
    if (reading.kind === "read") expect(new TextDecoder().decode(reading.bytes)).toBe("content");
    expect(openHandles()).toBe(0);
  });

  it("takes a file of exactly the limit, and none that is a byte larger", () => {
    const directory = cameraFolder({ fits: "x".repeat(2048), large: "x".repeat(2049) });
    expect(readBounded(nodeFileSystem, join(directory, "fits"), 2048)).toMatchObject({ kind: "read" });
    const byte = readBounded(nodeFileSystem, join(cameraFolder({ byte: "x" }), "byte"), 1);
    expect(byte).toMatchObject({ kind: "read", bytes: Uint8Array.of(0x78) });
    expect(readBounded(nodeFileSystem, join(directory, "large"), 2048)).toEqual(
      refusal("a larger file", "at most 2 KiB"),
    );
  });

  it("does not even open a file that is too large", () => {
    const path = join(cameraFolder({ large: "x".repeat(2_000_000) }), "large");
    const { files, calls } = recorded();
    readBounded(files, path, 1024);
    expect(calls).toEqual(["lstat large"]);
  });

  it("stops at the limit when a file grows while it is read", () => {
    const path = join(cameraFolder({ file: "x" }), "file");
    const endless: FileSystem = { ...nodeFileSystem, read: (_, into) => into.fill(0x78).byteLength };
    expect(readBounded(endless, path, 10_240)).toEqual(refusal("a larger file", "at most 10 KiB"));
  });

  it("reads a file of /proc, whose size is said to be 0, and one that comes in small pieces", () => {
    expect(readBounded(nodeFileSystem, "/proc/self/status", 65_536)).toMatchObject({ kind: "read" });
    const path = join(cameraFolder({ file: "0123456789".repeat(1000) }), "file");
    const slow: FileSystem = {
      ...nodeFileSystem,
      read: (handle, into, position) => nodeFileSystem.read(handle, into.subarray(0, 7), position),
    };
    const reading = readBounded(slow, path, 65_536);
    if (reading.kind === "read") expect(new TextDecoder().decode(reading.bytes)).toBe("0123456789".repeat(1000));
    expect(reading.kind).toBe("read");
  });

  it("tells absent from refused", () => {
    const directory = cameraFolder();
    expect(readBounded(nodeFileSystem, join(directory, "nothing"), 1024)).toEqual({ kind: "absent" });
  });

  it("refuses a folder, a symbolic link, a pipe and a device, and does not wait for the pipe's other end", () => {
    const directory = cameraFolder({ file: "content" });
    mkdirSync(join(directory, "folder"));
    symlinkSync(join(directory, "file"), join(directory, "link"));
    expect(spawnSync("mkfifo", [join(directory, "pipe")]).status).toBe(0);
    const read = (path: string) => readBounded(nodeFileSystem, path, 1024);
    expect(read(join(directory, "folder"))).toEqual(refusal("a folder"));
    expect(read(join(directory, "link"))).toEqual(refusal("a symbolic link"));
    expect(read(join(directory, "pipe"))).toEqual(refusal("a pipe, a socket or a device"));
    expect(read("/dev/zero")).toEqual(refusal("a pipe, a socket or a device"));
  });

  it("is not deceived by something that takes the file's place between looking and opening", () => {
    const directory = cameraFolder({ file: "content" });
    symlinkSync(join(directory, "file"), join(directory, "link"));
    spawnSync("mkfifo", [join(directory, "pipe")]);
    const innocent = nodeFileSystem.lstat(join(directory, "file"));
    const deceived: FileSystem = { ...nodeFileSystem, lstat: () => innocent };
    expect(readBounded(deceived, join(directory, "link"), 1024)).toEqual(refusal("a symbolic link"));
    expect(readBounded(deceived, join(directory, "pipe"), 1024)).toEqual(refusal("a pipe, a socket or a device"));
    expect(readBounded(deceived, join(directory, "gone"), 1024)).toEqual({ kind: "absent" });
  });

  it("refuses a file that this user may not read, and passes on what the disk reports", () => {
    const path = join(cameraFolder({ file: "content" }), "file");
    const user = nodeFileSystem.user();
    const found = `a file of user ${user}, mode ${(statSync(path).mode & 0o777).toString(8)}, that this user (${user}) may not read`;
    const notPermitted = refusal(found, "one that it may");
    expect(readBounded(failingAt("open", "EACCES"), path, 1024)).toEqual(notPermitted);
    expect(readBounded(failingAt("open", "EPERM"), path, 1024)).toEqual(notPermitted);
    for (const call of ["lstat", "open", "stat", "read"] as const) {
      const { files, openHandles } = recorded(failingAt(call, "EIO"));
      expect(() => readBounded(files, path, 1024)).toThrow(`injected, ${call}`);
      expect(openHandles()).toBe(0);
    }
  });
});
