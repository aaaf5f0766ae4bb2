import type { Access, Attributes, FileSystem, Handle } from "../../../src/files/disk/file-system.ts";
import { systemError } from "../../files/disk/watched-file-system.ts";
import { type Inode, newInode } from "./inode.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import { partsOf } from "./memory-disk.ts";

/** What goes wrong with the disk as a whole while a run is at work. */
export interface Trouble {
  /** How many bytes may still be written. */
  room: number;
  isReadOnly: boolean;
  /** No lock is to be had, so that two runs can be at work. */
  hasNoLock: boolean;
}

/** Names of temporary files are never the same, as real ones are not, and are told apart at a glance. */
let drawn = 0;

/** The port of `src/files` over a disk in memory, as one process has it. Its calls can be handed around singly. */
export class MemoryFiles implements FileSystem {
  readonly trouble: Trouble = { room: Number.POSITIVE_INFINITY, isReadOnly: false, hasNoLock: false };
  readonly #disk: MemoryDisk;
  readonly #open = new Map<Handle, Inode>();
  #lastHandle = 2;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  readonly open = (path: string, access: Access, mode = 0o666): Handle => {
    const found = this.#disk.find(path);
    if (access === "create") return this.#create(path, mode);
    if (found === undefined) throw systemError("ENOENT", `open ${path}`);
    if (access.startsWith("folder") && found.kind === "file") throw systemError("ENOTDIR", `open ${path}`);
    if (access === "overwrite" && found.kind === "folder") throw systemError("EISDIR", `open ${path}`);
    if (access === "overwrite") this.#mayWrite("open");
    return this.#handleOf(found);
  };

  #create(path: string, mode: number): Handle {
    const { folder, name } = this.#place(path, "open");
    if (folder.names.has(name)) throw systemError("EEXIST", `open ${path}`);
    this.#mayWrite("open");
    if (this.trouble.room <= 0) throw systemError("ENOSPC", `open ${path}`);
    const inode = newInode("file", this.#disk.forgetting === "FAT" ? 0o755 : mode & ~0o022);
    this.#disk.change(folder, [[name, inode]]);
    return this.#handleOf(inode);
  }

  readonly read = (handle: Handle, into: Uint8Array, position: number): number => {
    return this.#inode(handle).bytes.copy(into, 0, position, position + into.byteLength);
  };

  readonly write = (handle: Handle, bytes: Uint8Array, position: number): number => {
    const inode = this.#inode(handle);
    this.#mayWrite("write");
    const growth = Math.max(0, position + bytes.byteLength - inode.bytes.byteLength);
    const count = Math.max(0, bytes.byteLength - Math.max(0, growth - this.trouble.room));
    if (count === 0 && bytes.byteLength > 0) throw systemError("ENOSPC", "write");
    this.trouble.room -= Math.max(0, position + count - inode.bytes.byteLength);
    const written = Buffer.alloc(Math.max(inode.bytes.byteLength, position + count));
    inode.bytes.copy(written);
    written.set(bytes.subarray(0, count), position);
    // What is on the platter already, byte for byte, is not at stake when it is written once more.
    inode.bytes = written.equals(inode.synced.bytes) ? inode.synced.bytes : written;
    return count;
  };

  readonly user = (): number => 0;

  readonly random = (count: number): Uint8Array => {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(count - 4, ++drawn);
    return bytes;
  };

  readonly sync = (handle: Handle): void => {
    this.#disk.sync(this.#inode(handle));
  };

  /** The kernel could not write these bytes, says so once, and believes them written from then on. */
  readonly dropUnsynced = (handle: Handle): void => {
    const inode = this.#inode(handle);
    if (inode.kind === "file" && inode.bytes !== inode.synced.bytes) inode.dropped = inode.bytes;
  };

  readonly close = (handle: Handle): void => {
    this.#inode(handle);
    this.#open.delete(handle);
  };

  readonly stat = (handle: Handle): Attributes => {
    return attributesOf(this.#inode(handle));
  };

  readonly chmod = (handle: Handle, mode: number): void => {
    this.#mayWrite("fchmod");
    // As vfat does it: no error, and no effect.
    if (this.#disk.forgetting !== "FAT") this.#inode(handle).mode = mode;
  };

  readonly chown = (handle: Handle, owner: number, group: number): void => {
    this.#mayWrite("fchown");
    if (this.#disk.forgetting === "FAT") throw systemError("EPERM", "fchown");
    Object.assign(this.#inode(handle), { owner, group });
  };

  readonly lstat = (path: string): Attributes | undefined => {
    const inode = this.#disk.find(path);
    return inode && attributesOf(inode);
  };

  /** There are no links here. */
  readonly statThrough = this.lstat;

  readonly list = (folder: string): readonly string[] => {
    const inode = this.#disk.find(folder);
    if (inode === undefined) throw systemError("ENOENT", `scandir ${folder}`);
    if (inode.kind === "file") throw systemError("ENOTDIR", `scandir ${folder}`);
    return [...inode.names.keys()];
  };

  readonly makeFolder = (path: string, mode: number): void => {
    const { folder, name } = this.#place(path, "mkdir");
    if (folder.names.has(name)) throw systemError("EEXIST", `mkdir ${path}`);
    this.#mayWrite("mkdir");
    if (this.trouble.room <= 0) throw systemError("ENOSPC", `mkdir ${path}`);
    this.#disk.change(folder, [[name, newInode("folder", this.#disk.forgetting === "FAT" ? 0o755 : mode)]]);
  };

  readonly removeFolder = (path: string): void => {
    const { folder, name, inode } = this.#existing(path, "rmdir");
    if (inode.kind === "file") throw systemError("ENOTDIR", `rmdir ${path}`);
    if (inode.names.size > 0) throw systemError("ENOTEMPTY", `rmdir ${path}`);
    this.#mayWrite("rmdir");
    this.#disk.change(folder, [[name, undefined]]);
  };

  readonly rename = (from: string, to: string): void => {
    const { folder, name, inode } = this.#existing(from, "rename");
    const target = this.#place(to, "rename");
    const replaced = target.folder.names.get(target.name);
    if (target.folder !== folder) throw systemError("EXDEV", "rename: not modelled between folders");
    if (replaced === inode) return;
    if (replaced !== undefined && replaced.kind !== inode.kind) throw systemError("EISDIR", `rename ${to}`);
    this.#mayWrite("rename");
    this.#disk.change(folder, [
      [target.name, inode],
      [name, undefined],
    ]);
    if (this.#disk.forgetting === "FAT" && inode.kind === "file") inode.movedTo = target.name;
  };

  readonly link = (existing: string, path: string): void => {
    if (this.#disk.forgetting === "FAT") throw systemError("EPERM", "link");
    const { inode } = this.#existing(existing, "link");
    const { folder, name } = this.#place(path, "link");
    if (folder.names.has(name)) throw systemError("EEXIST", `link ${path}`);
    this.#mayWrite("link");
    if (this.trouble.room <= 0) throw systemError("ENOSPC", `link ${path}`);
    this.#disk.change(folder, [[name, inode]]);
  };

  readonly unlink = (path: string): void => {
    const { folder, name, inode } = this.#existing(path, "unlink");
    if (inode.kind === "folder") throw systemError("EISDIR", `unlink ${path}`);
    this.#mayWrite("unlink");
    this.#disk.change(folder, [[name, undefined]]);
  };

  readonly space = (path: string) => {
    if (this.#disk.find(path) === undefined) throw systemError("ENOENT", `statfs ${path}`);
    return {
      type: this.#disk.forgetting === "FAT" ? 0x4d44 : 0xef53,
      freeBytes: Math.min(this.trouble.room, 1e9),
      inodes: 0,
      freeInodes: 0,
    };
  };

  readonly accessList = async (): Promise<undefined> => undefined;

  readonly lock = async (): Promise<"unavailable" | { release: () => void }> => {
    return this.trouble.hasNoLock ? "unavailable" : { release: () => {} };
  };

  readonly isLocked = async (): Promise<boolean> => {
    return false;
  };

  #inode(handle: Handle): Inode {
    const inode = this.#open.get(handle);
    if (inode === undefined) throw systemError("EBADF", "a handle that is not open");
    return inode;
  }

  #handleOf(inode: Inode): Handle {
    this.#open.set(++this.#lastHandle, inode);
    return this.#lastHandle;
  }

  #place(path: string, call: string) {
    const parts = partsOf(path);
    const name = parts.at(-1) ?? "";
    const folder = this.#disk.at(parts.slice(0, -1));
    if (folder === undefined) throw systemError("ENOENT", `${call} ${path}`);
    return { folder, name };
  }

  #existing(path: string, call: string) {
    const { folder, name } = this.#place(path, call);
    const inode = folder.names.get(name);
    if (inode === undefined) throw systemError("ENOENT", `${call} ${path}`);
    return { folder, name, inode };
  }

  #mayWrite(call: string): void {
    if (this.trouble.isReadOnly) throw systemError("EROFS", call);
  }
}

function attributesOf({ kind, mode, owner, group, bytes, number: inode }: Inode): Attributes {
  return { kind, mode, owner, group, size: bytes.byteLength, device: 1, inode, links: 1 };
}
