import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { system } from "../strange-disk/mounts.ts";
import { type LogEntry, sectorBytes } from "./write-log.ts";

/** The disk as it is after a part of the log. */
export class ReplayedDisk implements Disposable {
  readonly #path: string;
  readonly #file: number;
  /** By sector: what was written to it last. */
  readonly #written = new Map<number, string>();

  constructor(original: string, path: string) {
    system("cp", "--sparse=always", original, path);
    this.#path = path;
    this.#file = openSync(path, "r+");
  }

  write({ sector, bytes }: Extract<LogEntry, { kind: "write" }>): void {
    if (writeSync(this.#file, bytes, 0, bytes.length, sector * sectorBytes) !== bytes.length)
      throw new Error("no room");
    for (let at = 0; at < bytes.length; at += sectorBytes) {
      const digest = createHash("sha256")
        .update(bytes.subarray(at, at + sectorBytes))
        .digest("hex");
      this.#written.set(sector + at / sectorBytes, digest);
    }
  }

  /** Tells two states of the disk apart. */
  get digest(): string {
    const sectors = [...this.#written].sort(([one], [other]) => one - other);
    return createHash("sha256").update(JSON.stringify(sectors)).digest("hex");
  }

  copyTo(path: string): void {
    system("cp", "--sparse=always", this.#path, path);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** Mends an image, as many systems do at their start. */
export function mend(image: string): void {
  // It ends with 1 when it has mended something.
  const { status, stdout } = spawnSync("fsck.vfat", ["-a", image], { encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(`fsck.vfat ${image} ended with ${status}: ${stdout}`);
}
