import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { systemError, watched } from "../files/disk/watched-file-system.ts";
import { Camera, someConfig } from "./camera.ts";
import { provisionsTheSame } from "./hostile-encounter.ts";
import { isRefused } from "./hostile-input.ts";

type Failure = Parameters<typeof systemError>[0];

const changes = ["makeFolder", "removeFolder", "rename", "link", "unlink", "chmod", "chown"];

/** A disk that refuses every change, as one that is mounted read-only does; `when` it is so. */
function refusing(code: Failure, when: () => boolean = () => true): FileSystem {
  return watched(nodeFileSystem, (call, ...[, access]) => {
    const isChange = changes.includes(call) || (call === "open" && (access === "create" || access === "overwrite"));
    if (isChange && when()) throw systemError(code, call);
  });
}

/** A disk that takes names and no bytes. */
function full(code: Failure, when: () => boolean = () => true): FileSystem {
  return watched(nodeFileSystem, (call) => {
    if (call === "write" && when()) throw systemError(code, call);
  });
}

const cannotWrite = { exitStatus: 73, state: "FAILED_UPDATE" } as const;

describe("a folder that", () => {
  it("is missing is named, and not made", async () => {
    await using camera = await Camera.start();
    const directory = join(camera.directory, "nowhere");
    const says = `${directory} does not exist; check --directory`;
    await isRefused(camera, { code: "FOLDER_MISSING", says, status: false }, { directory });
  });

  it("is a file is named", async () => {
    await using camera = await Camera.start();
    const directory = join(camera.directory, "provision.txt");
    await isRefused(camera, { code: "FOLDER_MISSING", says: "is not a folder", status: false }, { directory });
  });

  it("is read-only is found out before the server is asked, and said once", async () => {
    await using camera = await Camera.start();
    const says = /mounted read-only \(EROFS\)$/;
    await isRefused(
      camera,
      { ...cannotWrite, code: "FOLDER_READ_ONLY", says, status: false },
      { files: refusing("EROFS") },
    );
    await provisions(camera);
  });

  it("belongs to another user is found out before the server is asked", async () => {
    await using camera = await Camera.start();
    const says = /this user is not permitted to \(EACCES\); \/\S+ belongs to user \d+, and this is user \d+$/;
    await isRefused(
      camera,
      { ...cannotWrite, code: "PERMISSION_DENIED", says, status: false },
      { files: refusing("EACCES") },
    );
    await provisions(camera);
  });

  it("becomes read-only once the lock is taken is found out before the server is asked, too", async () => {
    await using camera = await Camera.start();
    let locked = false;
    const files: FileSystem = {
      ...refusing("EROFS", () => locked),
      lock(folder) {
        locked = true;
        return nodeFileSystem.lock(folder);
      },
    };
    await isRefused(camera, { ...cannotWrite, code: "FOLDER_READ_ONLY", status: false }, { files });
    await provisions(camera);
  });

  it.each([
    ["ENOSPC", "the disk is full, or can hold no more files (ENOSPC)"],
    ["EDQUOT", "the user's quota is used up (EDQUOT)"],
  ] as const)("is full (%s) is found out before the server is asked", async (code, says) => {
    await using camera = await Camera.start();
    await isRefused(camera, { ...cannotWrite, code: "NO_SPACE", says, status: false }, { files: full(code) });
    await provisions(camera);
  });

  it.each([
    [{ freeBytes: 60 * 1024 }, "60 KiB are free in"],
    [{ inodes: 1000, freeInodes: 3 }, "can hold 3 more files, and 8 are needed"],
  ] as const)("says that it has no room (%o) is believed before anything is tried", async (space, says) => {
    await using camera = await Camera.start();
    const files = { ...nodeFileSystem, space: (path: string) => ({ ...nodeFileSystem.space(path), ...space }) };
    await isRefused(camera, { ...cannotWrite, code: "NO_SPACE", says }, { files });
    await provisions(camera);
  });

  it("becomes full after the answer ends the run with 75, and the next run asks for nothing new", async () => {
    await using camera = await Camera.start();
    let answered = false;
    camera.simulator.on((event) => {
      if (event.type === "exchange" && event.exchange.topic === "/provision/response") answered = true;
    });
    const outcome = await camera.run({ files: full("ENOSPC", () => answered) });
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 75,
      status: { currentState: "FAILED_UPDATE" },
      error: { errorCode: "NO_SPACE_AFTER_ANSWER", isRetryable: true },
    });
    expect(camera.read("thermal_config.json")).toBe(someConfig);
    await provisionsTheSame(camera);
    const requests = camera.simulator.heard.filter(({ topic }) => topic === "/provision/request");
    expect(requests).toHaveLength(1);
  });

  it("has a file where the journal should be says so, and leaves it alone", async () => {
    await using camera = await Camera.start();
    camera.write(".thermal-provision", "somebody's notes");
    await isRefused(camera, { code: "JOURNAL_UNREADABLE", says: ".thermal-provision", status: false });
    expect(camera.read(".thermal-provision")).toBe("somebody's notes");
  });

  it.each(["nowhere", "elsewhere"])("has a link to %s where a server's journal should be says so", async (target) => {
    await using camera = await Camera.start();
    mkdirSync(join(camera.directory, "elsewhere"));
    mkdirSync(join(camera.directory, ".thermal-provision"));
    symlinkSync(join("..", target), join(camera.directory, ".thermal-provision", camera.simulator.host));
    await isRefused(camera, { code: "JOURNAL_UNREADABLE", says: "is a link" });
    expect(readdirSync(join(camera.directory, "elsewhere"))).toEqual([]);
  });

  it("is reached by a symbolic link is as good as any", async () => {
    await using camera = await Camera.start();
    const link = `${camera.directory}-link`;
    symlinkSync(camera.directory, link);
    const outcome = await camera.run({ directory: link });
    execFileSync("rm", [link]);
    expect(outcome).toMatchObject({ result: "provisioned" });
  });
});

/** What stands in the trigger's place. */
const triggers: Record<string, (path: string) => void> = {
  "a folder": (path) => mkdirSync(path),
  "a symbolic link": (path) => symlinkSync("provision.json", path),
  "a symbolic link to nothing": (path) => symlinkSync("nowhere", path),
  "a pipe": (path) => void execFileSync("mkfifo", [path]),
};

describe("in place of provision.txt", () => {
  it.each(Object.entries(triggers))("%s is not a trigger, and is left alone", async (_, put) => {
    await using camera = await Camera.start();
    camera.remove("provision.txt");
    put(join(camera.directory, "provision.txt"));
    const says = /provision\.txt is not a regular file; put an empty file in its place$/;
    await isRefused(camera, { code: "TRIGGER_INVALID", says });
  });

  it("a file with anything in it is a trigger", async () => {
    await using camera = await Camera.start();
    writeFileSync(join(camera.directory, "provision.txt"), Buffer.alloc(100_000, 0xff));
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
  });

  it("a folder where the processed trigger goes is found out before the server is asked", async () => {
    await using camera = await Camera.start();
    mkdirSync(join(camera.directory, "provision.txt.processed"));
    await isRefused(camera, { code: "TRIGGER_INVALID", says: "is a folder; the trigger gets that name" });
    renameSync(join(camera.directory, "provision.txt.processed"), join(camera.directory, "elsewhere"));
    await provisions(camera);
  });
});

/** The run after the cause was put right. */
async function provisions(camera: Camera): Promise<void> {
  expect(await camera.run()).toMatchObject({ result: "provisioned", exitStatus: 0 });
  expect(camera.tokensOnServer).toEqual([camera.token]);
}
