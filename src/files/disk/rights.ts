import { join } from "node:path";
import { configName } from "../file-names.ts";
import { during, fileError } from "./file-error.ts";
import { type Attributes, closeQuietly, type FileSystem, type Handle } from "./file-system.ts";
import type { AccessList } from "./handle.ts";

/** Who may read a file, and whose it is. Without owner and group it belongs to the user who makes it. */
export interface Rights {
  readonly mode: number;
  readonly owner?: number;
  readonly group?: number;
  /** Where there is one, the group bits of `mode` are the most that it grants. */
  readonly accessList?: AccessList;
}

/** Those of a new file that holds a secret. */
export const privateRights: Rights = { mode: 0o600 };

/** Those of the file that is about to be replaced or copied; of a new one where there is none. */
export function rightsOf(attributes: Attributes | undefined, accessList?: AccessList): Rights {
  if (attributes === undefined) return privateRights;
  const { mode, owner, group } = attributes;
  const grants = accessList !== undefined && (mode & 0o070) !== 0;
  return { mode, owner, group, ...(grants ? { accessList } : {}) };
}

/**
 * The owner comes first: a group may read only once it is the right one. And where an access list comes, the file's own
 * group may read nothing until it is there.
 */
export function setRights(fs: FileSystem, handle: Handle, { mode: most, owner, group, accessList }: Rights): void {
  const mode = accessList === undefined ? most : most & ~0o070;
  const now = fs.stat(handle);
  const [newOwner, newGroup] = [owner ?? now.owner, group ?? now.group];
  if (newOwner !== now.owner || newGroup !== now.group) fs.chown(handle, newOwner, newGroup);
  if (mode !== now.mode) fs.chmod(handle, mode);
  accessList?.applyTo(handle);
}

/** The users to whom something may belong. */
export type Owners = readonly number[] | "anybody";

/** To whom what is in a folder may belong: its owner, this user and root. */
export function ownersOf(user: number, folder: Attributes): readonly number[] {
  return [user, folder.owner, 0];
}

/** Whether others may write it; a group whose number is the owner's has no one else in it, as Debian makes them. */
export function isWritableByOthers({ mode, owner, group }: Attributes): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && group !== owner);
}

/** `1777`, `664`. */
export function modeInWords(mode: number): string {
  return mode.toString(8);
}

/** Whether users besides the owner can read it. */
export function isReadableByOthers({ mode }: Attributes): boolean {
  return (mode & 0o044) !== 0;
}

export type { AccessList };

/** The access list of the configuration, as far as the system tells; undefined where it has none, or grants nothing. */
export async function readAccessList(fs: FileSystem, directory: string): Promise<AccessList | undefined> {
  const path = join(directory, configName);
  const config = during(`looking at ${path}`, () => fs.lstat(path));
  if (config?.kind !== "file" || (config.mode & 0o070) === 0) return undefined;
  const file = during(`reading ${path}`, () => fs.open(path, "read"));
  try {
    return await fs.accessList(file);
  } catch (error) {
    throw fileError(error, `reading the access list of ${path}`);
  } finally {
    closeQuietly(fs, file);
  }
}
