import { join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { createOnce } from "./disk/durable-files.ts";
import { type FileSystem, syncFile, syncFolder } from "./disk/file-system.ts";
import type { Rights } from "./disk/rights.ts";
import { configName } from "./file-names.ts";

/** How many backups stay (specification, Configuration Backup Naming). */
const kept = 5;
/** How many names may be taken, by folders or by another process, before something is wrong. */
const tries = 100;

/**
 * The number in `thermal_config.json.backup.1698069000`, Unix seconds; undefined for any other name, which is
 * somebody else's and stays.
 */
export function backupNumber(name: string): number | undefined {
  const [, digits] = /^thermal_config\.json\.backup\.(0|[1-9]\d{0,14})$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Of any number that such a name may have; null where there is no such moment. */
export function backupMoment(number: number): Date | null {
  const moment = new Date(number * 1000);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

export function backupPath(directory: string, number: number): string {
  return join(directory, `${configName}.backup.${number}`);
}

/**
 * Keeps `bytes`, which are about to be replaced, durably, with the rights of the file that they come from. None is made
 * when the newest backup has these bytes already. No backup is ever overwritten, and the numbers never go back when the
 * clock does, so the newest is always the one with the highest number. Gives the path of the backup.
 */
export function backUp(fs: FileSystem, directory: string, bytes: Uint8Array, rights: Rights, now: Date): string {
  const [newest] = listBackups(fs, directory);
  if (newest !== undefined) {
    const path = backupPath(directory, newest);
    const reading = readBounded(fs, path, bytes.byteLength);
    if (reading.kind === "read" && Buffer.compare(reading.bytes, bytes) === 0) {
      syncFile(fs, path);
      syncFolder(fs, directory);
      return path;
    }
    // FAT writes a moved file's new name before its clusters: what a power cut left empty was never a backup.
    if (reading.kind === "read" && reading.bytes.byteLength === 0) fs.unlink(path);
  }
  const first = Math.max(0, Math.floor(now.getTime() / 1000), (newest ?? -1) + 1);
  for (let number = first; number < first + tries; number++) {
    const path = backupPath(directory, number);
    if (createOnce(fs, path, bytes, { rights, withoutLinks: "complete" }) === "created") return path;
  }
  throw new ProvisioningError("FILE_IO", `the names of backups from ${first} on are all taken`);
}

/** Removes all but the newest backups. Gives the names of those that could not be removed. */
export function pruneBackups(fs: FileSystem, directory: string): readonly string[] {
  const surplus = listBackups(fs, directory).slice(kept);
  const left = surplus.filter((number) => !isUnlinked(fs, backupPath(directory, number)));
  if (surplus.length > 0) syncFolder(fs, directory);
  return left.map((number) => `${configName}.backup.${number}`);
}

/** The numbers of the backups, the newest first. A folder or a link of such a name is none. */
export function listBackups(fs: FileSystem, directory: string): readonly number[] {
  return fs
    .list(directory)
    .flatMap((name) => backupNumber(name) ?? [])
    .filter((number) => fs.lstat(backupPath(directory, number))?.kind === "file")
    .sort((one, other) => other - one);
}

/** Removes a file; false where that cannot be done. */
export function isUnlinked(fs: FileSystem, path: string): boolean {
  try {
    fs.unlink(path);
    return true;
  } catch {
    return false;
  }
}
