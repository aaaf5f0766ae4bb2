import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Whether strace did to the calls what it was told to: a method whose disturbances do not come finds nothing wrong. How
 * often a run reads from the event loop's own descriptors varies by one or two, so a few may end before their turn comes.
 */
export class Reach implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "strace-"));
  #starts = 0;
  #missed = 0;

  /** Where strace writes down, in this lane, the call that it disturbs. */
  log(lane: number): string {
    return join(this.#folder, String(lane));
  }

  /** Counts the last start of this lane: it was disturbed where `mark` is in its log. */
  countByLog(lane: number, mark: string): void {
    this.count(readFileSync(this.log(lane), "utf8").includes(mark));
  }

  count(wasDisturbed: boolean): void {
    this.#starts++;
    if (!wasDisturbed) this.#missed++;
  }

  /** For the table. Throws when more than a tenth of the starts were not disturbed. */
  notes(): readonly string[] {
    if (this.#missed > this.#starts / 10)
      throw new Error(`${this.#missed} of ${this.#starts} starts were not disturbed: strace does not reach the calls`);
    return this.#missed === 0 ? [] : [`${this.#missed} starts ended before they were disturbed`];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
