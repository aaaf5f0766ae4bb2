import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { geteuid } from "node:process";
import { systemRandomness } from "../../base/randomness.ts";
import { isSystemError } from "../../base/system-error.ts";
import type { AccessList, Handle, Locking } from "./handle.ts";

export type { Handle, Locking };

/** What is known of a file without reading it. */
export interface Attributes {
  readonly kind: "file" | "folder" | "link" | "special";
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
  /** `device` and `inode` together tell whether two names mean the same file. */
  readonly device: number;
  readonly inode: number;
  /** How many names it has. */
  readonly links: number;
}

/** What a file system says of itself. */
export interface Space {
  /** Its magic number (statfs(2)) on Linux. */
  readonly type: number;
  /** Bytes that this user may still write. */
  readonly freeBytes: number;
  /** All and free inodes; none at all where the file system makes them as needed. */
  readonly inodes: number;
  readonly freeInodes: number;
}

/**
 * How a name is opened. None but `read-through` and `folder` follow a symbolic link in the last place, none waits for
 * the other end of a pipe: `read` and `read-through` (existing), `create` (for writing; fails where the name is taken),
 * `overwrite` (existing, for writing, not cut), `folder` (fails for anything else; a camera's own may be a link), `folder-itself` (a link fails, too).
 */
export type Access = "read" | "read-through" | "create" | "overwrite" | "folder" | "folder-itself";

/**
 * The system calls of this program, one method each, and no judgement in between. Everything waits until it is done, so
 * that a test can stop the program before each call; a test may also put a disk that forgets behind it. Failures are
 * thrown as Node.js does it: with `code` ("ENOENT") and `errno` (-2).
 */
export interface FileSystem {
  open(path: string, access: Access, mode?: number): Handle;
  /** At most as much as `into` holds, from `position` on. Gives the number of bytes, 0 at the end. */
  read(handle: Handle, into: Uint8Array, position: number): number;
  /** Gives the number of bytes that were written, perhaps fewer than there are. */
  write(handle: Handle, bytes: Uint8Array, position: number): number;
  sync(handle: Handle): void;
  close(handle: Handle): void;
  stat(handle: Handle): Attributes;
  chmod(handle: Handle, mode: number): void;
  chown(handle: Handle, owner: number, group: number): void;
  /** Of the name itself, not of what a symbolic link points to; undefined where there is nothing. */
  lstat(path: string): Attributes | undefined;
  /** The same of what a symbolic link points to. */
  statThrough(path: string): Attributes | undefined;
  list(folder: string): readonly string[];
  makeFolder(path: string, mode: number): void;
  removeFolder(path: string): void;
  rename(from: string, to: string): void;
  /** A second name for a file; fails where the name is taken. */
  link(existing: string, path: string): void;
  unlink(path: string): void;
  space(path: string): Space;
  /** The access control list of an open file; undefined where it has none, or the system has nothing to tell it with. */
  accessList(file: Handle): Promise<AccessList | undefined>;
  /** A lock on an open folder that the kernel releases when this process ends in whatever way. */
  lock(folder: Handle): Promise<Locking>;
  /** Whether another holds that lock. */
  isLocked(folder: Handle): Promise<boolean>;
  /** The number of the user as whom this process acts. */
  user(): number;
  /** Bytes that nobody can predict (getrandom(2)), for the names of temporary files. */
  random(count: number): Uint8Array;
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;

const flags: Readonly<Record<Access, number>> = {
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
  "read-through": O_RDONLY | O_NONBLOCK,
  create: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
  overwrite: O_WRONLY | O_NOFOLLOW | O_NONBLOCK,
  folder: O_RDONLY | O_DIRECTORY,
  "folder-itself": O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
};

/** The real one. What root makes in another user's folder is that user's. What starts other programs is loaded on the first use: most starts of a camera end before. */
export const nodeFileSystem: FileSystem = {
  open(path, access, mode) {
    const handle = openSync(path, flags[access], mode);
    if (access === "create") giveToOwnerOfFolder(handle, path);
    return handle;
  },
  read: (handle, into, position) => again(() => readSync(handle, into, 0, into.byteLength, position)),
  write: (handle, bytes, position) => writeSync(handle, bytes, 0, bytes.byteLength, position),
  sync: fsyncSync,
  close: closeSync,
  stat: (handle) => attributesOf(fstatSync(handle)),
  chmod: fchmodSync,
  chown: fchownSync,
  lstat(path) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : attributesOf(stats);
  },
  statThrough(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : attributesOf(stats);
  },
  list: (folder) => readdirSync(folder),
  makeFolder(path, mode) {
    mkdirSync(path, { mode });
    giveFolderToOwner(path);
  },
  removeFolder: rmdirSync,
  rename: renameSync,
  link: linkSync,
  unlink: unlinkSync,
  space(path) {
    const { type, bsize, bavail, files, ffree } = statfsSync(path);
    return { type, freeBytes: bsize * bavail, inodes: files, freeInodes: ffree };
  },
  accessList: async (file) => (await import("./kernel-access-list.ts")).accessListOf(file),
  lock: async (folder) => (await import("./kernel-lock.ts")).lock(folder),
  isLocked: async (folder) => (await import("./kernel-lock.ts")).isLocked(folder),
  user: () => geteuid?.() ?? 0,
  random: systemRandomness.bytes,
};

/**
 * `sudo thermal-provision provision` must not leave files that the camera's own user cannot read. A file system that knows
 * no owners refuses, and needs nothing.
 */
function giveToOwnerOfFolder(handle: Handle, path: string): void {
  if (geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid === 0) return;
  try {
    fchownSync(handle, uid, gid);
  } catch (error) {
    if (!isSystemError(error, "EPERM", "EINVAL", "ENOSYS", "EOPNOTSUPP")) throw error;
  }
}

/** By a handle: the owner of the folder above could put something else in the place of a name meanwhile. */
function giveFolderToOwner(path: string): void {
  if (geteuid?.() !== 0) return;
  const handle = openSync(path, flags["folder-itself"]);
  try {
    giveToOwnerOfFolder(handle, path);
  } finally {
    closeSync(handle);
  }
}

/** Node.js repeats calls that a signal interrupted, all but read(2). */
function again(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (!isSystemError(error, "EINTR")) throw error;
    }
  }
}

function attributesOf(stats: Stats): Attributes {
  const { size, mode, uid: owner, gid: group, dev: device, ino: inode, nlink: links } = stats;
  return { kind: kindOf(stats), size, mode: mode & 0o7777, owner, group, device, inode, links };
}

function kindOf(stats: Stats): Attributes["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "special";
}

/** Makes the names in `folder` durable. */
export function syncFolder(fs: FileSystem, folder: string): void {
  syncPath(fs, folder, "folder");
}

/** Makes the content of a file durable that was found: what is visible need not be on the disk. */
export function syncFile(fs: FileSystem, path: string): void {
  syncPath(fs, path, "read");
}

function syncPath(fs: FileSystem, path: string, access: "read" | "folder"): void {
  const handle = fs.open(path, access);
  try {
    fs.sync(handle);
  } finally {
    closeQuietly(fs, handle);
  }
}

/** What had to be on the disk was synced before; a failure to close says nothing about it. */
export function closeQuietly(fs: FileSystem, handle: Handle): void {
  try {
    fs.close(handle);
  } catch {}
}
