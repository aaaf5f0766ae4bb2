import { basename, dirname, join } from "node:path";
import { systemRandomness } from "../../base/randomness.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { FileSystem, Handle } from "./file-system.ts";
import { type Rights, setRights } from "./rights.ts";
import { closeQuietly } from "./sync.ts";

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
  const temporary = temporaryPath(path);
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
export function temporaryPath(path: string): string {
  const digits = Array.from(systemRandomness.bytes(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
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
