import { dirname } from "node:path";
import type { Call } from "../harness/strace/trace.ts";

/** One file, under whatever names. */
interface File {
  /** Whether what was last written to it is on the disk. */
  synced: boolean;
  /** What was written to it, as far as the trace has it. */
  text: string;
}

/** What a trace tells about the disk: which contents and which names are certain to survive a power cut. */
export class DiskView {
  readonly #root: string;
  /** By path; two names of one file share it. */
  readonly #files = new Map<string, File>();
  /** By folder: the names in it that were made, moved or removed since the folder was synced. */
  readonly #unsynced = new Map<string, Set<string>>();

  /** `found` are the files that lie there at the start, by path: visible, which is not yet durable. */
  constructor(root: string, found: ReadonlyMap<string, string>) {
    this.#root = root;
    for (const [path, text] of found) {
      this.#files.set(path, { synced: false, text });
      this.#touch(path);
    }
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  textOf(path: string): string {
    return this.#files.get(path)?.text ?? "";
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
        if (/O_(CREAT|TRUNC)/.test(call.text)) this.#name(first, { synced: false, text: "" });
        break;
      case "mkdir":
        this.#touch(first);
        break;
      case "pwrite64":
        if (opened !== undefined) this.#write(this.#file(opened), call);
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

  #write(file: File, { text }: Call): void {
    const [, written = "", offset = ""] = /^\d+<[^>]*>, "((?:[^"\\]|\\.)*)"(?:\.\.\.)?, \d+, (\d+)$/.exec(text) ?? [];
    file.text = file.text.slice(0, Number(offset)) + unescaped(written);
    file.synced = false;
  }

  #name(path: string, file: File): void {
    this.#files.set(path, file);
    this.#touch(path);
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.#touch(path);
  }

  #file(path: string): File {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    // Was there before the program came, as the configuration was.
    const found = { synced: true, text: "" };
    this.#files.set(path, found);
    return found;
  }

  #touch(path: string): void {
    const folder = dirname(path);
    const names = this.#unsynced.get(folder) ?? new Set();
    this.#unsynced.set(folder, names.add(path));
  }
}

/** A text as strace writes it, as far as it matters here: JSON in ASCII. */
export function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, "$1");
}

/** The paths that a call was given as texts. */
export function pathsIn({ text }: Call): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = ""]) => path);
}

/** The path that a call's first descriptor stands for; undefined for sockets and the like. */
export function descriptorPath({ text }: Call): string | undefined {
  return /^\d+<(\/[^>]*?)(?: \(deleted\))?>/.exec(text)?.[1];
}
