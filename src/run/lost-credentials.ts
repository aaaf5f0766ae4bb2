import { claimedSuccess, isLost, readLastSuccess } from "../files/last-success.ts";
import type { Found } from "../files/look.ts";
import type { KnownDevice } from "../model/camera-state.ts";
import { printable } from "../model/problem.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { withoutSecret } from "./camera-state.ts";
import type { Setting } from "./setting.ts";

/**
 * The device whose credentials the server accepted last, where the configuration has lost them. Before unfinished work is
 * done the record may be older than the configuration. Changes nothing, and never fails: what cannot be read tells nothing.
 */
export function lostDevice(
  { files, directory }: Pick<Setting, "files" | "directory">,
  { unfinished }: Found,
  configured: ConfiguredCredentials | "unknown" | undefined,
): KnownDevice | undefined {
  if (configured === "unknown" || unfinished.length > 0) return undefined;
  try {
    const claimed = claimedSuccess(files, directory);
    if (claimed === undefined || !isLost(claimed, configured)) return undefined;
    const kept = readLastSuccess(files, directory);
    return kept.kind === "found" ? withoutSecret(kept.success.configured) : undefined;
  } catch {
    return undefined;
  }
}

export function lossWarnings(lost: KnownDevice | undefined): readonly Warning[] {
  if (lost === undefined) return [];
  const name = lost.deviceName === "" ? "a device without a name" : printable(lost.deviceName);
  return [warning("CREDENTIALS_GONE", `They are those of ${name} on ${printable(lost.host)}.`)];
}
