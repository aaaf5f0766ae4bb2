import { basename, join } from "node:path";
import type { FileSystem, Handle } from "../../../src/files/disk/file-system.ts";
import { isMadeKey } from "../harness/login.ts";
import { directory } from "./memory-disk.ts";
import type { Mistake } from "./mistakes.ts";

const isKey = (path: string) => isMadeKey(basename(path));
const journal = join(directory, ".thermal-provision");

/** The name of the key lasts before its bytes do. */
function keyNotSynced(files: FileSystem): FileSystem {
  const keys = new Set<Handle>();
  return {
    ...files,
    open(path, access, mode) {
      const handle = files.open(path, access, mode);
      if (isKey(path)) keys.add(handle);
      return handle;
    },
    sync(handle) {
      if (!keys.has(handle)) files.sync(handle);
    },
    close(handle) {
      keys.delete(handle);
      files.close(handle);
    },
  };
}

/** The intent names a key that is written only then. */
function keyAfterIntent(files: FileSystem): FileSystem {
  let late: (() => void) | undefined;
  return {
    ...files,
    link(existing, path) {
      if (isKey(path)) {
        const key = contentOf(files, existing);
        late = () => create(files, path, key);
        return;
      }
      files.link(existing, path);
      if (!/\/intent-\d+\.json$/.test(path)) return;
      late?.();
      late = undefined;
    },
  };
}

/** Everything of `path`, read through this port. */
export function contentOf(files: FileSystem, path: string): Uint8Array {
  const handle = files.open(path, "read");
  const bytes = new Uint8Array(files.stat(handle).size);
  files.read(handle, bytes, 0);
  files.close(handle);
  return bytes;
}

function create(files: FileSystem, path: string, bytes: Uint8Array): void {
  const handle = files.open(path, "create", 0o600);
  files.write(handle, bytes, 0);
  files.sync(handle);
  files.close(handle);
  const folder = files.open(directory, "folder");
  files.sync(folder);
  files.close(folder);
}

/** A start takes a key away that the journal of an earlier one may name. */
function keySwept(files: FileSystem): FileSystem {
  let isFirst = true;
  return {
    ...files,
    list(folder) {
      const names = files.list(folder);
      if (!isFirst || folder !== directory) return names;
      isFirst = false;
      if (files.lstat(journal) === undefined) return names;
      for (const name of names.filter(isMadeKey)) files.unlink(join(folder, name));
      return files.list(folder);
    },
  };
}

const all: readonly Omit<Mistake, "kind">[] = [
  { mistake: "the key is not synced before the intent", on: "in order", breaks: "I5", port: keyNotSynced },
  { mistake: "the key is not synced before the intent", on: "any subset", breaks: "I5", port: keyNotSynced },
  { mistake: "the intent is written before its key", on: "in order", breaks: "R", port: keyAfterIntent },
  { mistake: "a key is swept away that an intent names", on: "in order", breaks: "I5", port: keySwept },
];

/** What there is to do wrong with the files of a certificate only. */
export const certificateMistakes = all.map((mistake): Mistake => ({ ...mistake, kind: "X509_CERTIFICATE" }));
