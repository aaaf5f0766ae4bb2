import { dirname, join } from "node:path";
import { wipedKeys, wipesSecrets } from "../model/wiped-secrets.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { replaceFile } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { type Attributes, type FileSystem, syncFile, syncFolder } from "./disk/file-system.ts";
import { type Rights, rightsOf } from "./disk/rights.ts";
import { credentialsName } from "./file-names.ts";
import { meaningOf, membersOf, parseJsonText } from "./json/json-text.ts";

const limit = 64 * 1024;

/**
 * Empties the secrets in `provision.json` where that file asks for it, durably; every other byte stays. To be called when
 * the configuration is on the disk, and before anything is done that keeps the next run from calling it again. Gives
 * whether there were any.
 */
export function wipeSecrets(fs: FileSystem, directory: string): boolean {
  const path = join(directory, credentialsName);
  return during(`emptying the secrets in ${path}`, () => {
    const reading = readBounded(fs, path, limit);
    if (reading.kind !== "read") return false;
    const wiped = withoutSecrets(reading.bytes);
    if (wiped === undefined) return false;
    if (Buffer.compare(wiped, reading.bytes) === 0) {
      // Visible need not be on the disk: a run that was killed may have done it.
      syncFile(fs, path);
      syncFolder(fs, dirname(path));
      return false;
    }
    const stillWanted = () => {
      const now = readBounded(fs, path, limit);
      return now.kind === "read" && Buffer.compare(now.bytes, reading.bytes) === 0;
    };
    return replaceFile(fs, path, wiped, { rights: rightsNow(fs, reading.attributes), stillWanted });
  });
}

/** The file with `""` in the place of each secret; undefined where it does not ask for that, or cannot be read. */
export function withoutSecrets(bytes: Uint8Array): Uint8Array | undefined {
  const json = parseJsonText(credentialsName, bytes);
  if ("problems" in json || !wipesSecrets(meaningOf(json.root))) return undefined;
  const values = membersOf(json.root).flatMap(({ name, value }) => (wipedKeys.includes(name) ? [value] : []));
  const secrets = values.filter((value) => value.type === "plain" && typeof value.value === "string");
  const texts = secrets.toSorted((one, other) => other.offset - one.offset);
  const emptied = texts.reduce(
    (text, { offset, length }) => `${text.slice(0, offset)}""${text.slice(offset + length)}`,
    json.text,
  );
  return new TextEncoder().encode(json.mark + emptied);
}

/** Only root may give a file to its former owner; else it is this user's now, and as closed as it was. */
function rightsNow(fs: FileSystem, attributes: Attributes): Rights {
  const mayGive = fs.user() === 0 || fs.user() === attributes.owner;
  return mayGive ? rightsOf(attributes) : { mode: attributes.mode };
}
