import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The wall clock of every program that is started with this environment (libfaketime): it jumps when it is told to. */
export class FakedClock implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "clock-"));
  readonly #file = join(this.#folder, "offset");

  constructor() {
    this.jump(0);
  }

  get environment(): Readonly<Record<string, string>> {
    const { stdout } = spawnSync("faketime", ["-f", "+0", "printenv", "LD_PRELOAD"], { encoding: "utf8" });
    if (stdout.trim() === "") throw new Error("faketime names no library that fakes the time");
    return {
      LD_PRELOAD: stdout.trim(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** By so many seconds from the right time, at once. */
  jump(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
