import { join } from "node:path";
import type { Journal, Sent } from "../../model/journal.ts";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { journalName } from "../file-names.ts";
import { type Contents, isUnsent, journalOf, readContents } from "./journal-contents.ts";
import { folderOf, hostOf, unfinishedFolders } from "./journal-folder.ts";
import { reservedRecord } from "./received-record.ts";

/** A journal that was looked at. */
export interface JournalView extends Journal {
  readonly host: string;
  /** Where its requests went, as far as that is known. */
  readonly sent: readonly Sent[];
  /** Whether none was ever sent, for certain. */
  readonly isUnsent: boolean;
}

/** The journals of all servers as they lie there; changes nothing, and needs no lock. What cannot be read is left out. */
export function viewJournals(fs: FileSystem, directory: string): readonly JournalView[] {
  return during(`reading the journal in ${join(directory, journalName)}`, () =>
    unfinishedFolders(fs, directory).map((folder) => {
      const contents = viewContents(fs, join(directory, journalName, folder));
      const record = contents.intents[0] ?? contents.received[0];
      const { sent } = contents;
      return { host: record?.host ?? hostOf(folder), ...journalOf(contents), sent, isUnsent: isUnsent(contents) };
    }),
  );
}

/** As `readContents`, with the record in the reserved room as the next run will find it. */
export function viewContents(fs: FileSystem, folder: string): Contents {
  const contents = readContents(fs, folder);
  const record = reservedRecord(fs, folder)?.record;
  const isThere = contents.received.some(({ number }) => number === record?.number);
  return record === undefined || isThere ? contents : { ...contents, received: [...contents.received, record] };
}

/** Whether the journal of `host` holds a record; changes nothing, and needs no lock. */
export function hasJournal(fs: FileSystem, directory: string, host: string): boolean {
  return during(`looking into ${join(directory, journalName)}`, () =>
    unfinishedFolders(fs, directory).includes(folderOf(host)),
  );
}

/** The attempt that the configuration carries, as its journal has it. */
export interface CommittedAttempt {
  readonly host: string;
  /** Whether it was made with `--new-identity`; false when its intents are gone already. */
  readonly newIdentity: boolean;
}

/** The journal that carries this attempt: its configuration is committed, and only the tidying is left. */
export function findCommitted(
  journals: readonly JournalView[],
  attemptId: string | null,
): CommittedAttempt | undefined {
  const isIts = (record: { readonly attemptId: string }) => record.attemptId === attemptId;
  const journal = journals.find(({ intents, received }) => intents.some(isIts) || received.some(isIts));
  return journal && { host: journal.host, newIdentity: journal.intents.find(isIts)?.newIdentity ?? false };
}
