import { type Duration, milliseconds, seconds } from "../base/duration.ts";

/** Within one run: three retries, for each intent, after these waits (docs/architecture.md#retries-and-ends). */
export const retryWaits: readonly Duration[] = [seconds(1), seconds(2), seconds(4)];

/**
 * An answer that has not come `after` this long is asked for beside it: by a login with the credentials that the request
 * offered. Only where fewer logins than these were refused `within` the time before, so no more than three a minute are
 * refused for its sake.
 */
export const earlyProbes = { after: seconds(2), behindFewerThan: 3, within: seconds(60) } as const;

/** Without --wait a whole run ends after this many times `timeout_seconds` (docs/architecture.md#retries-and-ends). */
export const triesInARun = 5;

const longestWait = seconds(60);

/**
 * Between the runs of `--wait`: 8, 16, 32 and then 60 seconds, each shortened by chance by up to a half, so that a
 * thousand cameras behind one switch do not come back in step.
 */
export function* waitsBetweenRuns(fraction: () => number): Generator<Duration, never> {
  for (let whole: Duration = seconds(8); ; whole = milliseconds(Math.min(whole * 2, longestWait))) {
    yield milliseconds(Math.round(whole * (1 - fraction() / 2)));
  }
}

/** The wait between two runs, but no shorter than the error says that it takes; longer by chance then, by up to a quarter. */
export function waitAtLeast(wait: Duration, leastSeconds: number, fraction: number): Duration {
  return milliseconds(Math.max(wait, Math.round(seconds(leastSeconds) * (1 + fraction / 4))));
}

/** A wait within a run of `--wait`: longer by chance, by up to as much again, for the cameras of a site that had no power. */
export function spread(wait: Duration, fraction: number): Duration {
  return milliseconds(Math.round(wait * (1 + fraction)));
}

/**
 * When to ask again for the device id on a verified connection: real servers have it some 30 to 150 ms after the
 * connection, one in 180 after 1.2 s (docs/thingsboard-protocol.md#waiting-for-the-id). The waits together are `within`.
 */
export function* waitsForDeviceId(within: Duration): Generator<Duration, void> {
  let spent = 0;
  for (let wait = 50; spent < within; wait *= 2) {
    const next = Math.min(wait, within - spent);
    spent += next;
    yield milliseconds(next);
  }
}
