import { constants } from "node:os";
import { Mistake } from "../transcripts/mistake.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A person, or a supervisor, that wants the kit to end: at first in order, the second time at once. */
export class Interruption implements Disposable {
  readonly #stop = new AbortController();
  readonly #listener: (signal: (typeof signals)[number]) => void;

  constructor(tell: (again: boolean) => void) {
    this.#listener = (signal) => {
      const again = this.signal.aborted;
      tell(again);
      process.exitCode = 128 + constants.signals[signal];
      if (again) process.exit();
      this.#stop.abort(new Mistake("The run was stopped."));
    };
    for (const signal of signals) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Rejects at once when the run is stopped; what is under way is left to itself. */
  async unlessStopped<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this;
    work.catch(() => {});
    signal.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return Promise.race([work, stopped]);
  }

  [Symbol.dispose](): void {
    for (const signal of signals) process.off(signal, this.#listener);
  }
}
