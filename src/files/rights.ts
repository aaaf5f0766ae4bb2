import type { Attributes, FileSystem, Handle } from "./file-system.ts";

/** Who may read a file, and whose it is. Without owner and group it belongs to whoever made it. */
export interface Rights {
  readonly mode: number;
  readonly owner?: number;
  readonly group?: number;
}

/** Those of a new file that holds a secret. */
export const privateRights: Rights = { mode: 0o600 };

/** Those of the file that is about to be replaced or copied; of a new one where there is none. */
export function rightsOf(attributes: Attributes | undefined): Rights {
  if (attributes === undefined) return privateRights;
  const { mode, owner, group } = attributes;
  return { mode, owner, group };
}

/** The owner comes first: a group may read only once it is the right one. */
export function setRights(fs: FileSystem, handle: Handle, { mode, owner, group }: Rights): void {
  const now = fs.stat(handle);
  const [newOwner, newGroup] = [owner ?? now.owner, group ?? now.group];
  if (newOwner !== now.owner || newGroup !== now.group) fs.chown(handle, newOwner, newGroup);
  if (mode !== now.mode) fs.chmod(handle, mode);
}

/** Whether users besides the owner can read it. */
export function isReadableByOthers({ mode }: Attributes): boolean {
  return (mode & 0o044) !== 0;
}
