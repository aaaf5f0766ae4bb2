import { dirname, join } from "node:path";
import type { Received } from "../../model/journal.ts";
import { createOnce, writeAll } from "../disk/durable-files.ts";
import { during } from "../disk/file-error.ts";
import { type Attributes, closeQuietly, type FileSystem, syncFolder } from "../disk/file-system.ts";
import { hasNoModes } from "../disk/mounts.ts";
import { isReadableByOthers, isWritableByOthers, ownersOf, privateRights } from "../disk/rights.ts";
import { journalName } from "../file-names.ts";
import { isOf, readRecord } from "./journal-contents.ts";
import { journalPath, recordName } from "./journal-folder.ts";
import { decodeReceived, encodeReceived } from "./journal-records.ts";

/** The room that is kept for the next received record. */
export const reservedName = ".received.reserved";
const reservedSize = 4096;
const space = 0x20;

/**
 * Makes room for the received record before the server is asked: a server from 4.2.1.1 on says the secret of a
 * pre-provisioned device once, and a disk that fills up in the meantime must not lose it. To be called once the intent
 * is written.
 */
export function reserveReceived(fs: FileSystem, directory: string, host: string): void {
  during(`reserving room in ${join(directory, journalName)}`, () => {
    const path = join(journalPath(directory, host), reservedName);
    const found = fs.lstat(path);
    if (found?.kind === "file" && found.size >= reservedSize && isPrivateRoom(fs, path, found)) return;
    if (found !== undefined) fs.unlink(path);
    const blank = new Uint8Array(reservedSize).fill(space);
    createOnce(fs, path, blank, { rights: privateRights, withoutLinks: "exclusive" });
  });
}

/** Whether nobody else has a way into the room: another name of it, a file that they opened, or a right to. */
function isPrivateRoom(fs: FileSystem, path: string, found: Attributes): boolean {
  if (found.links !== 1 || !isBelieved(fs, dirname(path), found)) return false;
  return !isReadableByOthers(found) || hasNoModes(fs, dirname(path));
}

/** Whether it was put there by this user, by the owner of the folder or by root, and by nobody else. */
function isBelieved(fs: FileSystem, folder: string, found: Attributes): boolean {
  const around = fs.lstat(folder);
  if (around === undefined || !ownersOf(fs.user(), around).includes(found.owner)) return false;
  return !isWritableByOthers(found) || hasNoModes(fs, folder);
}

/**
 * Writes down what the server gave, before anything else is done with it: into the reserved room, which takes no new
 * space, and then under its own name. The rest of the room stays blank, which is no part of the JSON text. No record is
 * written over: where the number is taken, by whatever, the next free one is used. A server may say this only once, so
 * nothing but the disk itself may keep it from being written. Gives the record as it was written.
 */
export function writeReceived(fs: FileSystem, directory: string, host: string, received: Received): Received {
  return during(`writing the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, host);
    const reserved = join(folder, reservedName);
    for (let { number } = received; ; number++) {
      const path = join(folder, recordName({ kind: "received", number }));
      if (fs.lstat(path) !== undefined) continue;
      const numbered = { ...received, number };
      const bytes = encodeReceived(numbered, host);
      if (fs.lstat(reserved) !== undefined) fill(fs, reserved, bytes, path);
      else if (createOnce(fs, path, bytes, { rights: privateRights, withoutLinks: "exclusive" }) === "exists") continue;
      return numbered;
    }
  });
}

function fill(fs: FileSystem, reserved: string, bytes: Uint8Array, path: string): void {
  const padded = new Uint8Array(Math.max(bytes.byteLength, reservedSize)).fill(space);
  padded.set(bytes);
  const handle = fs.open(reserved, "overwrite");
  try {
    writeAll(fs, handle, padded);
    fs.sync(handle);
    fs.rename(reserved, path);
    // As in replaceFile: FAT needs the moved file written once more.
    fs.sync(handle);
  } finally {
    closeQuietly(fs, handle);
  }
  syncFolder(fs, dirname(path));
}

/** The record that lies in the reserved room after a crash between filling and naming it; undefined without one. */
export function reservedRecord(fs: FileSystem, folder: string) {
  const path = join(folder, reservedName);
  const found = fs.lstat(path);
  if (found === undefined || !isBelieved(fs, folder, found)) return undefined;
  const bytes = readRecord(fs, path);
  // What is in the way there holds nothing of ours, and is removed when room is made again.
  if (bytes === undefined || typeof bytes === "string") return undefined;
  const decoded = decodeReceived(bytes);
  return decoded.kind === "value" && isOf(folder, decoded.value.host) ? { bytes, record: decoded.value } : undefined;
}

/** Gives the record in the reserved room its name: it is whole, and nobody else has it. */
export function adoptReserved(fs: FileSystem, folder: string): void {
  const reserved = join(folder, reservedName);
  const found = reservedRecord(fs, folder);
  if (found === undefined) return;
  const path = join(folder, recordName({ kind: "received", number: found.record.number }));
  const taken = fs.lstat(path);
  // FAT writes a moved file's new name before its clusters: then the record is empty, and the room still there.
  if (taken?.kind === "file" && taken.size === 0) fs.unlink(path);
  else if (taken !== undefined) return;
  // Written again, not only synced: after a sync that failed the kernel believes the bytes to be on the disk.
  fill(fs, reserved, found.bytes, path);
}
