import { join } from "node:path";
import { nearestName } from "../base/nearest-name.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { LocatedProblem, Problem } from "../model/problem.ts";
import { ProvisioningCredentials, provisioningCredentialsEntries } from "../model/provisioning-credentials.ts";
import { isPlaceholder } from "../model/strange-characters.ts";
import { readBounded } from "./disk/bounded-read.ts";
import type { Attributes, FileSystem } from "./disk/file-system.ts";
import { completeName } from "./factory-name.ts";
import { credentialsName, triggerName } from "./file-names.ts";
import {
  findDuplicates,
  firstProblems,
  type JsonText,
  meaningOf,
  membersOf,
  nodeAt,
  parseJsonText,
  withoutStrangeKey,
} from "./json/json-text.ts";
import type { Member, Node } from "./json/json-tree.ts";
import { type Completed, completeSecrets, type SecretPlaces } from "./secret-files.ts";

/** A file's content, or everything that is wrong with it. */
export type FileRead<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ErrorCode; readonly problems: readonly LocatedProblem[] };

export interface CredentialsFile {
  readonly credentials: ProvisioningCredentials;
  readonly attributes: Attributes;
}

const limit = 64 * 1024;
const file = credentialsName;

/** Reads `provision.json`. */
export function readCredentialsFile(fs: FileSystem, places: SecretPlaces): FileRead<CredentialsFile> {
  const { directory } = places;
  const reading = readBounded(fs, join(directory, file), limit);
  switch (reading.kind) {
    case "absent":
      return { ok: false, code: "CREDENTIALS_FILE_MISSING", problems: [missing(fs.list(directory))] };
    case "refused": {
      const { found, expected } = reading;
      return { ok: false, code: "CREDENTIALS_FILE_UNREADABLE", problems: [{ file, path: [], found, expected }] };
    }
    case "read": {
      const { attributes } = reading;
      const parsed = parseCredentials(reading.bytes, (input) => {
        const named = completeName(fs, directory, input);
        const completed = completeSecrets(fs, places, named.input);
        return { ...completed, problems: [...named.problems, ...completed.problems] };
      });
      return parsed.ok ? { ok: true, value: { credentials: parsed.value, attributes } } : parsed;
    }
  }
}

function missing(names: readonly string[]): LocatedProblem {
  const others = names.filter((name) => name !== triggerName && !name.startsWith("."));
  const nearest = nearestName(file, others);
  const problem = { file, path: [], found: "no such file", expected: "one beside provision.txt" };
  return nearest === undefined ? problem : { ...problem, nearest };
}

function parseCredentials(
  bytes: Uint8Array,
  complete: (input: unknown) => Completed,
): FileRead<ProvisioningCredentials> {
  const json = parseJsonText(file, bytes);
  if ("problems" in json) return { ok: false, code: "CREDENTIALS_FILE_INVALID", problems: json.problems };
  const duplicates = findDuplicates(file, json, json.root, []);
  const { input, problems: ofFiles } = complete(meaningOf(json.root));
  const checked = ProvisioningCredentials(input);
  const members = new Map(membersOf(json.root).map((member) => [member.name, member]));
  const found = [...(checked.ok ? [] : checked.problems), ...ofFiles, ...placeholders(json.root)];
  const problems = found.map((problem) => locate(json, members, problem));
  if (checked.ok && duplicates.length === 0 && problems.length === 0) return { ok: true, value: checked.value };
  const known = Object.keys(provisioningCredentialsEntries);
  const all = [...duplicates, ...problems].map((problem) => withoutStrangeKey(problem, known)).sort(byPlace);
  return { ok: false, code: "CREDENTIALS_FILE_INVALID", problems: firstProblems(file, all) };
}

/** Key and secret as samples have them: the specification allows them, and no server knows them. */
function placeholders(root: Node): readonly Problem[] {
  return ["provision_device_key", "provision_device_secret"].flatMap((key) => {
    const value = meaningOf(nodeAt(root, [key]));
    if (typeof value !== "string" || !isPlaceholder(value)) return [];
    const expected = "the one of your device profile (tab Device provisioning)";
    return [{ path: [key], found: "the placeholder of a sample", expected }];
  });
}

/** An unknown key has its own place, a wrong value that of the value, a missing key that of the object. */
function locate(
  { text, root, placeOf }: JsonText,
  members: ReadonlyMap<unknown, Member>,
  problem: Problem,
): LocatedProblem {
  const member = members.get(problem.path[0]);
  if (member === undefined) return { ...problem, file, ...placeOf(root.offset) };
  const known = Object.hasOwn(provisioningCredentialsEntries, member.name);
  const { value } = member;
  const place = placeOf((known ? value : member.key).offset);
  // 1e400 is a number in JSON, and infinite here: what was written says more.
  const isNumber = known && value.type === "plain" && typeof value.value === "number" && !Number.isFinite(value.value);
  const written = text.slice(value.offset, value.offset + Math.min(value.length, 60));
  const found = isNumber ? `the number ${written}` : undefined;
  return { ...problem, file, ...place, ...(found === undefined ? {} : { found }) };
}

function byPlace(one: LocatedProblem, other: LocatedProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
