import type { Clock } from "../../src/base/clock.ts";
import { systemClock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";

/** A clock on which everything is over fifty times as fast: a wait of a second is one of 20 ms. */
const haste = 50;

export const hurriedClock: Clock = {
  now: systemClock.now,
  elapsed: () => milliseconds(systemClock.elapsed() * haste),
  sleep: (duration, signal) => systemClock.sleep(milliseconds(duration / haste), signal),
};
