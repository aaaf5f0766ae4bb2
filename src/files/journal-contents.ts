import { join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import type { Intent } from "../model/journal.ts";
import { readBounded } from "./bounded-read.ts";
import type { FileSystem } from "./file-system.ts";
import { listOrNothing, type RecordName, recordName, recordOf } from "./journal-folder.ts";
import { decodeIntent, decodeReceived, type Read, type ReceivedRecord } from "./journal-records.ts";

/** What lies in one server's folder of the journal. */
export interface Contents {
  readonly intents: readonly Intent[];
  /** The oldest first. */
  readonly received: readonly ReceivedRecord[];
  /** Records that were not written to their end, as a crash leaves them on a file system without links. */
  readonly incomplete: readonly RecordName[];
  /** Records that were whole once. */
  readonly damaged: readonly RecordName[];
  readonly newer: readonly RecordName[];
}

/** A record has some 300 bytes, and a few thousand with the longest names and tokens. */
const largestRecord = 65_536;

/** Reads every record in `folder`; changes nothing. */
export function readContents(fs: FileSystem, folder: string): Contents {
  const intents: Intent[] = [];
  const received: ReceivedRecord[] = [];
  const others: Record<"incomplete" | "damaged" | "newer", RecordName[]> = { incomplete: [], damaged: [], newer: [] };
  for (const name of recordsIn(fs, folder)) {
    const bytes = readRecord(fs, join(folder, recordName(name)));
    if (bytes === undefined) continue;
    const intent = name.kind === "intent" ? numbered(decodeIntent(bytes), name) : undefined;
    const answer = name.kind === "received" ? numbered(decodeReceived(bytes), name) : undefined;
    if (intent?.kind === "value") intents.push(intent.value);
    else if (answer?.kind === "value") received.push(answer.value);
    else others[intent?.kind ?? answer?.kind ?? "damaged"].push(name);
  }
  return { intents, received, ...others };
}

/** In the order of their numbers. */
export function recordsIn(fs: FileSystem, folder: string): readonly RecordName[] {
  return listOrNothing(fs, folder)
    .map(recordOf)
    .filter((name) => name !== undefined)
    .sort((one, other) => one.number - other.number);
}

/** The bytes of a file of the journal; undefined where there is none. */
export function readRecord(fs: FileSystem, path: string): Uint8Array | undefined {
  const reading = readBounded(fs, path, largestRecord);
  if (reading.kind === "read") return reading.bytes;
  if (reading.kind === "absent") return undefined;
  throw new ProvisioningError("JOURNAL_UNREADABLE", `${path}: found ${reading.found}, expected ${reading.expected}`);
}

/** A record that was copied to another number is not what it says. */
function numbered<Value extends { readonly number: number }>(read: Read<Value>, name: RecordName): Read<Value> {
  return read.kind === "value" && read.value.number !== name.number ? { kind: "damaged" } : read;
}
