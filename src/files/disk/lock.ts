import { platform as systemPlatform } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { isSystemError } from "../../base/system-error.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { journalName } from "../file-names.ts";
import { during, fileError, withOwner } from "./file-error.ts";
import { closeQuietly, type FileSystem, type Handle } from "./file-system.ts";

/** One provisioning at a time. The kernel gives the lock back when this process ends, in whatever way. */
export interface Lock extends Disposable {
  /** False where no lock is to be had (macOS): then nothing keeps a second run away. */
  readonly kept: boolean;
  release(): void;
}

/** `status` holds the lock for a millisecond when it looks whether it is free: that is no run. */
const tries = 3;
const betweenTries = milliseconds(20);

/**
 * Takes the lock of a camera's folder: the folder of the journal, which is made where it is missing, and stays.
 *
 * @throws ProvisioningError LOCKED, PLATFORM_UNSUPPORTED, and those of a folder that cannot be written
 */
export async function takeLock(
  fs: FileSystem,
  directory: string,
  clock: Clock,
  platform: string = systemPlatform(),
): Promise<Lock> {
  if (platform === "win32") {
    throw new ProvisioningError("PLATFORM_UNSUPPORTED", "Windows is not supported; run this on Linux");
  }
  const path = join(directory, journalName);
  const folder = opened(fs, path, directory);
  try {
    if ((fs.stat(folder).mode & 0o077) !== 0) closeToOthers(fs, folder);
    return platform === "darwin" ? lockOf(fs, folder, () => {}, false) : await lockFolder(fs, folder, directory, clock);
  } catch (error) {
    closeQuietly(fs, folder);
    throw fileError(error, `locking ${path}`);
  }
}

/** Whether a run is going on in this folder. Changes nothing. */
export async function isLocked(
  fs: FileSystem,
  directory: string,
  platform: string = systemPlatform(),
): Promise<boolean> {
  if (platform !== "linux") return false;
  let folder: Handle;
  try {
    folder = fs.open(join(directory, journalName), "folder-itself");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP")) return false;
    throw fileError(error, `looking into ${join(directory, journalName)}`);
  }
  try {
    return await fs.isLocked(folder);
  } finally {
    closeQuietly(fs, folder);
  }
}

async function lockFolder(fs: FileSystem, folder: Handle, directory: string, clock: Clock): Promise<Lock> {
  for (let count = 1; ; count++) {
    const locking = await fs.lock(folder);
    if (locking === "unavailable") return lockOf(fs, folder, () => {}, false);
    if (locking !== "taken") return lockOf(fs, folder, locking.release, true);
    if (count === tries) {
      throw new ProvisioningError("LOCKED", `another provisioning is at work in ${directory}; wait until it has ended`);
    }
    await clock.sleep(betweenTries);
  }
}

function lockOf(fs: FileSystem, folder: Handle, free: () => void, kept: boolean): Lock {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    free();
    closeQuietly(fs, folder);
  };
  return { kept, release, [Symbol.dispose]: release };
}

/** Where this user may not, the folder is mostly another user's, or an earlier run by root has left its own in it. */
function opened(fs: FileSystem, path: string, directory: string): Handle {
  try {
    return openOrMake(fs, path);
  } catch (error) {
    throw withOwner(fileError(error, `opening ${path}`), fs, [path, directory]);
  }
}

function openOrMake(fs: FileSystem, path: string): Handle {
  if (fs.lstat(path) === undefined) during(`making ${path}`, () => makeFolder(fs, path));
  if (fs.lstat(path)?.kind !== "folder") throw isNotAFolder(path);
  try {
    return fs.open(path, "folder-itself");
  } catch (error) {
    // Between the two calls somebody may have put a link there.
    throw isSystemError(error, "ENOTDIR", "ELOOP") ? isNotAFolder(path, error) : error;
  }
}

function isNotAFolder(path: string, cause?: unknown): ProvisioningError {
  return new ProvisioningError("JOURNAL_UNREADABLE", `${path} is not a folder; move it away`, { cause });
}

/** What is in the folder is private by itself; one that is another user's, or has no modes, will do. */
function closeToOthers(fs: FileSystem, folder: Handle): void {
  try {
    fs.chmod(folder, 0o700);
  } catch {}
}

function makeFolder(fs: FileSystem, path: string): void {
  try {
    fs.makeFolder(path, 0o700);
  } catch (error) {
    // A second start at the same moment: the lock decides between them.
    if (!isSystemError(error, "EEXIST")) throw error;
  }
}
