import { join } from "node:path";
import { configName } from "../file-names.ts";
import { during, fileError } from "./file-error.ts";
import type { FileSystem, Handle } from "./file-system.ts";
import { closeQuietly } from "./sync.ts";

/**
 * The access control list of a file (acl(5)), where it has one: rights of single users and groups besides those of the
 * mode. The mode's group bits then say the most that the list may grant, and nothing of the file's own group.
 */
export interface AccessList {
  /** Gives another file exactly these rights. */
  readonly applyTo: (file: Handle) => void;
}

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
