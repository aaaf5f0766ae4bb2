import { isSystemError } from "../../base/system-error.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { FileSystem } from "./file-system.ts";

/** The error of what this user may not do, with whose it is: the first of `paths` that is there. Others stay as they are. */
export function withOwner(error: unknown, fs: FileSystem, paths: readonly string[]): unknown {
  if (!ProvisioningError.is(error) || !isSystemError(error.cause, "EACCES")) return error;
  const message = `${error.message}${ownerOf(fs, paths)}`;
  return new ProvisioningError(error.errorCode, message, { cause: error.cause });
}

function ownerOf(fs: FileSystem, paths: readonly string[]): string {
  try {
    for (const path of paths) {
      const owner = fs.lstat(path)?.owner;
      if (owner !== undefined) return `; ${path} belongs to user ${owner}, and this is user ${fs.user()}`;
    }
  } catch {
    // Who may not even look there is not told whose it is.
  }
  return "";
}
