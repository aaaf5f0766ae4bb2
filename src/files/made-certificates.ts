import { join } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import type { ClientCertificate } from "../model/credentials.ts";
import { readBounded } from "./disk/bounded-read.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { configName, journalName } from "./file-names.ts";

/** The files of a certificate that a camera makes in the attempt `attemptId`. */
export function madeFiles(attemptId: string): Pick<ClientCertificate, "certificateFile" | "privateKeyFile"> {
  return { certificateFile: `device-${attemptId}.crt.pem`, privateKeyFile: `device-${attemptId}.key.pem` };
}

/** The key that somebody is asked to certify, until the camera is provisioned; then it is there under its own name. */
export const requestedKeyName = "device-requested.key.pem";

const pattern = /^device-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(?:crt|key)\.pem$/;

/** Whether a camera may have made the file of this name. */
export function isMadeCertificate(name: string): boolean {
  return pattern.test(name);
}

const largest = 16 * 1024 * 1024;

/**
 * Of the files `names` in `directory` the certificates and keys that a camera made, and that nothing names: a run was killed
 * before it wrote down what it would ask for. A key that the server may know is lost for ever with its file, so whatever may
 * name it is looked into, copies that a person made too, and what cannot be read may name it.
 */
export function unusedCertificates(fs: FileSystem, directory: string, names: readonly string[]): readonly string[] {
  const made = names.filter(isMadeCertificate);
  if (made.length === 0) return [];
  try {
    return unnamed(fs, filesIn(fs, directory, names, made), made).map((name) => join(directory, name));
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** Those of `made` that none of these files names. */
function unnamed(fs: FileSystem, paths: Iterable<string>, made: readonly string[]): readonly string[] {
  const left = new Set(made);
  for (const path of paths) {
    const reading = readBounded(fs, path, largest);
    if (reading.kind === "absent") continue;
    if (reading.kind === "refused") return [];
    const text = Buffer.from(reading.bytes).toString("latin1");
    for (const name of left) if (text.includes(name)) left.delete(name);
    if (left.size === 0) return [];
  }
  return [...left];
}

/**
 * Every regular file there, the made ones left out, and all in the journals and in what was put aside; the configuration,
 * which names them mostly, first.
 */
function* filesIn(
  fs: FileSystem,
  directory: string,
  names: readonly string[],
  without: readonly string[],
): Generator<string> {
  const others = names.filter((each) => each !== configName && !without.includes(each));
  for (const name of names.includes(configName) ? [configName, ...others] : others) {
    const path = join(directory, name);
    const kind = fs.lstat(path)?.kind;
    if (kind === "file") yield path;
    if (kind === "folder" && name === journalName) yield* below(fs, path);
  }
}

function* below(fs: FileSystem, folder: string): Generator<string> {
  for (const name of fs.list(folder)) {
    const path = join(folder, name);
    const kind = fs.lstat(path)?.kind;
    if (kind === "folder") yield* below(fs, path);
    else if (kind !== undefined) yield path;
  }
}
