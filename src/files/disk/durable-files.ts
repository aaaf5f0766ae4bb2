import { basename, dirname, join } from "node:path";
import { isSystemError } from "../../base/system-error.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { closeQuietly, type FileSystem, type Handle, syncFolder } from "./file-system.ts";
import { type Rights, setRights } from "./rights.ts";

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

/** A file that is being written and has not its own name yet. */
export interface Draft {
  readonly handle: Handle;
  readonly path: string;
  /** Gives it its name, in the place of whatever has it. */
  rename(to: string): void;
}

/**
 * Writes `bytes` into a temporary file that will become `path` and hands it to `work`, not yet synced. Nobody else can
 * read it from its first byte on, unless `rights` say so in the end. Whatever happens, it is closed, and removed unless
 * it was renamed.
 */
export function draft<Result>(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  rights: Rights,
  work: (draft: Draft) => Result,
): Result {
  const temporary = temporaryPath(fs, path);
  const handle = fs.open(temporary, "create", 0o600);
  let renamed = false;
  try {
    writeWhole(fs, handle, bytes, rights);
    return work({
      handle,
      path: temporary,
      rename(to) {
        fs.rename(temporary, to);
        renamed = true;
      },
    });
  } finally {
    closeQuietly(fs, handle);
    if (!renamed) removeQuietly(fs, temporary);
  }
}

/**
 * `.thermal_config.json.0f3c9a51d27be684.tmp` for `thermal_config.json`: in the same folder, since a rename does not
 * cross file systems, and with a name that nobody can guess to put something there beforehand.
 */
export function temporaryPath(fs: FileSystem, path: string): string {
  const digits = Array.from(fs.random(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return join(dirname(path), `.${basename(path)}.${digits}.tmp`);
}

/** All of `bytes` into a file that is empty. */
export function writeWhole(fs: FileSystem, handle: Handle, bytes: Uint8Array, rights: Rights): void {
  setRights(fs, handle, rights);
  writeAll(fs, handle, bytes);
  if (fs.stat(handle).size !== bytes.byteLength) {
    throw new ProvisioningError("FILE_IO", "a file has another size than what was written to it");
  }
}

/** Writes to the end: a disk that is nearly full takes a part first and says so only at the next write. */
export function writeAll(fs: FileSystem, handle: Handle, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.byteLength; ) {
    const count = fs.write(handle, bytes.subarray(written), written);
    if (count === 0) throw new ProvisioningError("FILE_IO", "the disk takes no more bytes and does not say why");
    written += count;
  }
}

export function removeQuietly(fs: FileSystem, path: string): void {
  try {
    fs.unlink(path);
  } catch {}
}

const pattern = /^\.(?<name>.+)\.[0-9a-f]{16}\.tmp$/;

/**
 * The temporary files in `folder` that earlier runs left behind when they were killed: exactly our pattern with one of
 * our own names in it, a regular file, and of one of `owners`: who made the journal's folder, or who owns the
 * configuration, since a temporary file is given to that user before the rename.
 */
export function temporaryFiles(
  fs: FileSystem,
  folder: string,
  isOurs: (name: string) => boolean,
  owners: readonly number[],
  entries = fs.list(folder),
): readonly string[] {
  return entries.flatMap((entry) => {
    const name = pattern.exec(entry)?.groups?.["name"];
    if (name === undefined || !isOurs(name)) return [];
    const path = join(folder, entry);
    const attributes = fs.lstat(path);
    return attributes?.kind === "file" && owners.includes(attributes.owner) ? [path] : [];
  });
}
