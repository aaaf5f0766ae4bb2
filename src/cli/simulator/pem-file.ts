import { resolve } from "node:path";
import { isSystemError } from "../../base/system-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { UsageError } from "../command/command.ts";

const limit = 1024 * 1024;

/** The text of a PEM file that `option` names; links are followed, as certificates often are links. */
export function readPem(path: string, option: string): string {
  const { open, stat, read, close } = nodeFileSystem;
  try {
    const handle = open(resolve(path), "read-through");
    try {
      const { kind, size } = stat(handle);
      if (kind !== "file" || size > limit)
        throw new UsageError(`${option}: ${path} is not a regular file of at most 1 MiB`);
      const bytes = new Uint8Array(size);
      const text = new TextDecoder().decode(bytes.subarray(0, read(handle, bytes, 0)));
      if (!text.includes("-----BEGIN ")) throw new UsageError(`${option}: ${path} is not a PEM file`);
      return text;
    } finally {
      close(handle);
    }
  } catch (error) {
    if (isSystemError(error, "ENOENT")) throw new UsageError(`${option}: ${path} does not exist`);
    if (isSystemError(error)) throw new UsageError(`${option}: ${path} cannot be read (${error.code})`);
    throw error;
  }
}
