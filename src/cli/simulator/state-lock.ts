import { isSystemError } from "../../base/system-error.ts";
import type { FileSystem, Handle } from "../../files/disk/file-system.ts";
import { UsageError } from "../command/command.ts";

/**
 * Keeps a second simulator from a state file: a lock on a file beside it, because the state file itself is replaced at
 * every save. The kernel gives it back however this process ends. Throws UsageError when another has it.
 */
export async function lockState(fs: FileSystem, path: string): Promise<Disposable> {
  const beside = `${path}.lock`;
  for (;;) {
    const handle = open(fs, beside);
    const locking = await fs.lock(handle);
    if (locking === "taken") {
      fs.close(handle);
      throw new UsageError(
        `--state: another simulator keeps its devices in ${path}; name another file, or end that one`,
      );
    }
    const release = () => {
      if (locking !== "unavailable") locking.release();
      fs.close(handle);
    };
    // The one that had it before may have taken the file away between our opening and our locking it.
    if (fs.lstat(beside)?.inode !== fs.stat(handle).inode) {
      release();
      continue;
    }
    return {
      [Symbol.dispose]() {
        try {
          fs.unlink(beside);
        } finally {
          release();
        }
      },
    };
  }
}

function open(fs: FileSystem, path: string): Handle {
  try {
    return fs.open(path, "create", 0o600);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw new UsageError(`--state: ${path} cannot be made (${code(error)})`);
  }
  try {
    return fs.open(path, "read");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return open(fs, path);
    throw new UsageError(`--state: ${path} cannot be opened (${code(error)})`);
  }
}

function code(error: unknown): unknown {
  return isSystemError(error) ? error.code : error;
}
