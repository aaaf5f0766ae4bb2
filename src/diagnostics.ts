import { createHash } from "node:crypto";
import { join } from "node:path";
import { readBounded } from "./files/disk/bounded-read.ts";
import { during } from "./files/disk/file-error.ts";
import type { FileSystem } from "./files/disk/file-system.ts";
import { journalName } from "./files/file-names.ts";
import { listOrNothing } from "./files/journal/journal-folder.ts";
import { type Inspection, inspect } from "./inspect.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { surroundings as withDefaults } from "./run/surroundings.ts";

/** A file of the camera's folder as `ls -l` shows it: nothing of what is in it. */
export interface ListedFile {
  /** From the camera's folder on. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "special";
  readonly size: number;
  /** `0600` */
  readonly mode: string;
  readonly owner: number;
  readonly group: number;
  /** Of a record of the journal: a hash of its bytes, by which two of them are told apart. */
  readonly sha256?: string;
}

/** What support wants to know of a camera. No secret is in it. */
export interface Diagnostics {
  readonly madeAt: Date;
  readonly inspection: Inspection;
  /** At most a few hundred. */
  readonly files: readonly ListedFile[];
}

const most = 300;
const largestRecord = 64 * 1024;

/**
 * Gathers what support asks for first, and changes nothing; what is secret is not even read, apart from the hashes of the
 * journal's records.
 *
 * @throws ProvisioningError as `inspect`
 */
export async function diagnostics(
  options: Pick<ProvisionOptions, "directory" | "files" | "clock"> = {},
): Promise<Diagnostics> {
  const { files, directory, clock } = withDefaults(options);
  const inspection = await inspect(options);
  return { madeAt: clock.now(), inspection, files: listed(files, directory) };
}

function listed(fs: FileSystem, directory: string): readonly ListedFile[] {
  return during(`looking into ${directory}`, () => {
    const above = fs.list(directory).toSorted();
    const journals = readable(fs, join(directory, journalName)).map((name) => join(journalName, name));
    const records = journals.flatMap((folder) =>
      fs.lstat(join(directory, folder))?.kind === "folder"
        ? readable(fs, join(directory, folder)).map((name) => join(folder, name))
        : [],
    );
    return [...above, ...journals, ...records].slice(0, most).flatMap((path) => describe(fs, directory, path));
  });
}

/** Another user may not look into the journal: then nothing is told of it. */
function readable(fs: FileSystem, folder: string): readonly string[] {
  try {
    return listOrNothing(fs, folder);
  } catch {
    return [];
  }
}

function describe(fs: FileSystem, directory: string, path: string): readonly ListedFile[] {
  const found = fs.lstat(join(directory, path));
  if (found === undefined) return [];
  const { kind, size, mode, owner, group } = found;
  const sha256 = path.startsWith(journalName) && kind === "file" ? hashOf(fs, join(directory, path)) : undefined;
  const octal = mode.toString(8).padStart(4, "0");
  return [{ path, kind, size, mode: octal, owner, group, ...(sha256 === undefined ? {} : { sha256 }) }];
}

function hashOf(fs: FileSystem, path: string): string | undefined {
  const reading = readBounded(fs, path, largestRecord);
  return reading.kind === "read" ? createHash("sha256").update(reading.bytes).digest("hex") : undefined;
}
