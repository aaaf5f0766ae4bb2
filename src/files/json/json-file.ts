import { isSystemError } from "../../base/system-error.ts";
import type { LocatedProblem, Problem } from "../../model/problem.ts";
import { readBounded } from "../disk/bounded-read.ts";
import { draft, replaceFile, replaceFileLoosely } from "../disk/durable-files.ts";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { rightsOf } from "../disk/rights.ts";
import { findDuplicates, type JsonText, meaningOf, membersOf, nodeAt, parseJsonText } from "./json-text.ts";
import type { Node } from "./json-tree.ts";

/** A JSON file that a person named: its meaning, with the places in it, or why there is none. */
export type JsonFile =
  | { readonly kind: "absent" }
  | {
      readonly kind: "read";
      readonly value: unknown;
      readonly locate: (problem: Problem) => LocatedProblem;
      /** A problem for each key that stands in its object a second time. */
      readonly duplicates: () => readonly LocatedProblem[];
    }
  | { readonly kind: "unusable"; readonly problems: readonly LocatedProblem[] };

/**
 * Reads a JSON file of at most `limit` bytes.
 *
 * @throws ProvisioningError when the disk fails
 */
export function readJsonFile(fs: FileSystem, path: string, limit: number): JsonFile {
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  switch (reading.kind) {
    case "absent":
      return reading;
    case "refused": {
      const { found, expected } = reading;
      return { kind: "unusable", problems: [{ file: path, path: [], found, expected }] };
    }
    case "read": {
      const json = parseJsonText(path, reading.bytes);
      if ("problems" in json) return { kind: "unusable", problems: json.problems };
      return {
        kind: "read",
        value: meaningOf(json.root),
        locate: (problem) => locate(path, json, problem),
        duplicates: () => duplicatesIn(path, json, json.root, []),
      };
    }
  }
}

function duplicatesIn(file: string, json: JsonText, node: Node, path: readonly (string | number)[]): LocatedProblem[] {
  const within =
    node.type === "list"
      ? node.elements.map((value, index) => ({ name: index, value }))
      : membersOf(node).map(({ name, value }) => ({ name, value }));
  return [
    ...findDuplicates(file, json, node, path),
    ...within.flatMap(({ name, value }) => duplicatesIn(file, json, value, [...path, name])),
  ];
}

/** The place of the value, or of the innermost one around it that is there. */
function locate(file: string, { root, placeOf }: JsonText, problem: Problem): LocatedProblem {
  const nodes = problem.path.map((_, index) => nodeAt(root, problem.path.slice(0, index + 1)));
  const { offset } = nodes.findLast((node) => node !== undefined) ?? root;
  return { ...problem, file, ...placeOf(offset) };
}

/** Finds out beforehand why no file can be put at `path`; undefined when one can. Leaves nothing behind. */
export function whyNotWritable(fs: FileSystem, path: string): string | undefined {
  try {
    const there = fs.lstat(path);
    if (there !== undefined && there.kind !== "file") return `it is a ${there.kind}`;
    draft(fs, path, new Uint8Array(), rightsOf(there), () => {});
    return undefined;
  } catch (error) {
    if (isSystemError(error)) return error.code;
    throw error;
  }
}

/**
 * Puts `value` as JSON in the place of `path`, all or nothing; a new file is for its owner only.
 *
 * @param durably false: a power cut may lose it, which is enough for what is written again soon
 * @throws ProvisioningError
 */
export function writeJsonFile(fs: FileSystem, path: string, value: unknown, durably: boolean): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  during(`writing ${path}`, () => {
    const rights = rightsOf(fs.lstat(path));
    if (durably) replaceFile(fs, path, bytes, { rights });
    else replaceFileLoosely(fs, path, bytes, rights);
  });
}

/** The names of the `.json` files in a folder, without the ending; none where there is no such folder. */
export function jsonFilesIn(fs: FileSystem, folder: string): readonly string[] {
  if (during(`looking at ${folder}`, () => fs.lstat(folder)) === undefined) return [];
  const names = during(`reading ${folder}`, () => fs.list(folder));
  return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : [])).sort();
}
