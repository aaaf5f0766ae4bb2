import { join } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { ProvisioningError } from "../model/errors.ts";
import { during, withOwner } from "./disk/file-error.ts";
import { closeQuietly, type FileSystem } from "./disk/file-system.ts";
import { journalName, triggerName } from "./file-names.ts";
import { unfinishedFolders } from "./journal/journal-folder.ts";

/** Whether there may be anything to do. */
export interface Found {
  /** `other`: what has its name is not a regular file. */
  readonly trigger: "none" | "file" | "other";
  /** The folders of the journal that hold at least one record, one a server. */
  readonly unfinished: readonly string[];
}

/**
 * Looks, and changes nothing. A handful of system calls: on most starts of a camera this is all that happens.
 *
 * @throws ProvisioningError FOLDER_MISSING
 */
export function look(fs: FileSystem, directory: string): Found {
  return during(`looking into ${directory}`, () => {
    checkFolder(fs, directory);
    return { trigger: triggerIn(fs, directory), unfinished: unfinishedIn(fs, directory) };
  });
}

/** An earlier run by root may have left a journal that nobody else can look into. */
function unfinishedIn(fs: FileSystem, directory: string): readonly string[] {
  const journal = join(directory, journalName);
  try {
    return during(`looking into ${journal}`, () => unfinishedFolders(fs, directory));
  } catch (error) {
    throw withOwner(error, fs, [journal]);
  }
}

function checkFolder(fs: FileSystem, directory: string): void {
  try {
    closeQuietly(fs, fs.open(directory, "folder"));
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    const found = isSystemError(error, "ENOENT") ? "does not exist" : "is not a folder";
    throw new ProvisioningError("FOLDER_MISSING", `${directory} ${found}; check --directory`, { cause: error });
  }
}

function triggerIn(fs: FileSystem, directory: string): Found["trigger"] {
  const attributes = fs.lstat(join(directory, triggerName));
  if (attributes === undefined) return "none";
  return attributes.kind === "file" ? "file" : "other";
}
