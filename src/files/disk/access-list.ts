import { join } from "node:path";
import { configName } from "../file-names.ts";
import { during, fileError } from "./file-error.ts";
import type { FileSystem } from "./file-system.ts";
import type { AccessList } from "./handle.ts";
import { closeQuietly } from "./sync.ts";

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
