import { join } from "node:path";
import { during } from "../disk/file-error.ts";
import { type FileSystem, syncFolder } from "../disk/file-system.ts";
import { journalName } from "../file-names.ts";
import { folderOf, listOrNothing, removeIfEmpty, unfinishedFolders } from "./journal-folder.ts";

/**
 * Finishes the removal of journals of other names than `host`, where a run was killed in it: what it did not sync a power cut
 * would bring back. What lies there that is no record stays.
 */
export function finishRemovals(fs: FileSystem, directory: string, host: string): void {
  const journal = join(directory, journalName);
  during(`removing journals in ${journal}`, () => {
    const unfinished = unfinishedFolders(fs, directory);
    const removed = listOrNothing(fs, journal).filter(
      (name) =>
        /^[a-z0-9._-]+$/.test(name) &&
        name !== folderOf(host) &&
        !unfinished.includes(name) &&
        fs.lstat(join(journal, name))?.kind === "folder",
    );
    for (const name of removed) {
      syncFolder(fs, join(journal, name));
      removeIfEmpty(fs, join(journal, name));
    }
    if (removed.length > 0) syncFolder(fs, journal);
  });
}
