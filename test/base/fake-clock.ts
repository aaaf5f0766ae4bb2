import type { Clock } from "../../src/base/clock.ts";
import { type Duration, milliseconds } from "../../src/base/duration.ts";

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/**
 * Time that passes only when the test says so. The wall clock can be set apart from it, as a camera's is when the
 * network comes up.
 */
export class FakeClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #wall: number;
  #elapsed = 0;

  constructor(start = new Date("2026-11-24T12:00:00Z")) {
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

  /** Lets `duration` pass, and the sleepers wake in order, each with all that follows from it. */
  async advance(duration: Duration): Promise<void> {
    const end = this.#elapsed + duration;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#sleepers.delete(next);
      this.#pass(next.until);
      next.wake();
      await settle();
    }
    this.#pass(end);
  }

  /** Sets the wall clock; what has elapsed does not jump with it. */
  setWallClock(moment: Date): void {
    this.#wall = moment.getTime();
  }

  /** How many still sleep: 0 when everybody tidied up. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  #next(end: number): Sleeper | undefined {
    const [first] = [...this.#sleepers].toSorted((one, other) => one.until - other.until);
    return first !== undefined && first.until <= end ? first : undefined;
  }

  #pass(until: number): void {
    this.#wall += Math.max(0, until - this.#elapsed);
    this.#elapsed = Math.max(this.#elapsed, until);
  }
}

/** Until everything that needs no time has happened: what is written in memory has been read and answered. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
