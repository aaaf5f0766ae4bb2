import { join } from "node:path";
import { isOutdated } from "../model/outdated.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { backupMoment, backupPath, isUnlinked, listBackups } from "./backups.ts";
import { type FileSystem, syncFolder } from "./disk/file-system.ts";
import { configName, journalName } from "./file-names.ts";
import { putAside } from "./journal/journal-folder.ts";
import { isRemovedFolder, momentPutAside } from "./journal/put-aside.ts";

/** What is looked at, and when. */
interface Looked {
  readonly now: Date;
  /**
   * Whether the configuration holds proved credentials. Until then what was put aside stays, whatever its age: it may be all
   * that is known of a device on the server.
   */
  readonly isProvisioned: boolean;
}

/** What is done about it. */
interface Removal {
  readonly warnings: readonly Warning[];
  /** The names of what could not be removed. */
  readonly left: readonly string[];
}

/** Whether there are former credentials that are too old. Changes nothing. */
export function hasOutdated(fs: FileSystem, directory: string, looked: Looked): boolean {
  return outdatedBackups(fs, directory, looked).length > 0 || outdatedPutAside(fs, directory, looked).length > 0;
}

/**
 * Removes former credentials that are too old: backups, but never the newest, and what was put aside. Only the holder of
 * the lock may call this.
 */
export function removeOutdated(fs: FileSystem, directory: string, looked: Looked): Removal {
  const journal = join(directory, journalName);
  const backups = outdatedBackups(fs, directory, looked);
  const aside = outdatedPutAside(fs, directory, looked);
  // The oldest first: what a kill leaves is what a later start would have left.
  const goneBackups = backups.toReversed().filter((number) => isUnlinked(fs, backupPath(directory, number)));
  const goneAside = aside.filter((name) => isRemovedFolder(fs, join(journal, name)));
  if (goneBackups.length > 0) syncFolder(fs, directory);
  if (aside.length > 0) syncFolder(fs, journal);
  const left = [
    ...backups.filter((number) => !goneBackups.includes(number)).map((number) => `${configName}.backup.${number}`),
    ...aside.filter((name) => !goneAside.includes(name)).map((name) => join(journalName, name)),
  ];
  if (goneBackups.length + goneAside.length === 0) return { warnings: [], left };
  const words = `Of the configuration: ${goneBackups.length}; of what was put aside: ${goneAside.length}.`;
  return { warnings: [warning("OLD_CREDENTIALS_REMOVED", words)], left };
}

/**
 * The numbers go up, whatever the clock does, so what is below one that is too old is older, also where its own number was
 * given by a clock that was not set.
 */
function outdatedBackups(fs: FileSystem, directory: string, { now }: Looked): readonly number[] {
  const numbers = listBackups(fs, directory);
  const first = numbers.findIndex((number) => isOutdated(backupMoment(number), now));
  return first === -1 ? [] : numbers.slice(Math.max(1, first));
}

function outdatedPutAside(fs: FileSystem, directory: string, { now, isProvisioned }: Looked): readonly string[] {
  if (!isProvisioned) return [];
  return putAside(fs, directory).filter((name) => isOutdated(momentPutAside(name), now));
}
