import { describe } from "../../model/check.ts";
import type { LocatedProblem, Problem } from "../../model/problem.ts";
import { type Member, type Node, readTree, type Wanted } from "./json-tree.ts";
import { mistakesIn } from "./mistakes.ts";
import { anObject, decodeUtf8, type Fault } from "./text-encoding.ts";

/** A JSON object as it stands in a file: comments and trailing commas are allowed, and every place is known. */
export interface JsonText {
  readonly text: string;
  /** The byte order mark that stood before the text, or nothing. */
  readonly mark: string;
  readonly root: Node;
  readonly placeOf: PlaceOf;
}

/** Line and column of a place in a text, both from 1. */
type PlaceOf = (offset: number) => { readonly line: number; readonly column: number };

/** Reads the object in `bytes`, or says where it is none. What stands in the file is never quoted: it holds secrets. */
export function parseJsonText(
  file: string,
  bytes: Uint8Array,
  wanted: Wanted = "everything",
): JsonText | { readonly problems: LocatedProblem[] } {
  const { text, mark, fault } = decodeUtf8(bytes);
  const read = fault === undefined ? parse(text, wanted) : [fault];
  const placeOf = placesIn(text);
  if ("type" in read) return { text, mark, root: read, placeOf };
  const problems = read.map(({ offset, ...problem }) => ({ file, ...placeOf(offset), path: [], ...problem }));
  return { problems: [...firstProblems(file, problems)] };
}

function parse(text: string, wanted: Wanted): Node | readonly Fault[] {
  const root = readTree(text, wanted);
  if (root === undefined) return mistakesIn(text);
  if (root.type === "object") return root;
  const found = describe(root.type === "plain" ? root.value : [], "secret");
  return [{ offset: root.offset, found, expected: anObject }];
}

/** The lines are looked for once, and only when a place is asked for: a file may have very many problems. */
function placesIn(text: string): PlaceOf {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (end) => end.index + end[0].length)];
    let [line, behind] = [0, starts.length];
    while (behind - line > 1) {
      const middle = Math.floor((line + behind) / 2);
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else behind = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** The members of an object, in their order, each key as often as it stands there. */
export function membersOf(node: Node): readonly Member[] {
  return node.type === "object" ? node.members : [];
}

/** The value under `path`, or undefined. */
export function nodeAt(root: Node, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = root;
  for (const segment of path) {
    if (node === undefined) return undefined;
    node =
      typeof segment === "number" && node.type === "list"
        ? node.elements[segment]
        : membersOf(node).find(({ name }) => name === segment)?.value;
  }
  return node;
}

/** What a node means. A key such as `__proto__` is a key like any other. */
export function meaningOf(node: Node | undefined): unknown {
  switch (node?.type) {
    case "object":
      return Object.fromEntries(node.members.map(({ name, value }) => [name, meaningOf(value)]));
    case "list":
      return node.elements.map(meaningOf);
    case "plain":
      return node.value;
    default:
      return undefined;
  }
}

/** A problem for each key of `keys` (of every key without them) that stands in the object `node` more than once. */
export function findDuplicates(
  file: string,
  { placeOf }: JsonText,
  node: Node,
  path: readonly (string | number)[],
  keys?: readonly string[],
): LocatedProblem[] {
  const seen = new Set<string>();
  return membersOf(node).flatMap(({ name, key }) => {
    if (!seen.has(name) || (keys !== undefined && !keys.includes(name))) {
      seen.add(name);
      return [];
    }
    const found = "the same key a second time";
    return [{ file, ...placeOf(key.offset), path: [...path, name], found, expected: "each key once" }];
  });
}

/** More than that nobody reads; a file with very many problems has one cause. */
const most = 20;

/** The first of the problems of `file`, and how many more there are. */
export function firstProblems(file: string, problems: readonly LocatedProblem[]): readonly LocatedProblem[] {
  const more = problems.length - most;
  if (more <= 0) return problems;
  return [...problems.slice(0, most), { file, path: [], found: `${more} more problems`, expected: "none" }];
}

/** A key that resembles none of the known ones may be a secret in the wrong place: line and column tell enough. */
export function withoutStrangeKey<Kind extends Problem>(problem: Kind, known: readonly string[]): Kind {
  const [key] = problem.path;
  const isStrange = key !== undefined && problem.nearest === undefined && !known.includes(String(key));
  return isStrange ? { ...problem, path: [] } : problem;
}
