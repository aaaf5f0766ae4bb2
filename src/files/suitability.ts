import { join } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { ProvisioningError } from "../model/errors.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { draft, temporaryPath } from "./disk/durable-files.ts";
import { during, fileError, withOwner } from "./disk/file-error.ts";
import { type Attributes, closeQuietly, type FileSystem, type Handle } from "./disk/file-system.ts";
import { isForgetful, mountIdOf, readMounts } from "./disk/mounts.ts";
import { type AccessList, isReadableByOthers, type Rights, rightsOf, setRights } from "./disk/rights.ts";
import { configName, processedName, triggerName } from "./file-names.ts";

interface SuitabilityOptions {
  readonly strictFiles: boolean;
  readonly accessList?: AccessList | undefined;
  readonly whyLocked?: (path: string) => unknown;
}

/**
 * Checks, before the server is asked for anything, that the folder can keep what will be written, and lets us rename and
 * remove what must be. A file is made on trial with the rights of the configuration, renamed, and removed.
 *
 * @param options strictFiles makes errors of what would be warnings; accessList is that of the configuration; whyLocked
 *   tells why a file that is there cannot be changed, by default by opening it for writing
 * @throws ProvisioningError FOLDER_READ_ONLY, PERMISSION_DENIED, NO_SPACE, FILE_BUSY, TRIGGER_INVALID, and with
 *   `strictFiles` FILES_NOT_KEPT, FILES_NOT_PRIVATE
 */
export function checkSuitability(fs: FileSystem, directory: string, options: SuitabilityOptions): readonly Warning[] {
  try {
    return examine(fs, directory, options);
  } catch (error) {
    throw withOwner(error, fs, [directory]);
  }
}

function examine(
  fs: FileSystem,
  directory: string,
  { strictFiles, accessList, whyLocked = (path) => openForWriting(fs, path) }: SuitabilityOptions,
): readonly Warning[] {
  return during(`checking whether ${directory} can be written`, () => {
    const config = fs.lstat(join(directory, configName));
    checkSpace(fs, directory, config?.size ?? 0);
    checkProcessedName(fs, directory);
    for (const path of [configName, triggerName].map((name) => join(directory, name))) {
      if (fs.lstat(path) !== undefined) refuseImmutable(path, whyLocked(path));
    }
    const { isPrivate, owner } = tryToWrite(fs, directory, rightsOf(config, accessList));
    for (const name of [configName, triggerName, processedName]) checkSticky(fs, directory, name, owner);
    const isKept = checkMounts(fs, directory, config !== undefined);
    const codes = [
      ...(isPrivate ? [] : (["FILES_NOT_PRIVATE"] as const)),
      ...(isKept ? [] : (["FILES_NOT_KEPT"] as const)),
    ];
    const [first] = codes;
    if (strictFiles && first !== undefined) {
      throw new ProvisioningError(first, `${warning(first).message} ${directory} is on such a file system.`);
    }
    return codes.map((code) => warning(code));
  });
}

/** The new configuration and its backup, the journal and folders that grow. */
export function checkSpace(fs: FileSystem, directory: string, configSize: number): void {
  const { freeBytes, inodes, freeInodes } = fs.space(directory);
  const needed = 2 * configSize + 64 * 1024;
  if (freeBytes < needed) {
    const found = `${Math.floor(freeBytes / 1024)} KiB are free in ${directory}`;
    throw new ProvisioningError("NO_SPACE", `${found}, ${Math.ceil(needed / 1024)} KiB are needed (df -h)`);
  }
  // Intent, reserved room, backup, configuration and status, each with a temporary file, and two folders.
  if (inodes > 0 && freeInodes < 8) {
    throw new ProvisioningError("NO_SPACE", `${directory} can hold ${freeInodes} more files, and 8 are needed (df -i)`);
  }
}

export function checkProcessedName(fs: FileSystem, directory: string): void {
  const path = join(directory, processedName);
  const found = fs.lstat(path);
  if (found === undefined || found.kind !== "folder") return;
  throw new ProvisioningError("TRIGGER_INVALID", `${path} is a folder; the trigger gets that name, so move it away`);
}

/** An immutable file (chattr +i) cannot even be opened for writing; that its mode forbids it does not matter here. */
function openForWriting(fs: FileSystem, path: string): unknown {
  try {
    closeQuietly(fs, fs.open(path, "overwrite"));
    return undefined;
  } catch (error) {
    return error;
  }
}

/** @param error why the file cannot be written, if there is a reason */
export function refuseImmutable(path: string, error: unknown): void {
  if (isSystemError(error, "EPERM")) throw fileError(error, `checking whether ${path} can be renamed or replaced`);
}

/** In a folder with the sticky bit only root, its owner and that of a file may rename or replace the file. */
function checkSticky(fs: FileSystem, directory: string, name: string, user: number): void {
  const file = fs.lstat(join(directory, name));
  if (file === undefined || user === 0 || file.owner === user) return;
  const { mode, owner } = attributesOf(fs, directory);
  if ((mode & 0o1000) === 0 || owner === user) return;
  const found = `${join(directory, name)} belongs to user ${file.owner}, and in a folder with the sticky bit`;
  throw new ProvisioningError("PERMISSION_DENIED", `${found} this user, ${user}, may not rename it`);
}

/** Gives whether a file that is meant to be private is private, and whose it is: this user's, by its number. */
function tryToWrite(fs: FileSystem, directory: string, rights: Rights) {
  const path = join(directory, configName);
  return draft(fs, path, new Uint8Array(1), { mode: 0o600 }, ({ handle, rename }) => {
    const attributes = fs.stat(handle);
    setRights(fs, handle, rights);
    // A folder may take files and not let them go (chattr +a).
    const renamed = temporaryPath(fs, path);
    rename(renamed);
    fs.unlink(renamed);
    return { isPrivate: !isReadableByOthers(attributes), owner: attributes.owner };
  });
}

/** Gives whether what is written survives a reboot, as far as the system says. */
function checkMounts(fs: FileSystem, directory: string, withConfig: boolean): boolean {
  const folder = mountAt(fs, directory, "folder");
  if (withConfig && folder !== mountAt(fs, join(directory, configName), "read")) {
    const path = join(directory, configName);
    throw new ProvisioningError("FILE_BUSY", `${path} is a mount of its own; mount its folder instead`);
  }
  const mounts = readMounts(fs);
  const mount = mounts.find(({ id }) => id === folder);
  return mount === undefined || !isForgetful(mount, mounts);
}

function mountAt(fs: FileSystem, path: string, access: "folder" | "read"): number | undefined {
  return opened(fs, path, access, (handle) => mountIdOf(fs, handle));
}

/** Of the folder itself, also when it was reached by a link. */
function attributesOf(fs: FileSystem, directory: string): Attributes {
  return opened(fs, directory, "folder", (handle) => fs.stat(handle));
}

function opened<Result>(
  fs: FileSystem,
  path: string,
  access: "folder" | "read",
  look: (handle: Handle) => Result,
): Result {
  const handle = fs.open(path, access);
  try {
    return look(handle);
  } finally {
    closeQuietly(fs, handle);
  }
}
