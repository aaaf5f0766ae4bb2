import { dirname } from "node:path";
import type { FileSystem } from "./file-system.ts";
import type { Rights } from "./rights.ts";
import { syncFolder } from "./sync.ts";
import { draft } from "./temporary-files.ts";

interface ReplaceOptions {
  readonly rights: Rights;
  /** Asked at the last moment, with everything written; false gives up, and nothing has happened. */
  readonly stillWanted?: () => boolean;
}

/**
 * Puts `bytes` in the place of the file `path`, durably, and all or nothing: after a power cut at any moment there is
 * the old file or the new one. Gives false when it was not wanted any more.
 *
 * The first failure is thrown; those of the cleaning up after it are not. A failure after the rename is thrown, too,
 * although the new text is visible already: whether it would survive a power cut is then not known. A sync that failed
 * is never repeated, because the kernel forgets what it could not write; another call starts with a new file.
 */
export function replaceFile(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  { rights, stillWanted = () => true }: ReplaceOptions,
): boolean {
  return draft(fs, path, bytes, rights, ({ handle, rename }) => {
    fs.sync(handle);
    if (!stillWanted()) return false;
    rename(path);
    // Until the moved file itself is written again, FAT's new entry points to clusters that a power cut sets free.
    fs.sync(handle);
    syncFolder(fs, dirname(path));
    return true;
  });
}

/** As `replaceFile`, but a power cut may lose it: for what only people look at. */
export function replaceFileLoosely(fs: FileSystem, path: string, bytes: Uint8Array, rights: Rights): void {
  draft(fs, path, bytes, rights, ({ rename }) => rename(path));
}
