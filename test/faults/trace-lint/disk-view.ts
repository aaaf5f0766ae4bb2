import { dirname } from "node:path";
import type { Call } from "../system-calls/trace.ts";

/** What a trace tells about the disk: which contents and which names are certain to survive a power cut. */
export class DiskView {
  readonly #root: string;
  /** By path: whether what was last written to it is synced. Two names of one file share this. */
  readonly #files = new Map<string, { synced: boolean }>();
  /** By folder: the names in it that were made, moved or removed since the folder was synced. */
  readonly #unsynced = new Map<string, Set<string>>();

  /** `found` are the paths that lie there at the start: visible, which is not yet durable. */
  constructor(root: string, found: readonly string[]) {
    this.#root = root;
    for (const path of found) {
      this.#files.set(path, { synced: false });
      this.#touch(path);
    }
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Whether its content, its name and the names of its folders are on the disk. */
  isDurable(path: string): boolean {
    return this.#files.get(path)?.synced === true && this.isNameDurable(path);
  }

  /** Whether the disk knows that the name is there, or is gone. */
  isNameDurable(path: string): boolean {
    for (let name = path; name !== this.#root && name.startsWith(this.#root); name = dirname(name)) {
      if (this.#unsynced.get(dirname(name))?.has(name)) return false;
    }
    return true;
  }

  /** Takes in a call that succeeded. */
  apply(call: Call): void {
    const [first = "", second = ""] = pathsIn(call);
    const opened = descriptorPath(call);
    switch (call.name) {
      case "openat":
        if (/O_(CREAT|TRUNC)/.test(call.text)) this.#name(first, { synced: false });
        break;
      case "mkdir":
        this.#touch(first);
        break;
      case "pwrite64":
        if (opened !== undefined) this.#file(opened).synced = false;
        break;
      case "fsync":
        if (opened !== undefined && !this.#unsynced.delete(opened)) this.#file(opened).synced = true;
        break;
      case "link":
        this.#name(second, this.#file(first));
        break;
      case "rename":
        this.#name(second, this.#file(first));
        this.#remove(first);
        break;
      case "unlink":
      case "rmdir":
        this.#remove(first);
        break;
    }
  }

  #name(path: string, file: { synced: boolean }): void {
    this.#files.set(path, file);
    this.#touch(path);
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.#touch(path);
  }

  #file(path: string): { synced: boolean } {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    // Was there before the program came, as the configuration was.
    const found = { synced: true };
    this.#files.set(path, found);
    return found;
  }

  #touch(path: string): void {
    const folder = dirname(path);
    const names = this.#unsynced.get(folder) ?? new Set();
    this.#unsynced.set(folder, names.add(path));
  }
}

/** The paths that a call was given as texts. */
export function pathsIn({ text }: Call): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = ""]) => path);
}

/** The path that a call's first descriptor stands for; undefined for sockets and the like. */
export function descriptorPath({ text }: Call): string | undefined {
  return /^\d+<(\/[^>]*?)(?: \(deleted\))?>/.exec(text)?.[1];
}
