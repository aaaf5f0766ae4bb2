import { join } from "node:path";
import type { Journal } from "../../model/journal.ts";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { journalName } from "../file-names.ts";
import { journalOf, readContents } from "./journal-contents.ts";
import { folderOf, hostOf, unfinishedFolders } from "./journal-folder.ts";

/** A journal that was looked at. */
export interface JournalView extends Journal {
  readonly host: string;
}

/** The journals of all servers as they lie there; changes nothing, and needs no lock. What cannot be read is left out. */
export function viewJournals(fs: FileSystem, directory: string): readonly JournalView[] {
  return during(`reading the journal in ${join(directory, journalName)}`, () =>
    unfinishedFolders(fs, directory).map((folder) => {
      const contents = readContents(fs, join(directory, journalName, folder));
      const record = contents.intents[0] ?? contents.received[0];
      return { host: record?.host ?? hostOf(folder), ...journalOf(contents) };
    }),
  );
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

/**
 * The journal that carries this attempt: its configuration is committed, and only the tidying is left. Changes nothing,
 * and needs no lock.
 */
export function findCommitted(
  fs: FileSystem,
  directory: string,
  attemptId: string | null,
): CommittedAttempt | undefined {
  if (attemptId === null) return undefined;
  return during(`reading the journal in ${join(directory, journalName)}`, () => {
    const contents = unfinishedFolders(fs, directory).map((name) =>
      readContents(fs, join(directory, journalName, name)),
    );
    const intent = contents.flatMap(({ intents }) => intents).find((each) => each.attemptId === attemptId);
    const record = intent ?? contents.flatMap(({ received }) => received).find((each) => each.attemptId === attemptId);
    return record && { host: record.host, newIdentity: intent?.newIdentity ?? false };
  });
}
