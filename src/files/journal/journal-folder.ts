import { createHash } from "node:crypto";
import { join } from "node:path";
import { isSystemError } from "../../base/system-error.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { type FileSystem, syncFolder } from "../disk/file-system.ts";
import { journalName, lastSuccessName } from "../file-names.ts";

/**
 * The name of a server's folder in the journal: its host, with `_3a` for a colon and so on. Two hosts never share a
 * name, and every name is legal on FAT. What does not fit is hashed, as is the name of the record that lies beside these
 * folders; `_s` begins no such escape.
 */
export function folderOf(host: string): string {
  const name = host.replace(/[^a-z0-9.-]|^\.|\.$/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `_${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  const isFree = name !== "" && name !== lastSuccessName;
  return isFree && name.length <= 200 ? name : `_sha256-${createHash("sha256").update(host).digest("hex")}`;
}

/** The host whose folder has this name; the name itself where it does not tell. */
export function hostOf(folder: string): string {
  const bytes = folder.replace(/_([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  const host = Buffer.from(bytes, "latin1").toString("utf8");
  return folderOf(host) === folder ? host : folder;
}

export function journalPath(directory: string, host: string): string {
  return join(directory, journalName, folderOf(host));
}

/** Makes the folder of `host`, where there is none; what is made is durable with `syncWay`. */
export function makeJournalFolder(fs: FileSystem, directory: string, host: string): void {
  for (const path of [join(directory, journalName), journalPath(directory, host)]) {
    try {
      fs.makeFolder(path, 0o700);
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  }
}

/** Removes the folder of a server. Records that were put aside as damaged stay, as does what is not ours. */
export function removeIfEmpty(fs: FileSystem, folder: string): void {
  try {
    fs.removeFolder(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
}

/** Makes the names last by which a server's folder is found. */
export function syncWay(fs: FileSystem, directory: string): void {
  syncFolder(fs, join(directory, journalName));
  syncFolder(fs, directory);
}

/** `intent-1.json`, `sent-1.json`, `received-2.json`. */
const recordPattern = /^(intent|sent|received)-([1-9]\d{0,5})\.json$/;

export interface RecordName {
  readonly kind: "intent" | "sent" | "received";
  readonly number: number;
}

/** What a file in a journal folder is by its name; undefined for anything but a record. */
export function recordOf(name: string): RecordName | undefined {
  const [, kind, number] = recordPattern.exec(name) ?? [];
  if (kind !== "intent" && kind !== "sent" && kind !== "received") return undefined;
  return { kind, number: Number(number) };
}

export function recordName({ kind, number }: RecordName): string {
  return `${kind}-${number}.json`;
}

/**
 * The folders that lead to a device, by an intent or an answer. What was put aside has an `@` in its name, as no server's
 * folder has; a file beside them is nobody's journal.
 */
export function unfinishedFolders(fs: FileSystem, directory: string): readonly string[] {
  const journal = join(directory, journalName);
  return listOrNothing(fs, journal).filter(
    (name) =>
      /^[a-z0-9._-]+$/.test(name) &&
      fs.lstat(join(journal, name))?.kind === "folder" &&
      listOrNothing(fs, join(journal, name)).some((file) =>
        ["intent", "received"].includes(recordOf(file)?.kind ?? ""),
      ),
  );
}

/** Whether there are journals that were put aside: `reset` and `--new-identity` leave them under a dated name. */
export function hasPutAside(fs: FileSystem, directory: string): boolean {
  return putAside(fs, directory).length > 0;
}

/** The names of the folders that were put aside. */
export function putAside(fs: FileSystem, directory: string): readonly string[] {
  return listOrNothing(fs, join(directory, journalName)).filter((name) =>
    /^[a-z0-9._-]+@\d{8}T\d{6}Z(-\d+)?$/.test(name),
  );
}

/** The names in a folder of the journal; none where there is no such folder. */
export function listOrNothing(fs: FileSystem, folder: string): readonly string[] {
  try {
    return [...fs.list(folder)].sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    if (isSystemError(error, "ENOTDIR")) {
      throw new ProvisioningError("JOURNAL_UNREADABLE", `${folder} is not a folder; move it away`, { cause: error });
    }
    throw error;
  }
}
