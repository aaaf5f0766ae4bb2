import { type Warning, warning } from "../model/warnings.ts";

/** Before this program was first released no camera was provisioned by it: the clock was not set. */
export const firstReleased = new Date("2026-01-01T00:00:00Z");

export function clockWarnings(provisionedAt: Date | null | undefined): readonly Warning[] {
  if (provisionedAt == null || provisionedAt >= firstReleased) return [];
  return [warning("CLOCK_NOT_SET", `provisioned_at is ${provisionedAt.toISOString()}.`)];
}
