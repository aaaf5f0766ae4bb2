import { join } from "node:path";
import { createOnce } from "../disk/durable-files.ts";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { privateRights } from "../disk/rights.ts";
import { journalName } from "../file-names.ts";
import { readJournal, removeJournal } from "./journal.ts";
import { readContents } from "./journal-contents.ts";
import { journalPath, makeJournalFolder, recordName, syncWay } from "./journal-folder.ts";
import { encodeIntent, encodeReceived, encodeSent } from "./journal-records.ts";

/** The same server under two names. */
export interface Renaming {
  /** The name under which its journal lies. */
  readonly from: string;
  /** The name that it has now, whose journal is empty, or holds the beginning of this one. */
  readonly to: string;
}

/**
 * Moves a journal to the folder of the name that its server has now. Every record is durable there before the first one
 * here goes; where that is cut off, both hold the same attempt, and the next run moves the rest.
 *
 * @throws ProvisioningError JOURNAL_UNREADABLE, with nothing changed, and those of a disk that fails
 */
export function moveJournal(fs: FileSystem, directory: string, { from, to }: Renaming, now: Date): void {
  // What a crash left half made goes first, on both sides, and what stays is durable.
  readJournal(fs, directory, from, now);
  readJournal(fs, directory, to, now);
  during(`moving the journal in ${join(directory, journalName)}`, () => {
    const { intents, received, sent } = readContents(fs, journalPath(directory, from));
    makeJournalFolder(fs, directory, to);
    const folder = journalPath(directory, to);
    const put = (kind: "intent" | "sent" | "received", number: number, bytes: Uint8Array) =>
      createOnce(fs, join(folder, recordName({ kind, number })), bytes, {
        rights: privateRights,
        withoutLinks: "exclusive",
      });
    for (const record of received) put("received", record.number, encodeReceived(record, to));
    for (const record of sent) put("sent", record.number, encodeSent(record, to));
    for (const intent of intents) put("intent", intent.number, encodeIntent({ ...intent, host: to }));
    syncWay(fs, directory);
  });
  removeJournal(fs, directory, from);
}
