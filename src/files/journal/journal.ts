import { join } from "node:path";
import { ProvisioningError } from "../../model/errors.ts";
import { emptyJournal, type Intent, type Journal } from "../../model/journal.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import { createOnce } from "../disk/durable-files.ts";
import { during } from "../disk/file-error.ts";
import { type FileSystem, syncFile, syncFolder } from "../disk/file-system.ts";
import { privateRights } from "../disk/rights.ts";
import { journalName } from "../file-names.ts";
import { sweep } from "../sweep.ts";
import { type Contents, journalOf, readContents, recordsIn } from "./journal-contents.ts";
import {
  folderOf,
  hostOf,
  journalPath,
  listOrNothing,
  makeJournalFolder,
  recordName,
  removeIfEmpty,
  syncWay,
  unfinishedFolders,
} from "./journal-folder.ts";
import { encodeIntent } from "./journal-records.ts";
import { viewContents } from "./journal-views.ts";
import { adoptReserved, reservedName } from "./received-record.ts";

export { hasPutAside } from "./journal-folder.ts";
export { findCommitted, hasJournal, type JournalView, viewJournals } from "./journal-views.ts";
export { reserveReceived, writeReceived } from "./received-record.ts";
export { writeSent } from "./sent-records.ts";

/** A journal as it was read, and what a person should know of it. */
export interface JournalRead extends Journal {
  readonly warnings: readonly Warning[];
}

/**
 * The journal of `host`, ready to be acted on: everything in it is synced again, for what is visible after a crash need
 * not be on the disk, and what a crash left half made is gone. Only the holder of the lock may call this: to anyone else
 * a record that is being written looks like one that never will be.
 *
 * An incomplete intent was never sent and is discarded, and so is an incomplete record of sending. A damaged record whose
 * secret another one holds is put aside under a dated name, with a warning, and the rest of the journal is what holds.
 *
 * @throws ProvisioningError JOURNAL_UNREADABLE, with nothing changed, for the records of a newer version and for damaged
 *   ones that alone may hold the secret of a device; and those of a disk that fails
 */
export function readJournal(fs: FileSystem, directory: string, host: string, now: Date): JournalRead {
  return during(`reading the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, host);
    const contents = fs.lstat(folder) === undefined ? undefined : trustworthy(fs, folder);
    sweep(fs, directory, host);
    if (contents === undefined) return { ...emptyJournal, warnings: [] };
    const broken = clear(fs, folder, contents, now);
    for (const name of recordsIn(fs, folder)) syncFile(fs, join(folder, recordName(name)));
    syncNames(fs, directory, host);
    const warnings = broken.map((path) => warning("JOURNAL_RECORD_DAMAGED", `It is ${path} now.`));
    return { ...journalOf(contents), warnings };
  });
}

/**
 * Writes an intent down, durably, with the names of all the folders that lead to it. An intent that is there already is
 * never changed: `exists`, and the caller reads it and goes on with that one.
 */
export function writeIntent(fs: FileSystem, directory: string, intent: Intent): "written" | "exists" {
  return during(`writing the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, intent.host);
    makeJournalFolder(fs, directory, intent.host);
    const path = join(folder, recordName({ kind: "intent", number: intent.number }));
    const outcome = createOnce(fs, path, encodeIntent(intent), { rights: privateRights, withoutLinks: "exclusive" });
    // Its own name is synced already, be it this run's or another's.
    syncWay(fs, directory);
    return outcome === "created" ? "written" : "exists";
  });
}

/** A journal that was put aside: the server it was for, and where it is now. */
export interface PutAside {
  readonly host: string;
  readonly place: string;
}

/** Puts an unfinished journal aside under a dated name; nothing is deleted. Gives its place, undefined without one. */
export function setAside(fs: FileSystem, directory: string, host: string, now: Date): string | undefined {
  return setAsideWhere(fs, directory, (name) => name === folderOf(host), now)[0]?.place;
}

/** Puts the unfinished journals of all servers aside, by the names of their folders: what is in them is not read. */
export function setAllAside(fs: FileSystem, directory: string, now: Date): readonly PutAside[] {
  return setAsideWhere(fs, directory, () => true, now);
}

function setAsideWhere(
  fs: FileSystem,
  directory: string,
  isMeant: (name: string) => boolean,
  now: Date,
): readonly PutAside[] {
  return during(`putting the journal in ${join(directory, journalName)} aside`, () =>
    unfinishedFolders(fs, directory)
      .filter(isMeant)
      .map((name) => {
        const folder = join(directory, journalName, name);
        const place = freePath(fs, `${folder}@${inName(now)}`);
        fs.rename(folder, place);
        syncFolder(fs, join(directory, journalName));
        return { host: hostOf(name), place };
      }),
  );
}

/**
 * Removes the journal of `host`. What no later start would look for goes first, and for good; intents go before what was
 * received: a received record without an intent can be finished, an intent without the record of a device that was claimed
 * cannot.
 */
export function removeJournal(fs: FileSystem, directory: string, host: string): void {
  during(`removing the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, host);
    if (fs.lstat(folder) === undefined) return;
    sweep(fs, directory, host);
    const records = recordsIn(fs, folder);
    // First, while there is still a record that brings the next start here.
    if (listOrNothing(fs, folder).includes(reservedName)) fs.unlink(join(folder, reservedName));
    for (const kind of ["sent", "intent", "received"] as const) {
      const names = records.filter((each) => each.kind === kind);
      for (const name of names) fs.unlink(join(folder, recordName(name)));
      if (names.length > 0 || kind !== "sent") syncFolder(fs, folder);
    }
    removeIfEmpty(fs, folder);
    // On FAT its clusters may be given away before its name is, and a name without clusters stops every later start.
    syncFolder(fs, join(directory, journalName));
  });
}

/** A killed run may have removed a journal without the sync: until then a power cut would bring it back. */
export function syncRemoval(fs: FileSystem, directory: string): void {
  during(`syncing ${join(directory, journalName)}`, () => {
    if (fs.lstat(join(directory, journalName)) !== undefined) syncFolder(fs, join(directory, journalName));
  });
}

/**
 * Whether the journal of `host` leads anywhere; refused for what `readJournal` would refuse. Changes nothing, and needs no
 * lock.
 *
 * @throws ProvisioningError JOURNAL_UNREADABLE, and those of a disk that fails
 */
export function checkJournal(fs: FileSystem, directory: string, host: string): boolean {
  return during(`reading the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, host);
    if (fs.lstat(folder) === undefined) return false;
    readable(fs, folder);
    const contents = viewContents(fs, folder);
    refuseLost(contents, folder);
    return contents.intents.length + contents.received.length > 0;
  });
}

function readable(fs: FileSystem, folder: string): Contents {
  if (fs.lstat(folder)?.kind !== "folder") {
    throw new ProvisioningError("JOURNAL_UNREADABLE", `${folder} is a link, or no folder at all; move it away`);
  }
  const found = readContents(fs, folder);
  refuseNewer(found, folder);
  const [first] = found.unreadable;
  if (first !== undefined) throw new ProvisioningError("JOURNAL_UNREADABLE", first);
  return found;
}

/** What is in `folder`, with the record that a crash left in its room; refused where it may lead to a second device. */
function trustworthy(fs: FileSystem, folder: string): Contents {
  readable(fs, folder);
  adoptReserved(fs, folder);
  const contents = readContents(fs, folder);
  refuseLost(contents, folder);
  return contents;
}

function refuseNewer({ newer }: Contents, folder: string): void {
  const [first] = newer;
  if (first === undefined) return;
  const path = join(folder, recordName(first));
  throw new ProvisioningError("JOURNAL_UNREADABLE", `${path} was written by a newer version of this program`);
}

/**
 * All intents of a journal hold the same secret, and a received record holds the device's. Without either, what is
 * damaged may have been the only way to a device that the server has made.
 */
function refuseLost({ intents, received, damaged }: Contents, folder: string): void {
  const [first] = damaged;
  if (first === undefined || intents.length + received.length > 0) return;
  const advice =
    "look on the server whether the camera's device is there, delete it, and then run `thermal-provision reset`";
  throw new ProvisioningError("JOURNAL_UNREADABLE", `${join(folder, recordName(first))} is damaged; ${advice}`);
}

/** Discards what was never sent, and puts what cannot be read aside. Gives the places of the latter. */
function clear(fs: FileSystem, folder: string, { incomplete, damaged }: Contents, now: Date): readonly string[] {
  return [...incomplete, ...damaged].flatMap((name) => {
    const path = join(folder, recordName(name));
    if (name.kind !== "received" && incomplete.includes(name)) {
      fs.unlink(path);
      return [];
    }
    const place = freePath(fs, `${path}.broken.${inName(now)}`);
    fs.rename(path, place);
    return [place];
  });
}

/** A record of the journal is found by the names of three folders: all of them must be on the disk. */
function syncNames(fs: FileSystem, directory: string, host: string): void {
  syncFolder(fs, journalPath(directory, host));
  syncWay(fs, directory);
}

function freePath(fs: FileSystem, path: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    if (fs.lstat(candidate) === undefined) return candidate;
  }
}

/** `20251023T143000Z`: FAT knows no colons. */
function inName(moment: Date): string {
  return moment.toISOString().replace(/[-:]|\.\d+/g, "");
}
