import type { Entry, Folder } from "../harness/folder.ts";
import { apply, type Change, type Inode, newInode, syncInode } from "./inode.ts";
import type { Luck } from "./luck.ts";
import { afterPowerCut, type Forgetting } from "./power-cut.ts";

/** Where the camera's files are. */
export const directory = "/camera";

/**
 * A disk in memory. What was written and not synced, and the names that were changed in a folder that was not synced
 * since, are there for all programs and gone after a power cut, or not, as chance has it. It promises as little as any
 * file system does: only a folder's own sync makes its names last.
 */
export class MemoryDisk {
  readonly forgetting: Forgetting;
  readonly root: Inode;
  #unsynced: Change[] = [];

  constructor(forgetting: Forgetting, root: Inode = newInode("folder", 0o755)) {
    this.forgetting = forgetting;
    this.root = root;
  }

  /** What this disk holds after a power cut; it itself is not changed. */
  afterPowerCut(luck: Luck): MemoryDisk {
    return new MemoryDisk(this.forgetting, afterPowerCut(this.root, this.#unsynced, this.forgetting, luck));
  }

  find(path: string): Inode | undefined {
    return this.at(partsOf(path));
  }

  /** What is found along the names of a path. */
  at(parts: readonly string[]): Inode | undefined {
    let inode: Inode | undefined = this.root;
    for (const name of parts) inode = inode?.names.get(name);
    return inode;
  }

  /** Changes names in one folder, all of them at once where the file system can. */
  change(folder: Inode, names: Change["names"]): void {
    const changes = this.forgetting === "FAT" ? names.map((each) => ({ folder, names: [each] })) : [{ folder, names }];
    for (const change of changes) apply(folder.names, change);
    this.#unsynced.push(...changes);
  }

  sync(inode: Inode): void {
    if (inode.kind === "file") syncInode(inode);
    else this.#syncNames(inode);
  }

  #syncNames(folder: Inode): void {
    const last = this.#unsynced.findLastIndex((change) => change.folder === folder);
    // A journal that keeps the order cannot keep a later change and lose an earlier one.
    const lasts = (change: Change, index: number) =>
      this.forgetting === "in order" ? index <= last : change.folder === folder;
    const lasting = this.#unsynced.filter(lasts);
    this.#unsynced = this.#unsynced.filter((change, index) => !lasts(change, index));
    for (const change of lasting) apply(change.folder.durable, change);
  }

  /** Puts a file there as another program does that cares: whole, and on the platter at once. */
  put(path: string, bytes: string | Uint8Array, { mode = 0o600, owner = 0 } = {}): void {
    const inode = newInode("file", mode);
    Object.assign(inode, { owner, group: owner, bytes: Buffer.from(bytes) });
    syncInode(inode);
    this.#put(path, inode);
  }

  remove(path: string): void {
    this.#put(path, undefined);
  }

  /** Only this name: what else was changed in the folder and not synced is as uncertain as before. */
  #put(path: string, inode: Inode | undefined): void {
    const parts = [...partsOf(path)];
    const name = parts.pop() ?? "";
    let folder = this.root;
    for (const part of parts) {
      if (!folder.names.has(part))
        this.#put(`/${parts.slice(0, parts.indexOf(part) + 1).join("/")}`, newInode("folder", 0o755));
      folder = folder.names.get(part) ?? folder;
    }
    const change: Change = { folder, names: [[name, inode]] };
    apply(folder.names, change);
    apply(folder.durable, change);
    this.#unsynced = this.#unsynced.map((other) =>
      other.folder === folder ? { folder, names: other.names.filter(([each]) => each !== name) } : other,
    );
  }

  /** Everything below the camera's folder, as programs see it. */
  folder(): Folder {
    const entries = new Map<string, Entry>();
    const walk = (folder: Inode, prefix: string): void => {
      for (const [name, inode] of folder.names) {
        const { kind, mode, owner, bytes } = inode;
        entries.set(prefix + name, { kind, mode, owner, bytes });
        walk(inode, `${prefix}${name}/`);
      }
    };
    const camera = this.find(directory);
    if (camera !== undefined) walk(camera, "");
    return entries;
  }
}

const known = new Map<string, readonly string[]>();

/** The names on the way to `path`. The same few paths are asked for millions of times. */
export function partsOf(path: string): readonly string[] {
  const found = known.get(path);
  if (found !== undefined) return found;
  const parts = path.split("/").filter((part) => part !== "");
  // The names of temporary files are never the same again.
  if (!path.endsWith(".tmp") && known.size < 1000) known.set(path, parts);
  return parts;
}
