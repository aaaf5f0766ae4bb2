import { basename, join } from "node:path";
import type { Journal, Sent } from "../../model/journal.ts";
import { printable } from "../../model/problem.ts";
import { unknownServer } from "../../model/server-identity.ts";
import { readBounded } from "../disk/bounded-read.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { folderOf, listOrNothing, type RecordName, recordName, recordOf } from "./journal-folder.ts";
import {
  decodeIntent,
  decodeReceived,
  decodeSent,
  type IntentRecord,
  type Read,
  type ReceivedRecord,
} from "./journal-records.ts";

/** What lies in one server's folder of the journal. */
export interface Contents {
  readonly intents: readonly IntentRecord[];
  /** The oldest first. */
  readonly received: readonly ReceivedRecord[];
  /** Where requests went; one that is damaged tells that there was a request, and not where to. */
  readonly sent: readonly Sent[];
  /** Records that were not written to their end, as a crash leaves them on a file system without links. */
  readonly incomplete: readonly RecordName[];
  /** Records that were whole once. */
  readonly damaged: readonly RecordName[];
  readonly newer: readonly RecordName[];
  /** What has the name of a record and cannot be read: a link, a folder, a large file, with the reason in words. */
  readonly unreadable: readonly string[];
}

/** A record has some 300 bytes, and a few thousand with the longest names and tokens. */
const largestRecord = 65_536;

/** Reads every record in `folder`; changes nothing. */
export function readContents(fs: FileSystem, folder: string): Contents {
  const intents: IntentRecord[] = [];
  const received: ReceivedRecord[] = [];
  const sent: Sent[] = [];
  const others: Record<"incomplete" | "damaged" | "newer", RecordName[]> = { incomplete: [], damaged: [], newer: [] };
  const unreadable: string[] = [];
  for (const name of recordsIn(fs, folder)) {
    const bytes = readRecord(fs, join(folder, recordName(name)));
    if (bytes === undefined) continue;
    if (typeof bytes === "string") {
      unreadable.push(bytes);
      continue;
    }
    const intent = name.kind === "intent" ? numbered(decodeIntent(bytes), name) : undefined;
    const answer = name.kind === "received" ? numbered(decodeReceived(bytes), name) : undefined;
    const place = name.kind === "sent" ? numbered(decodeSent(bytes), name) : undefined;
    if (place?.kind === "damaged") {
      // A record all the same: without any, the request would be taken for one that was never sent.
      sent.push({ number: name.number, attemptId: "", sentAt: new Date(0), ...unknownServer });
      continue;
    }
    const read = intent ?? answer ?? place;
    if (read?.kind === "value" && !isOf(folder, read.value.host)) {
      unreadable.push(ofAnother(join(folder, recordName(name)), read.value.host));
    } else if (intent?.kind === "value") intents.push(intent.value);
    else if (answer?.kind === "value") received.push(answer.value);
    else if (place?.kind === "value") sent.push(place.value);
    else others[read === undefined || read.kind === "value" ? "damaged" : read.kind].push(name);
  }
  return { intents, received, sent, ...others, unreadable };
}

/** Whether a record of `host` belongs in `folder`: what was put aside has a date behind an `@`. */
export function isOf(folder: string, host: string): boolean {
  return basename(folder).split("@")[0] === folderOf(host);
}

function ofAnother(path: string, host: string): string {
  return `${path}: found a record of the server ${printable(host)}, expected one of the server whose folder it lies in; move it away`;
}

export function journalOf({ intents, received }: Contents): Journal {
  return {
    intents: intents.map(({ sendingIsRecorded: _, ...rest }) => rest),
    received: received.map(({ host: _, ...rest }) => rest),
  };
}

/** Whether nothing of this was ever sent anywhere: then no server can have a device of it. */
export function isUnsent({ intents, received, sent, ...others }: Contents): boolean {
  const isUnclear = others.damaged.length + others.newer.length + others.unreadable.length > 0;
  if (isUnclear || received.length + sent.length > 0) return false;
  return intents.every(({ sendingIsRecorded }) => sendingIsRecorded);
}

/** In the order of their numbers. */
export function recordsIn(fs: FileSystem, folder: string): readonly RecordName[] {
  return listOrNothing(fs, folder)
    .map(recordOf)
    .filter((name) => name !== undefined)
    .sort((one, other) => one.number - other.number);
}

/** The bytes of a file of the journal; undefined where there is none, and in words why they cannot be read. */
export function readRecord(fs: FileSystem, path: string): Uint8Array | string | undefined {
  const reading = readBounded(fs, path, largestRecord);
  if (reading.kind === "read") return reading.bytes;
  return reading.kind === "absent" ? undefined : `${path}: found ${reading.found}, expected ${reading.expected}`;
}

/** A record that was copied to another number is not what it says. */
function numbered<Value extends { readonly number: number }>(read: Read<Value>, name: RecordName): Read<Value> {
  return read.kind === "value" && read.value.number !== name.number ? { kind: "damaged" } : read;
}
