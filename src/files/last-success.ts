import { dirname, join } from "node:path";
import { sameCredentials } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { isEqual, readBounded } from "./disk/bounded-read.ts";
import { replaceFile } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { type Attributes, type FileSystem, syncFile } from "./disk/file-system.ts";
import { hasNoModes } from "./disk/mounts.ts";
import { isReadableByOthers, ownersOf, privateRights } from "./disk/rights.ts";
import { journalName, lastSuccessName } from "./file-names.ts";
import { claimedBody, decodeRecord, encodeRecord } from "./journal/records.ts";
import { configuredIn } from "./thermal-config-fields.ts";
import { configBytes, ourMembers, ourSectionsIn, type Sections } from "./thermal-config-file.ts";
import { distrust } from "./trust.ts";

/** What the server accepted last, as it was written into the configuration. */
export interface LastSuccess {
  readonly sections: Sections;
  readonly configured: ConfiguredCredentials;
}

/** Why there is nothing to go by. None of it is an error: the record is for the day on which the configuration is lost. */
export type NoSuccess =
  | { readonly kind: "absent" }
  /** In words that follow the path. */
  | { readonly kind: "unusable"; readonly why: string }
  /** Another user may have put it there. */
  | { readonly kind: "distrusted"; readonly why: string; readonly success: LastSuccess };

/** Our three sections have a few thousand bytes at the most. */
const largest = 65_536;

export function lastSuccessPath(directory: string): string {
  return join(directory, journalName, lastSuccessName);
}

/** Changes nothing, and needs no lock. */
export function readLastSuccess(
  fs: FileSystem,
  directory: string,
): { readonly kind: "found"; readonly success: LastSuccess } | NoSuccess {
  const path = lastSuccessPath(directory);
  const reading = during(`reading ${path}`, () => readBounded(fs, path, largest));
  if (reading.kind === "absent") return reading;
  if (reading.kind === "refused") return { kind: "unusable", why: `is ${reading.found}` };
  const record = decodeRecord(reading.bytes);
  if (record.kind === "newer") return { kind: "unusable", why: "was written by a newer version of this program" };
  const sections = record.kind === "body" ? ourMembers(record.body) : undefined;
  const configured = sections && configuredIn(sections);
  if (sections === undefined || configured === undefined) return { kind: "unusable", why: "is damaged" };
  const success = { sections, configured };
  const why = distrustOf(fs, path, reading.attributes);
  return why === undefined ? { kind: "found", success } : { kind: "distrusted", why, success };
}

/**
 * What the record says of the credentials, be it damaged or not to be trusted: where they are the configuration's, nothing is
 * lost. Its hash takes `node:crypto`, which would be a sixth of a start with nothing to do.
 */
export function claimedSuccess(fs: FileSystem, directory: string): ConfiguredCredentials | undefined {
  const reading = readBounded(fs, lastSuccessPath(directory), largest);
  const body = reading.kind === "read" ? claimedBody(reading.bytes) : undefined;
  return body === undefined ? undefined : configuredIn(ourMembers(body));
}

function distrustOf(fs: FileSystem, path: string, attributes: Attributes): string | undefined {
  const folder = fs.lstat(dirname(path));
  const owners = folder === undefined ? [fs.user(), 0] : ownersOf(fs.user(), folder);
  const why = distrust({ path, attributes }, owners);
  return why === undefined || hasNoModes(fs, dirname(path)) ? undefined : why;
}

/**
 * Keeps what the configuration says of our sections, once it is durable and proved, so that it can be put back when
 * another program has written an older copy over it. It is replaced as a whole, before anything is removed that would bring
 * the next run here. Nothing depends on it: what goes wrong is a warning.
 */
export function keepLastSuccess(fs: FileSystem, directory: string): readonly Warning[] {
  const path = lastSuccessPath(directory);
  try {
    during(`writing ${path}`, () => {
      const sections = ourSectionsIn(configBytes(fs, directory) ?? new Uint8Array());
      if (sections === undefined) return;
      const bytes = encodeRecord(sections);
      if (isKept(fs, path, bytes)) return;
      replaceFile(fs, path, bytes, { rights: privateRights });
    });
    return [];
  } catch (error) {
    return [warning("LAST_SUCCESS_NOT_KEPT", ProvisioningError.from(error).message)];
  }
}

function isKept(fs: FileSystem, path: string, bytes: Uint8Array): boolean {
  const reading = readBounded(fs, path, largest);
  if (reading.kind !== "read" || !isEqual(reading.bytes, bytes)) return false;
  return !isReadableByOthers(reading.attributes) && distrustOf(fs, path, reading.attributes) === undefined;
}

/** As far as that can be done: a record that is not on the disk is one that was never made. */
export function syncLastSuccess(fs: FileSystem, directory: string): void {
  const path = lastSuccessPath(directory);
  try {
    if (fs.lstat(path)?.kind === "file") syncFile(fs, path);
  } catch {}
}

/**
 * Whether what was kept is what the configuration has lost: it holds no credentials, or those of a former provisioning. One
 * that was written since, or whose credentials were changed within the same provisioning, is somebody's will.
 */
export function isLost(kept: ConfiguredCredentials, now: ConfiguredCredentials | undefined): boolean {
  if (now === undefined) return true;
  if (now.attemptId !== null && now.attemptId === kept.attemptId) return false;
  if (now.host === kept.host && sameCredentials(now.credentials, kept.credentials)) return false;
  return !isNewer(now, kept);
}

/** Whether the record is older than the configuration: it could not be written, or a former version of this program ran. */
export function isNewer(now: ConfiguredCredentials, kept: ConfiguredCredentials): boolean {
  if (now.provisionedAt === null) return false;
  return kept.provisionedAt === null || now.provisionedAt > kept.provisionedAt;
}
