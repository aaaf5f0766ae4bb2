import type { FileSystem, Handle } from "./file-system.ts";

/** Makes the names in `folder` durable. */
export function syncFolder(fs: FileSystem, folder: string): void {
  syncPath(fs, folder, "folder");
}

/** Makes the content of a file durable that was found: what is visible need not be on the disk. */
export function syncFile(fs: FileSystem, path: string): void {
  syncPath(fs, path, "read");
}

function syncPath(fs: FileSystem, path: string, access: "read" | "folder"): void {
  const handle = fs.open(path, access);
  try {
    fs.sync(handle);
  } finally {
    closeQuietly(fs, handle);
  }
}

/** What had to be on the disk was synced before; a failure to close says nothing about it. */
export function closeQuietly(fs: FileSystem, handle: Handle): void {
  try {
    fs.close(handle);
  } catch {}
}
