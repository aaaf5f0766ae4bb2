import { dirname, join } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { writeAll } from "./disk/durable-files.ts";
import { closeQuietly, type FileSystem, syncFolder } from "./disk/file-system.ts";

/**
 * Overwrites the file `path` with zeros, and then removes it; a link is removed only, and a folder with all that is in it.
 * What is gone already is no mistake. Flash memory may keep the former bytes elsewhere for a while.
 */
export function erase(fs: FileSystem, path: string): void {
  const found = fs.lstat(path);
  if (found === undefined) return;
  if (found.kind === "folder") {
    eraseContent(fs, path);
    fs.removeFolder(path);
  } else {
    if (found.kind === "file") overwrite(fs, path);
    fs.unlink(path);
  }
  syncFolder(fs, dirname(path));
}

function eraseContent(fs: FileSystem, folder: string): void {
  for (const name of fs.list(folder)) erase(fs, join(folder, name));
}

/** Zeros over all that is in the file. One that may not be written, as in a folder of our own, is removed all the same. */
function overwrite(fs: FileSystem, path: string): void {
  const file = openOrNothing(fs, path);
  if (file === undefined) return;
  try {
    writeAll(fs, file, new Uint8Array(fs.stat(file).size));
    fs.sync(file);
  } finally {
    closeQuietly(fs, file);
  }
}

function openOrNothing(fs: FileSystem, path: string) {
  try {
    return fs.open(path, "overwrite");
  } catch (error) {
    if (isSystemError(error, "EACCES", "EPERM", "ELOOP")) return undefined;
    throw error;
  }
}
