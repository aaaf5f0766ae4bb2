import { dirname } from "node:path";
import { isSystemError } from "../../base/system-error.ts";
import type { FileSystem, Handle } from "./file-system.ts";
import type { Rights } from "./rights.ts";
import { closeQuietly, syncFolder } from "./sync.ts";
import { draft, removeQuietly, writeWhole } from "./temporary-files.ts";

interface CreateOptions {
  readonly rights: Rights;
  /**
   * Which guarantee to keep where the file system has no hard links (FAT). `exclusive`: never over another file, though
   * a crash can leave a part of one. `complete`: never a part, though two processes at the same instant could overwrite each other.
   */
  readonly withoutLinks: "exclusive" | "complete";
}

/** Makes the file `path`, which must not exist yet: complete or not at all, durably, and never over another. */
export function createOnce(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  { rights, withoutLinks }: CreateOptions,
): "created" | "exists" {
  const linked = draft(fs, path, bytes, rights, ({ handle, path: temporary, rename }) => {
    fs.sync(handle);
    const outcome = link(fs, temporary, path);
    if (outcome !== "unsupported" || withoutLinks === "exclusive") return outcome;
    if (fs.lstat(path) !== undefined) return "exists";
    rename(path);
    fs.sync(handle);
    return "created";
  });
  const outcome = linked === "unsupported" ? createInPlace(fs, path, bytes, rights) : linked;
  syncFolder(fs, dirname(path));
  return outcome;
}

function link(fs: FileSystem, existing: string, path: string): "created" | "exists" | "unsupported" {
  try {
    fs.link(existing, path);
    return "created";
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return "exists";
    if (isSystemError(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) return "unsupported";
    throw error;
  }
}

function createInPlace(fs: FileSystem, path: string, bytes: Uint8Array, rights: Rights): "created" | "exists" {
  let handle: Handle;
  try {
    handle = fs.open(path, "create", 0o600);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return "exists";
    throw error;
  }
  try {
    writeWhole(fs, handle, bytes, rights);
    fs.sync(handle);
    return "created";
  } catch (error) {
    removeQuietly(fs, path);
    throw error;
  } finally {
    closeQuietly(fs, handle);
  }
}
