import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a program of the system; throws what it says when it fails. */
export function system(program: string, ...parameters: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${parameters.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

/** A place with whatever is mounted there, gone with it. */
export class Place implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "strange-"));
  readonly #mounted: string[] = [];

  get camera(): string {
    return join(this.root, "camera");
  }

  /** `options` are those of mount(8); a file is mounted on a file, everything else on a folder. */
  mount(target: string, ...parameters: readonly string[]): void {
    if (!existsSync(target)) mkdirSync(target);
    system("mount", ...parameters, target);
    this.#mounted.push(target);
  }

  unmount(target: string): void {
    system("umount", target);
    this.#mounted.splice(this.#mounted.indexOf(target), 1);
  }

  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  [Symbol.dispose](): void {
    for (const target of this.#mounted.reverse()) system("umount", target);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Fills the disk of `folder` until only `free` bytes are left. Gives what makes room again. */
export function fill(folder: string, free: number): () => void {
  const path = join(folder, "filler");
  const handle = openSync(path, "w");
  let size = 0;
  for (let length = 1024 * 1024; length >= 512; ) {
    try {
      size += writeSync(handle, Buffer.alloc(length), 0, length, size);
    } catch {
      length /= 2;
    }
  }
  fsyncSync(handle);
  ftruncateSync(handle, Math.max(0, size - free));
  fsyncSync(handle);
  closeSync(handle);
  return () => rmSync(path);
}

/** Takes inodes until only `free` are left. Gives what makes room again. */
export function fillInodes(folder: string, free: number): () => void {
  const inodes = join(folder, "inodes");
  mkdirSync(inodes);
  let count = 0;
  try {
    for (; ; count++) writeFileSync(join(inodes, String(count)), "");
  } catch {
    for (let freed = 0; freed < free; freed++) rmSync(join(inodes, String(--count)));
  }
  return () => rmSync(inodes, { recursive: true });
}
