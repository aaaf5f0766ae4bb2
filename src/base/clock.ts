import { hrtime } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { type Duration, milliseconds } from "./duration.ts";

/** Time as an argument, so that every fault of it can be played. */
export interface Clock {
  /** The wall clock. A camera without a battery starts in 1970, and the clock may jump at any moment. */
  now(): Date;
  /** Time since an arbitrary moment; never jumps and never goes back. */
  elapsed(): Duration;
  /** Ends after `duration`, or at once, as a rejection with the signal's reason, when `signal` is aborted. */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>;
}

/** setTimeout takes at most 2^31 - 1 milliseconds and treats more as 1. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  // performance.now() is the same, but at its first use Node loads ten modules.
  elapsed: () => milliseconds(Number(hrtime.bigint()) / 1e6),
  async sleep(duration, signal) {
    signal?.throwIfAborted();
    for (let rest: number = duration; rest > 0; rest -= longestTimer) {
      await delay(Math.min(rest, longestTimer), undefined, signal ? { signal } : {}).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
    }
  },
};

/** The reason of a signal whose time is up; the code that waited knows for what, and says so. */
export class Expired extends Error {
  override readonly name = "Expired";
}

/** A time limit. Disposing it stops its timer. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** What is left of it, 0 at the least. */
  remaining(): Duration;
}

/**
 * A signal that aborts, with `Expired`, after `within` on `clock`, or with `signal`.
 * (`AbortSignal.any` would do, but on Node 20 each call leaves some bytes behind on a signal that lives long.)
 */
export function deadline(clock: Clock, within: Duration, signal?: AbortSignal): Deadline {
  const end = clock.elapsed() + within;
  const settled = new AbortController();
  const limit = new AbortController();
  const forward = () => limit.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { signal: settled.signal });
  clock.sleep(within, settled.signal).then(
    () => limit.abort(new Expired("the time is up")),
    () => {},
  );
  return {
    signal: limit.signal,
    remaining: () => milliseconds(Math.max(0, end - clock.elapsed())),
    [Symbol.dispose]: () => settled.abort(),
  };
}
