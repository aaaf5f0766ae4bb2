import { constants } from "node:os";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";

export type Call = keyof FileSystem;

/** `fs` with `before` called ahead of every call; when it throws, the call is not made. */
export function watched(fs: FileSystem, before: (call: Call, ...args: readonly unknown[]) => void): FileSystem {
  const around =
    <Args extends readonly unknown[], Result>(call: Call, make: (...args: Args) => Result) =>
    (...args: Args): Result => {
      before(call, ...args);
      return make(...args);
    };
  return {
    open: around("open", fs.open),
    read: around("read", fs.read),
    write: around("write", fs.write),
    sync: around("sync", fs.sync),
    close: around("close", fs.close),
    stat: around("stat", fs.stat),
    chmod: around("chmod", fs.chmod),
    chown: around("chown", fs.chown),
    lstat: around("lstat", fs.lstat),
    statThrough: around("statThrough", fs.statThrough),
    list: around("list", fs.list),
    makeFolder: around("makeFolder", fs.makeFolder),
    removeFolder: around("removeFolder", fs.removeFolder),
    rename: around("rename", fs.rename),
    link: around("link", fs.link),
    unlink: around("unlink", fs.unlink),
    space: around("space", fs.space),
    accessList: around("accessList", fs.accessList),
    lock: around("lock", fs.lock),
    isLocked: around("isLocked", fs.isLocked),
    user: fs.user,
    random: fs.random,
  };
}

/** A failed system call, as Node.js throws it. */
export function systemError(code: keyof typeof constants.errno, call: string): NodeJS.ErrnoException {
  const errno = -constants.errno[code];
  // Node.js has no name for EDQUOT.
  const named = code === "EDQUOT" ? `Unknown system error ${errno}` : code;
  return Object.assign(new Error(`${named}: injected, ${call}`), { code: named, errno, syscall: call });
}

/** The real file system, whose `nth` call of this kind fails; without `nth` all of them do. */
export function failingAt(
  failing: Call,
  code: keyof typeof constants.errno,
  nth?: number,
  fs: FileSystem = nodeFileSystem,
): FileSystem {
  let count = 0;
  return watched(fs, (call) => {
    if (call !== failing) return;
    count++;
    if (nth === undefined || count === nth) throw systemError(code, call);
  });
}

/** The real file system, whose `nth` call of any kind fails, and the next ones do not. */
export function failingAtStep(nth: number, code: keyof typeof constants.errno, fs: FileSystem = nodeFileSystem) {
  let count = 0;
  return watched(fs, (call) => {
    if (++count === nth) throw systemError(code, call);
  });
}

/** The end of the process, seen from inside: neither the `nth` call nor any after it is made. */
export class Killed extends Error {}

export function killedAtStep(nth: number, fs: FileSystem = nodeFileSystem): FileSystem {
  let count = 0;
  return watched(fs, () => {
    if (++count >= nth) throw new Killed(`before call ${nth}`);
  });
}

/** The real file system, with a record of its calls and the number of handles that are open. */
export function recorded(fs: FileSystem = nodeFileSystem) {
  const calls: string[] = [];
  let open = 0;
  const watching = watched(fs, (call, ...args) => {
    const names = args.filter((arg) => typeof arg === "string").map((arg) => arg.split("/").at(-1));
    calls.push([call, ...names].join(" ").replace(/[0-9a-f]{16}\.tmp/g, "*.tmp"));
  });
  const files: FileSystem = {
    ...watching,
    open(...args) {
      const handle = watching.open(...args);
      open++;
      return handle;
    },
    close(handle) {
      open--;
      watching.close(handle);
    },
  };
  return { files, calls, openHandles: () => open };
}

/** A file system without links, as FAT is. */
export function withoutLinks(fs: FileSystem = nodeFileSystem): FileSystem {
  return failingAt("link", "EPERM", undefined, fs);
}

/** The real file system without the waiting for the disk: for histories in which the power never fails. */
export const unsynced: FileSystem = { ...nodeFileSystem, sync: () => {} };
