import { join, resolve } from "node:path";
import { isObject } from "../base/json-object.ts";
import type { Problem } from "../model/problem.ts";
import { secretsInFiles } from "../model/secret-file-keys.ts";
import { readBounded } from "./disk/bounded-read.ts";
import type { FileSystem } from "./disk/file-system.ts";

const limit = 64 * 1024;

/** `provision.json` with the secrets that stand in files of their own, and what is wrong with those files. */
export interface Completed {
  readonly input: unknown;
  readonly problems: readonly Problem[];
}

/** Where secrets may lie besides `provision.json`. */
export interface SecretPlaces {
  /** That of `provision.json`. */
  readonly directory: string;
  /** `$CREDENTIALS_DIRECTORY`: what systemd keeps for a service (LoadCredential=). */
  readonly credentialsDirectory?: string | undefined;
}

/**
 * Puts into what `provision.json` says the secrets that it has in files: those that it names, and, where it says nothing,
 * those that systemd keeps.
 */
export function completeSecrets(fs: FileSystem, places: SecretPlaces, input: unknown): Completed {
  if (!isObject(input)) return { input, problems: [] };
  const completed: Record<string, unknown> = { ...input };
  const problems: Problem[] = [];
  for (const { key, fileKey } of secretsInFiles) {
    if (input[key] !== undefined) continue;
    const named = input[fileKey];
    const read = named === undefined ? kept(fs, places, key) : readNamed(fs, places, named);
    if (read === undefined) continue;
    delete completed[fileKey];
    // What cannot be read is told once: of the secret itself nothing is known then.
    completed[key] = "text" in read ? read.text : "unknown";
    if (!("text" in read)) problems.push({ path: [named === undefined ? key : fileKey], ...read });
  }
  return { input: completed, problems };
}

type SecretRead = { readonly text: string } | Pick<Problem, "found" | "expected">;

function kept(fs: FileSystem, { credentialsDirectory }: SecretPlaces, key: string): SecretRead | undefined {
  if (credentialsDirectory === undefined || credentialsDirectory === "") return undefined;
  const path = join(credentialsDirectory, key);
  return fs.lstat(path) === undefined ? undefined : readSecret(fs, path);
}

/** Undefined for what is not the name of a file, which the check of the whole tells. */
function readNamed(fs: FileSystem, { directory }: SecretPlaces, name: unknown): SecretRead | undefined {
  return typeof name === "string" && name !== "" ? readSecret(fs, resolve(directory, name)) : undefined;
}

/** The text of a file without the line end that an editor puts behind it; or why there is none. */
function readSecret(fs: FileSystem, path: string): SecretRead {
  const expected = "a file that holds the secret and nothing else";
  const reading = readBounded(fs, path, limit);
  if (reading.kind === "absent") return { found: "the name of a file that is not there", expected };
  if (reading.kind === "refused") return { found: reading.found, expected: reading.expected };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(reading.bytes).replace(/\r?\n$/, "") };
  } catch {
    return { found: "bytes that are not UTF-8", expected };
  }
}
