import { constants } from "node:os";
import { Mistake } from "../transcripts/mistake.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A person, or a supervisor, that wants the kit to end: at first in order, the second time at once. Nobody reading what
 * it prints, and an error that nothing has caught, end it in order, too.
 */
export class Interruption implements Disposable {
  readonly #stop = new AbortController();
  readonly #signalled: (signal: (typeof signals)[number]) => void;
  readonly #failed: (error: Error) => void;
  readonly #unread: () => void;

  constructor(tell: (line: string) => void) {
    const end = (status: number, reason: Mistake) => {
      process.exitCode = status;
      this.#stop.abort(reason);
    };
    this.#signalled = (signal) => {
      const again = this.signal.aborted;
      tell(again ? "Stopped; the list says what is left." : "Stopping: what was set up is taken away first.");
      end(128 + constants.signals[signal], new Mistake("The run was stopped."));
      if (again) process.exit();
    };
    this.#failed = (error) => end(1, new Mistake(String(error)));
    this.#unread = () => end(1, new Mistake("Nobody reads what is printed."));
    for (const signal of signals) process.on(signal, this.#signalled);
    process.on("uncaughtException", this.#failed);
    for (const stream of [process.stdout, process.stderr]) stream.on("error", this.#unread);
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
    for (const signal of signals) process.off(signal, this.#signalled);
    process.off("uncaughtException", this.#failed);
    for (const stream of [process.stdout, process.stderr]) stream.off("error", this.#unread);
  }
}
