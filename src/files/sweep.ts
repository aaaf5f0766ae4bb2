import { join } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { backupNumber } from "./backups.ts";
import { removeQuietly, temporaryFiles } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { configName, credentialsName, journalName, lastSuccessName, statusName, triggerName } from "./file-names.ts";
import { journalPath, recordOf } from "./journal/journal-folder.ts";
import { reservedName } from "./journal/received-record.ts";
import { isMadeCertificate, requestedKeyName, unusedCertificates } from "./made-certificates.ts";

/**
 * Removes, as far as they can be removed, the temporary files of runs that were killed, beside the configuration and,
 * with a `host`, in its journal. Only the holder of the lock may call this.
 */
export function sweep(fs: FileSystem, directory: string, host?: string): void {
  for (const path of [...leftovers(fs, directory), ...besideJournals(fs, directory)]) removeQuietly(fs, path);
  if (host === undefined) return;
  const folder = journalPath(directory, host);
  if (fs.lstat(folder)?.kind !== "folder") return;
  for (const path of temporaryFiles(fs, folder, isRecordOfOurs, owners(fs, directory))) removeQuietly(fs, path);
}

/** Whether a run that was killed left a temporary file beside the configuration, or the journals. Changes nothing. */
export function hasLeftovers(fs: FileSystem, directory: string): boolean {
  return during(
    `looking into ${directory}`,
    () => leftovers(fs, directory).length + besideJournals(fs, directory).length > 0,
  );
}

/** What is left of a record of the last success that was being written. */
function besideJournals(fs: FileSystem, directory: string): readonly string[] {
  const journal = join(directory, journalName);
  if (fs.lstat(journal)?.kind !== "folder") return [];
  return temporaryFiles(fs, journal, (name) => name === lastSuccessName, owners(fs, directory));
}

/** What runs that were killed left beside the configuration: temporary files, and certificates that were never asked for. */
export function leftovers(fs: FileSystem, directory: string): readonly string[] {
  const names = fs.list(directory);
  const found = temporaryFiles(fs, directory, isFileOfOurs, owners(fs, directory), names);
  const isOrdered = names.includes(triggerName);
  return [...found, ...unusedCertificates(fs, directory, names), ...(isOrdered ? [] : requestedKey(directory, names))];
}

/**
 * Removes the certificates that nothing names any more: the server gave other credentials than were offered, or what named
 * them is pruned. What cannot be removed, the next run finds.
 */
export function sweepCertificates(fs: FileSystem, directory: string): void {
  try {
    const names = fs.list(directory);
    for (const path of [...unusedCertificates(fs, directory, names), ...requestedKey(directory, names)])
      removeQuietly(fs, path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** It is needed for as long as there is no provisioning with a certificate for it. */
function requestedKey(directory: string, names: readonly string[]): readonly string[] {
  return names.includes(requestedKeyName) ? [join(directory, requestedKeyName)] : [];
}

function owners(fs: FileSystem, directory: string): readonly number[] {
  const made = [join(directory, journalName), join(directory, configName)];
  return made.flatMap((path) => fs.lstat(path)?.owner ?? []);
}

function isFileOfOurs(name: string): boolean {
  if (isMadeCertificate(name) || name === requestedKeyName) return true;
  return name === configName || name === credentialsName || name === statusName || backupNumber(name) !== undefined;
}

function isRecordOfOurs(name: string): boolean {
  return name === reservedName || recordOf(name) !== undefined;
}
