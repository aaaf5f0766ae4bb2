import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { isForgetful, parseMounts } from "../../src/files/disk/mounts.ts";
import { checkSuitability } from "../../src/files/suitability.ts";
import { cameraFolder, filesIn, namesIn } from "./camera-folder.ts";
import { failingAt, recorded, systemError } from "./disk/watched-file-system.ts";

const lenient = { strictFiles: false };
const strict = { strictFiles: true };

/** The mounts of an ordinary camera; `folder` is the camera's folder, `config` its configuration. */
interface Mounts {
  readonly mountinfo: string;
  readonly folder: number;
  readonly config?: number;
}

const onDisk: Mounts = { mountinfo: "24 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n", folder: 24 };

/** The real file system with another /proc: mountinfo, and fdinfo of every handle. */
function mounted({ mountinfo, folder, config = folder }: Mounts, fs: FileSystem = nodeFileSystem): FileSystem {
  const proc = cameraFolder();
  const opened = new Map<number, string>();
  const redirected = (path: string) => {
    if (!path.startsWith("/proc/self/")) return path;
    const [, handle] = /^\/proc\/self\/fdinfo\/(\d+)$/.exec(path) ?? [];
    const isConfig = opened.get(Number(handle))?.endsWith("thermal_config.json") ?? false;
    writeFileSync(
      join(proc, "file"),
      handle === undefined ? mountinfo : `pos:\t0\nmnt_id:\t${isConfig ? config : folder}\n`,
    );
    return join(proc, "file");
  };
  return {
    ...fs,
    lstat: (path) => fs.lstat(redirected(path)),
    open(path, access, mode) {
      const handle = fs.open(redirected(path), access, mode);
      opened.set(handle, path);
      return handle;
    },
  };
}

const enough = { type: 0xef53, freeBytes: 1e9, inodes: 1000, freeInodes: 900 };

describe("a folder for a camera's files", () => {
  it("is tried with a file that is removed again", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    const { files, calls, openHandles } = recorded(mounted(onDisk));
    expect(checkSuitability(files, directory, strict)).toEqual([]);
    expect(filesIn(directory)).toEqual({ "thermal_config.json": "{}" });
    const folder = directory.split("/").at(-1);
    expect(calls.filter((call) => /^open (?!fdinfo|mountinfo|file |\d+ )/.test(call))).toEqual([
      "open thermal_config.json overwrite",
      "open .thermal_config.json.*.tmp create",
      `open ${folder} folder`,
      "open thermal_config.json read",
    ]);
    expect(calls).toContain("rename .thermal_config.json.*.tmp .thermal_config.json.*.tmp");
    expect(openHandles()).toBe(0);
  });

  it("is refused when it cannot be written, before anything is sent", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    for (const [code, errorCode] of [
      ["EROFS", "FOLDER_READ_ONLY"],
      ["EACCES", "PERMISSION_DENIED"],
      ["EPERM", "PERMISSION_DENIED"],
      ["ENOSPC", "NO_SPACE"],
      ["EDQUOT", "NO_SPACE"],
    ] as const) {
      const create: FileSystem = {
        ...nodeFileSystem,
        open: (path, access, mode) =>
          (access === "create" ? failingAt("open", code) : nodeFileSystem).open(path, access, mode),
      };
      const files = mounted(onDisk, create);
      expect(() => checkSuitability(files, directory, lenient)).toThrow(
        expect.objectContaining({ errorCode, exitStatus: 73 }),
      );
    }
  });

  it("is refused when a new configuration could not have its former owner", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    const foreign: FileSystem = {
      ...failingAt("chown", "EPERM"),
      lstat(path) {
        const attributes = nodeFileSystem.lstat(path);
        return attributes === undefined ? undefined : { ...attributes, owner: attributes.owner + 1 };
      },
    };
    expect(() => checkSuitability(mounted(onDisk, foreign), directory, lenient)).toThrow(
      expect.objectContaining({ errorCode: "PERMISSION_DENIED" }),
    );
  });

  it.runIf(process.getuid?.() === 0)("may hold a configuration of another user, when root runs", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    chownSync(join(directory, "thermal_config.json"), 12345, 54321);
    expect(checkSuitability(mounted(onDisk), directory, lenient)).toEqual([]);
  });

  it("may hold a configuration of any mode, but none that is immutable", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    const refusing = (code: "EACCES" | "EPERM"): FileSystem =>
      mounted(onDisk, {
        ...nodeFileSystem,
        open: (path, access, mode) =>
          (access === "overwrite" ? failingAt("open", code) : nodeFileSystem).open(path, access, mode),
      });
    expect(checkSuitability(refusing("EACCES"), directory, lenient)).toEqual([]);
    expect(() => checkSuitability(refusing("EPERM"), directory, lenient)).toThrow(
      expect.objectContaining({ errorCode: "PERMISSION_DENIED", message: expect.stringContaining("immutable") }),
    );
  });

  it("is asked why a file cannot be changed where opening it for writing would be taken for a change", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}", "provision.txt": "" });
    const { files, calls } = recorded(mounted(onDisk));
    const asked: string[] = [];
    const whyLocked = (path: string) => {
      asked.push(path.slice(directory.length));
      return path.endsWith(".txt") ? systemError("EPERM", "access") : systemError("EACCES", "access");
    };
    expect(() => checkSuitability(files, directory, { ...lenient, whyLocked })).toThrow(
      expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        message: expect.stringMatching(/provision\.txt.*immutable/),
      }),
    );
    expect(asked).toEqual(["/thermal_config.json", "/provision.txt"]);
    expect(calls.filter((call) => call.endsWith(" overwrite"))).toEqual([]);
  });

  it("must not hold a trigger that is immutable: it could not be renamed after success", () => {
    const directory = cameraFolder({ "provision.txt": "" });
    const refusing: FileSystem = {
      ...nodeFileSystem,
      open: (path, access, mode) =>
        (path.endsWith("provision.txt") && access === "overwrite" ? failingAt("open", "EPERM") : nodeFileSystem).open(
          path,
          access,
          mode,
        ),
    };
    expect(() => checkSuitability(mounted(onDisk, refusing), directory, lenient)).toThrow(
      expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        exitStatus: 73,
        message: expect.stringMatching(/provision\.txt can be renamed or replaced failed: .*immutable/),
      }),
    );
    expect(namesIn(directory)).toEqual(["provision.txt"]);
  });

  it.each(["rename", "unlink"] as const)("is refused when it takes files and does not let them go (%s)", (call) => {
    const directory = cameraFolder({ "provision.txt": "" });
    expect(() => checkSuitability(mounted(onDisk, failingAt(call, "EPERM")), directory, lenient)).toThrow(
      expect.objectContaining({ errorCode: "PERMISSION_DENIED", exitStatus: 73 }),
    );
  });

  it.each(["provision.txt", "provision.txt.processed", "thermal_config.json"])(
    "with the sticky bit must not hold another user's %s, unless root or its own owner runs",
    (name) => {
      const directory = cameraFolder({ [name]: "{}" });
      chmodSync(directory, 0o1777);
      /** `user` runs in a folder of `folder`; the file is user 7's. */
      const owned = (user: number, folder: number): FileSystem =>
        mounted(onDisk, {
          ...nodeFileSystem,
          chown: () => {},
          stat: (handle) => {
            const attributes = nodeFileSystem.stat(handle);
            return { ...attributes, owner: attributes.kind === "folder" ? folder : user };
          },
          lstat: (path) => {
            const attributes = nodeFileSystem.lstat(path);
            return attributes && { ...attributes, owner: 7 };
          },
        });
      const path = join(directory, name);
      const denied = expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        exitStatus: 73,
        message: `${path} belongs to user 7, and in a folder with the sticky bit this user, 1000, may not rename it`,
      });
      const { files, calls } = recorded(owned(1000, 5));
      expect(() => checkSuitability(files, directory, lenient)).toThrow(denied);
      expect(calls).toContain(`open ${directory.split("/").at(-1)} folder`);
      for (const [user, folder] of [
        [0, 5],
        [7, 5],
        [1000, 1000],
      ] as const) {
        expect(checkSuitability(owned(user, folder), directory, lenient)).toEqual([]);
      }
      chmodSync(directory, 0o777);
      expect(checkSuitability(owned(1000, 5), directory, lenient)).toEqual([]);
    },
  );

  it("needs room for twice the configuration and 64 KiB", () => {
    const directory = cameraFolder({ "thermal_config.json": `{"a": "${"x".repeat(9991)}"}` });
    const needed = 20_000 + 65_536;
    const withSpace = (freeBytes: number): FileSystem =>
      mounted(onDisk, { ...nodeFileSystem, space: () => ({ ...enough, freeBytes }) });
    expect(checkSuitability(withSpace(needed), directory, lenient)).toEqual([]);
    expect(() => checkSuitability(withSpace(needed - 1), directory, lenient)).toThrow(
      expect.objectContaining({
        errorCode: "NO_SPACE",
        message: `83 KiB are free in ${directory}, 84 KiB are needed (df -h)`,
      }),
    );
  });

  it("needs inodes, where the file system counts them", () => {
    const directory = cameraFolder();
    const withInodes = (inodes: number, freeInodes: number): FileSystem =>
      mounted(onDisk, { ...nodeFileSystem, space: () => ({ ...enough, inodes, freeInodes }) });
    expect(checkSuitability(withInodes(0, 0), directory, lenient)).toEqual([]);
    expect(checkSuitability(withInodes(1000, 8), directory, lenient)).toEqual([]);
    expect(() => checkSuitability(withInodes(1000, 7), directory, lenient)).toThrow(
      expect.objectContaining({ errorCode: "NO_SPACE", message: expect.stringContaining("can hold 7 more files") }),
    );
  });

  it("must not have a folder where the trigger will be", () => {
    const directory = cameraFolder();
    mkdirSync(join(directory, "provision.txt.processed"));
    expect(() => checkSuitability(mounted(onDisk), directory, lenient)).toThrow(
      expect.objectContaining({ errorCode: "TRIGGER_INVALID" }),
    );
  });

  it("is worth a warning when it ignores modes, or an error if files must be strict", () => {
    const directory = cameraFolder();
    const fat: FileSystem = mounted(onDisk, {
      ...nodeFileSystem,
      stat: (handle) => ({ ...nodeFileSystem.stat(handle), mode: 0o755 }),
      chmod: () => {},
    });
    expect(checkSuitability(fat, directory, lenient).map(({ code }) => code)).toEqual(["FILES_NOT_PRIVATE"]);
    expect(() => checkSuitability(fat, directory, strict)).toThrow(
      expect.objectContaining({
        errorCode: "FILES_NOT_PRIVATE",
        exitStatus: 73,
        message: expect.stringContaining(` ${directory} is on such a file system.`),
      }),
    );
  });

  it("is worth a warning when it forgets, or an error if files must be strict", () => {
    const directory = cameraFolder();
    const memory = mounted({ mountinfo: `${onDisk.mountinfo}30 24 0:30 / /data rw - tmpfs tmpfs rw\n`, folder: 30 });
    expect(checkSuitability(memory, directory, lenient).map(({ code }) => code)).toEqual(["FILES_NOT_KEPT"]);
    expect(() => checkSuitability(memory, directory, strict)).toThrow(
      expect.objectContaining({ errorCode: "FILES_NOT_KEPT", exitStatus: 73 }),
    );
  });

  it("must be mounted itself, not only its configuration", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    expect(() => checkSuitability(mounted({ ...onDisk, config: 31 }), directory, lenient)).toThrow(
      expect.objectContaining({
        errorCode: "FILE_BUSY",
        exitStatus: 73,
        message: `${directory}/thermal_config.json is a mount of its own; mount its folder instead`,
      }),
    );
  });

  it("is not judged by mounts where the system does not tell them", () => {
    const directory = cameraFolder({ "thermal_config.json": "{}" });
    const untold: FileSystem = {
      ...nodeFileSystem,
      lstat: (path) => (path.startsWith("/proc/") ? undefined : nodeFileSystem.lstat(path)),
    };
    expect(checkSuitability(untold, directory, strict)).toEqual([]);
  });

  it("is found on one of the mounts of this machine", () => {
    // As the kernel says it: a handle's mount is in the list of mounts.
    const file = openSync("/proc/self/mountinfo", "r");
    const buffer = Buffer.alloc(1 << 20);
    const text = buffer.toString("utf8", 0, readSync(file, buffer));
    closeSync(file);
    expect(parseMounts(text).map(({ point }) => point)).toContain("/");
    expect(() => checkSuitability(nodeFileSystem, cameraFolder(), lenient)).not.toThrow();
  });
});

describe("a mount", () => {
  const overlay = (options: string) =>
    `40 24 0:40 / /data rw - overlay overlay rw,lowerdir=/lower,${options},workdir=/w\n`;
  const forgets = (text: string, id: number) => {
    const mounts = parseMounts(text);
    const mount = mounts.find((each) => each.id === id);
    if (mount === undefined) throw new Error("no such mount");
    return isForgetful(mount, mounts);
  };

  it("is read from a line of mountinfo, with spaces in its names", () => {
    expect(
      parseMounts("36 35 98:0 /mnt1 /mnt\\040two rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n"),
    ).toEqual([{ id: 36, point: "/mnt two", readOnly: false, type: "ext3", options: ["rw", "errors=continue"] }]);
    expect(parseMounts("nonsense\n\n")).toEqual([]);
  });

  it("forgets when it is memory, or an overlay that writes to memory", () => {
    const run = "25 24 0:25 / /run rw - tmpfs tmpfs rw\n";
    expect(forgets(onDisk.mountinfo, 24)).toBe(false);
    expect(forgets(run, 25)).toBe(true);
    expect(forgets("26 24 0:26 / /r rw - ramfs ramfs rw\n", 26)).toBe(true);
    expect(forgets(onDisk.mountinfo + run + overlay("upperdir=/run/overlay/upper"), 40)).toBe(true);
    expect(forgets(onDisk.mountinfo + run + overlay("upperdir=/run"), 40)).toBe(true);
    expect(forgets(onDisk.mountinfo + run + overlay("upperdir=/runner/upper"), 40)).toBe(false);
    expect(forgets(onDisk.mountinfo + run + overlay("upperdir=/var/upper"), 40)).toBe(false);
    expect(forgets(onDisk.mountinfo + run + overlay("ro"), 40)).toBe(false);
  });

  it("is judged by what is on top, where several share a place", () => {
    const both = "25 24 0:25 / /x rw - tmpfs tmpfs rw\n27 24 8:2 / /x rw - ext4 /dev/sdb rw\n";
    expect(forgets(onDisk.mountinfo + both + overlay("upperdir=/x/upper"), 40)).toBe(false);
  });

  it("that is the root as an overlay on a place that cannot be seen from here is not judged", () => {
    const root = "50 1 0:50 / / rw - overlay overlay rw,upperdir=/var/lib/docker/x/diff\n";
    expect(forgets(root, 50)).toBe(false);
  });
});
