import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, openSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { isLocked, takeLock } from "../../../src/files/disk/lock.ts";
import { cameraFolder } from "../camera-folder.ts";
import { failingAt, recorded, watched } from "./watched-file-system.ts";
import { withoutPrograms } from "./without-programs.ts";

const fs = nodeFileSystem;
const locked = expect.objectContaining({
  errorCode: "LOCKED",
  exitStatus: 75,
  isRetryable: true,
  message: expect.stringMatching(/^another provisioning is at work in .+; wait until it has ended$/),
});

for (const [how, prepare] of [
  ["by flock(1)", () => {}],
  ["by an abstract socket", withoutPrograms],
] as const) {
  describe(`the lock, kept ${how}`, () => {
    it("keeps a second run away until the first has ended", async () => {
      prepare();
      const directory = cameraFolder();
      const first = await takeLock(fs, directory, systemClock, "linux");
      expect(first.kept).toBe(true);
      await expect(takeLock(fs, directory, systemClock, "linux")).rejects.toThrow(locked);
      first.release();
      const second = await takeLock(fs, directory, systemClock, "linux");
      expect(second.kept).toBe(true);
      second.release();
    });

    it("can be looked at without being taken", async () => {
      prepare();
      const directory = cameraFolder();
      expect(await isLocked(fs, directory, "linux")).toBe(false);
      expect(fs.list(directory)).toEqual([]);
      const lock = await takeLock(fs, directory, systemClock, "linux");
      expect(await isLocked(fs, directory, "linux")).toBe(true);
      lock.release();
      expect(await isLocked(fs, directory, "linux")).toBe(false);
    });

    it("is one for each folder", async () => {
      prepare();
      using one = await takeLock(fs, cameraFolder(), systemClock, "linux");
      using other = await takeLock(fs, cameraFolder(), systemClock, "linux");
      expect([one.kept, other.kept]).toEqual([true, true]);
    });
  });
}

describe("the lock", () => {
  it("is given back by the kernel when its holder is killed", async () => {
    const directory = cameraFolder();
    mkdirSync(join(directory, ".thermal-provision"), { mode: 0o700 });
    const program = `
      const folder = require("node:fs").openSync(process.argv[1], "r");
      const { status } = require("node:child_process").spawnSync("flock", ["-n", "-x", "3"], { stdio: ["ignore", "ignore", "ignore", folder] });
      process.stdout.write(String(status));
      process.stdin.resume();
    `;
    const holder = spawn(process.execPath, ["-e", program, join(directory, ".thermal-provision")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void holder.kill("SIGKILL"));
    const [status]: readonly unknown[] = await once(holder.stdout, "data");
    expect(String(status)).toBe("0");
    await expect(takeLock(fs, directory, systemClock, "linux")).rejects.toThrow(locked);
    expect(await isLocked(fs, directory, "linux")).toBe(true);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    using lock = await takeLock(fs, directory, systemClock, "linux");
    expect(lock.kept).toBe(true);
  });

  it("is taken on the folder of the journal, which is made private and stays", async () => {
    const directory = cameraFolder();
    const lock = await takeLock(fs, directory, systemClock, "linux");
    lock.release();
    expect(fs.list(directory)).toEqual([".thermal-provision"]);
    expect(statSync(join(directory, ".thermal-provision")).mode & 0o777).toBe(0o700);
    chmodSync(join(directory, ".thermal-provision"), 0o755);
    (await takeLock(fs, directory, systemClock, "linux")).release();
    expect(statSync(join(directory, ".thermal-provision")).mode & 0o777).toBe(0o700);
  });

  it("is not stopped by a folder whose mode cannot be changed", async () => {
    const directory = cameraFolder();
    mkdirSync(join(directory, ".thermal-provision"), { mode: 0o755 });
    (await takeLock(failingAt("chmod", "EPERM"), directory, systemClock, "linux")).release();
  });

  it("may be released twice, and closes what it opened, also when it is refused", async () => {
    const directory = cameraFolder();
    const { files, openHandles } = recorded();
    const lock = await takeLock(files, directory, systemClock, "linux");
    await expect(takeLock(files, directory, systemClock, "linux")).rejects.toThrow(locked);
    expect(openHandles()).toBe(1);
    lock.release();
    lock.release();
    lock[Symbol.dispose]();
    expect(openHandles()).toBe(0);
    // Another file gets the same descriptor, and a late release must not close that.
    const next = openSync(directory, "r");
    lock.release();
    expect(fs.stat(next).kind).toBe("folder");
    fs.close(next);
  });

  it("forgives a status command that holds it for a moment", async () => {
    let taken = 2;
    const busy: FileSystem = { ...fs, lock: async (folder) => (taken-- > 0 ? "taken" : fs.lock(folder)) };
    using lock = await takeLock(busy, cameraFolder(), systemClock, "linux");
    expect(lock.kept).toBe(true);
  });

  it("is not to be had everywhere: then a run goes on without", async () => {
    const unavailable: FileSystem = { ...fs, lock: async () => "unavailable" };
    using one = await takeLock(unavailable, cameraFolder(), systemClock, "linux");
    using mac = await takeLock(failingAt("lock", "EIO"), cameraFolder(), systemClock, "darwin");
    expect([one.kept, mac.kept]).toEqual([false, false]);
    const held = cameraFolder({ ".thermal-provision/x": "" });
    expect(await isLocked(failingAt("isLocked", "EIO"), held, "darwin")).toBe(false);
  });

  it("is refused on Windows, and nothing is made there", async () => {
    const directory = cameraFolder();
    await expect(takeLock(fs, directory, systemClock, "win32")).rejects.toThrow(
      expect.objectContaining({
        errorCode: "PLATFORM_UNSUPPORTED",
        message: "Windows is not supported; run this on Linux",
      }),
    );
    expect(fs.list(directory)).toEqual([]);
  });

  it("says what is in its way", async () => {
    const unreadable = expect.objectContaining({
      errorCode: "JOURNAL_UNREADABLE",
      message: expect.stringContaining("/.thermal-provision is not a folder; move it away"),
    });
    await expect(takeLock(fs, cameraFolder({ ".thermal-provision": "a pid" }), systemClock, "linux")).rejects.toThrow(
      unreadable,
    );
    const planted = cameraFolder({ "elsewhere/file": "" });
    symlinkSync("elsewhere", join(planted, ".thermal-provision"));
    await expect(takeLock(fs, planted, systemClock, "linux")).rejects.toThrow(unreadable);
    expect(fs.list(join(planted, "elsewhere"))).toEqual(["file"]);
    await expect(takeLock(failingAt("makeFolder", "EROFS"), cameraFolder(), systemClock, "linux")).rejects.toThrow(
      expect.objectContaining({
        errorCode: "FOLDER_READ_ONLY",
        exitStatus: 73,
        message: expect.stringMatching(/^making .*\/\.thermal-provision failed: /),
      }),
    );
    const { files, openHandles } = recorded(failingAt("lock", "EMFILE"));
    await expect(takeLock(files, cameraFolder(), systemClock, "linux")).rejects.toThrow(
      expect.objectContaining({
        errorCode: "FILE_IO",
        message: expect.stringMatching(/^locking .*\/\.thermal-provision failed: /),
      }),
    );
    expect(openHandles()).toBe(0);
    const denied = cameraFolder({ ".thermal-provision/x": "" });
    await expect(isLocked(failingAt("open", "EACCES"), denied, "linux")).rejects.toThrow(
      expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        message: expect.stringMatching(/^looking into .*\/\.thermal-provision failed: /),
      }),
    );
    for (const code of ["ENOENT", "ENOTDIR", "ELOOP"] as const) {
      expect(await isLocked(failingAt("open", code), denied, "linux")).toBe(false);
    }
  });

  it("is looked at and taken on a folder, which is left as it is when it is private, and closed again", async () => {
    const directory = cameraFolder();
    mkdirSync(join(directory, ".thermal-provision"), { mode: 0o700 });
    const { files, calls, openHandles } = recorded();
    const opened: unknown[] = [];
    const watching = watched(files, (call, _, access) => call === "open" && opened.push(access));
    expect(await isLocked(watching, directory, "linux")).toBe(false);
    expect(openHandles()).toBe(0);
    (await takeLock(watching, directory, systemClock, "linux")).release();
    expect(openHandles()).toBe(0);
    expect(opened).toEqual(["folder-itself", "folder-itself"]);
    expect(calls).not.toContain("chmod");
  });

  it("closes its folder when that cannot be looked at", async () => {
    const { files, openHandles } = recorded(failingAt("stat", "EIO"));
    await expect(takeLock(files, cameraFolder(), systemClock, "linux")).rejects.toMatchObject({ errorCode: "FILE_IO" });
    expect(openHandles()).toBe(0);
  });

  it("is closed when the look at it fails", async () => {
    const { files, openHandles } = recorded(failingAt("isLocked", "EIO"));
    const held = cameraFolder({ ".thermal-provision/x": "" });
    await expect(isLocked(files, held, "linux")).rejects.toThrow("EIO");
    expect(openHandles()).toBe(0);
  });

  it("says so when its folder vanishes as soon as it is made", async () => {
    const vanishing: FileSystem = { ...fs, lstat: () => undefined };
    await expect(takeLock(vanishing, cameraFolder(), systemClock, "linux")).rejects.toMatchObject({
      errorCode: "JOURNAL_UNREADABLE",
    });
  });

  it("is taken by one of two that make the folder at the same moment", async () => {
    const directory = cameraFolder();
    const late: FileSystem = {
      ...fs,
      makeFolder(path, mode) {
        fs.makeFolder(path, mode);
        fs.makeFolder(path, mode);
      },
    };
    using lock = await takeLock(late, directory, systemClock, "linux");
    expect(lock.kept).toBe(true);
  });
});
