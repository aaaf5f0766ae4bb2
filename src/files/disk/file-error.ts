import { constants } from "node:os";
import { isSystemError } from "../../base/system-error.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { FileSystem } from "./file-system.ts";

/** What a system call's failure means to a person; every other failure is FILE_IO. */
const meanings: Readonly<Record<string, { readonly code: ErrorCode; readonly words: string }>> = {
  EROFS: { code: "FOLDER_READ_ONLY", words: "the file system is mounted read-only" },
  EACCES: { code: "PERMISSION_DENIED", words: "this user is not permitted to" },
  EPERM: { code: "PERMISSION_DENIED", words: "this user is not permitted to, or the file is immutable" },
  ENOSPC: { code: "NO_SPACE", words: "the disk is full, or can hold no more files" },
  EDQUOT: { code: "NO_SPACE", words: "the user's quota is used up" },
  EFBIG: { code: "NO_SPACE", words: "the file would be larger than the limit allows" },
  EIO: { code: "FILE_IO", words: "the disk reported an error" },
  EMFILE: { code: "FILE_IO", words: "too many files are open" },
  ENFILE: { code: "FILE_IO", words: "too many files are open in the whole system" },
  EISDIR: { code: "FILE_IO", words: "a folder is in the way" },
  ENOTDIR: { code: "FILE_IO", words: "something that is not a folder is in the way" },
  ELOOP: { code: "FILE_IO", words: "a symbolic link is in the way" },
  ENOENT: { code: "FILE_IO", words: "a file or folder disappeared meanwhile" },
};

/**
 * Does `work`; a system call that fails there becomes a ProvisioningError that says what was being done.
 *
 * @param action what is done, with its file: `replacing /data/thermal_config.json`
 * @param exceptions codes that mean something special here, such as EBUSY for a file that is a mount
 */
export function during<Result>(
  action: string,
  work: () => Result,
  exceptions: Readonly<Record<string, ErrorCode>> = {},
): Result {
  try {
    return work();
  } catch (error) {
    throw fileError(error, action, exceptions);
  }
}

/** The ProvisioningError of a failed system call; anything else is passed through. */
export function fileError(
  error: unknown,
  action: string,
  exceptions: Readonly<Record<string, ErrorCode>> = {},
): unknown {
  if (!isSystemError(error)) return error;
  const name = nameOf(error);
  const meaning = meanings[name];
  const code = exceptions[name] ?? meaning?.code ?? "FILE_IO";
  const reason = meaning === undefined ? name : `${meaning.words} (${name})`;
  return new ProvisioningError(code, `${action} failed: ${reason}`, { cause: error });
}

/** Node.js has no name for EDQUOT: its `code` is then "Unknown system error -122". */
function nameOf({ code, errno }: NodeJS.ErrnoException): string {
  if (errno !== undefined && -errno === constants.errno.EDQUOT) return "EDQUOT";
  return code ?? `error ${errno}`;
}

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
