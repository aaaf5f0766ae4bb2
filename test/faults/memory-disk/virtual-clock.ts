import type { Clock } from "../../../src/base/clock.ts";
import { type Duration, milliseconds } from "../../../src/base/duration.ts";

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Time that passes at once: as soon as nobody has anything to do but wait, it is the moment that they wait for. */
export class VirtualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #wall: number;
  #elapsed = 0;

  constructor(start: Date) {
    this.#wall = start.getTime();
  }

  now(): Date {
    return new Date(this.#wall);
  }

  elapsed(): Duration {
    return milliseconds(this.#elapsed);
  }

  sleep(duration: Duration, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (duration <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper = {
        until: this.#elapsed + duration,
        wake: () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  /** Sets the wall clock; what has elapsed does not jump with it. */
  setWallClock(moment: Date): void {
    this.#wall = moment.getTime();
  }

  /** Lets time pass until `work` has ended. Rejects when nothing more can happen and it has not. */
  async untilDone<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    work.then(end, end);
    await settled();
    while (!isDone) {
      if (!this.#wakeNext(Number.POSITIVE_INFINITY)) throw new Error("nothing more happens, and the run has not ended");
      await settled();
    }
    return work;
  }

  /** Lets `duration` pass, with everything that falls due in it. */
  async pass(duration: Duration): Promise<void> {
    const end = this.#elapsed + duration;
    await settled();
    while (this.#wakeNext(end)) await settled();
    this.#passTo(end);
  }

  #wakeNext(end: number): boolean {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (next === undefined || sleeper.until < next.until) next = sleeper;
    if (next === undefined || next.until > end) return false;
    this.#sleepers.delete(next);
    this.#passTo(next.until);
    next.wake();
    return true;
  }

  #passTo(moment: number): void {
    this.#wall += Math.max(0, moment - this.#elapsed);
    this.#elapsed = Math.max(this.#elapsed, moment);
  }
}

/** Until everything that needs no time has happened: nothing here waits for a file or a socket. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
