import { firstReleased } from "../model/outdated.ts";
import { type Warning, warning } from "../model/warnings.ts";

export function clockWarnings(provisionedAt: Date | null | undefined): readonly Warning[] {
  if (provisionedAt == null || provisionedAt >= firstReleased) return [];
  return [warning("CLOCK_NOT_SET", `provisioned_at is ${provisionedAt.toISOString()}.`)];
}
