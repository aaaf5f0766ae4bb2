import { type Warning, warning } from "./warnings.ts";

/** Before this program was first released no camera was provisioned by it: the clock was not set. */
export const firstReleased = new Date("2026-01-01T00:00:00Z");

/** Of a camera whose clock was not set when it was provisioned. */
export function clockWarnings(provisionedAt: Date | null | undefined): readonly Warning[] {
  if (provisionedAt == null || provisionedAt >= firstReleased) return [];
  return [warning("CLOCK_NOT_SET", `provisioned_at is ${provisionedAt.toISOString()}.`)];
}

/** A clock that is further ahead than this was never set either. */
const hardlyBelieved = new Date("2050-01-01T00:00:00Z");

/** How many days credentials stay that are not in use any more. */
export const mostDays = 90;

const day = 24 * 60 * 60 * 1000;

/** Whether `moment` is longer ago than that; not where one of the two comes from a clock that cannot be right. */
export function isOutdated(moment: Date | null, now: Date): boolean {
  if (moment === null || !isBelieved(moment) || !isBelieved(now)) return false;
  return now.getTime() - moment.getTime() > mostDays * day;
}

function isBelieved(date: Date): boolean {
  return date >= firstReleased && date < hardlyBelieved;
}
