import type { Clock } from "../../src/base/clock.ts";
import { systemClock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";

/** A clock on which everything is over `haste` times as fast. */
export function hurried(haste: number): Clock {
  return {
    now: systemClock.now,
    elapsed: () => milliseconds(systemClock.elapsed() * haste),
    sleep: (duration, signal) => systemClock.sleep(milliseconds(duration / haste), signal),
  };
}

/** A wait of a second is one of 20 ms. */
export const hurriedClock = hurried(50);
