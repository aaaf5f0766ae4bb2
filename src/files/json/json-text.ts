import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { describe } from "../../model/check.ts";
import type { LocatedProblem } from "../../model/problem.ts";
import { findTooDeep } from "./json-depth.ts";
import { firstProblems } from "./problems.ts";
import { strangeAt, strangeEnd, strangeFile } from "./strange-signs.ts";
import { decodeUtf8, type Fault } from "./text-encoding.ts";

export type { Node };

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

/** More is not a configuration, and the parser calls itself for each level. */
const deepest = 64;

const anObject = "a JSON object in braces";

/** Reads the object in `bytes`, or says where it is none. What stands in the file is never quoted: it holds secrets. */
export function parseJsonText(file: string, bytes: Uint8Array): JsonText | { readonly problems: LocatedProblem[] } {
  const { text, mark, fault } = decodeUtf8(bytes);
  const early = fault ?? checkDepth(text);
  const parsed = early === undefined ? parse(text) : { faults: [early] };
  const placeOf = placesIn(text);
  if ("root" in parsed) return { text, mark, root: parsed.root, placeOf };
  const problems = parsed.faults.map(({ offset, ...problem }) => ({ file, ...placeOf(offset), path: [], ...problem }));
  return { problems: [...firstProblems(file, problems)] };
}

function checkDepth(text: string): Fault | undefined {
  const offset = findTooDeep(text, deepest);
  if (offset === undefined) return undefined;
  return { offset, found: `more than ${deepest} levels of brackets`, expected: `at most ${deepest}` };
}

function parse(text: string): { readonly root: Node } | { readonly faults: readonly Fault[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const fault = (found: string, offset = 0) => ({ faults: [{ offset, found, expected: anObject }] });
  if (text.trim() === "") return fault("an empty file");
  const strange = errors.length > 0 ? strangeFile(text) : undefined;
  if (strange !== undefined) return { faults: [strange] };
  if (errors.length > 0) return { faults: causesOf(errors).map((error) => faultOf(text, error)) };
  return root?.type === "object" ? { root } : fault(describe(meaningOf(root), "secret"), root?.offset);
}

/** After a missing comma the parser goes on as if it were there. What comes behind another error is mostly its consequence. */
function causesOf(errors: readonly ParseError[]): readonly ParseError[] {
  const others = errors.findIndex(({ error }) => printParseErrorCode(error) !== "CommaExpected");
  return others === -1 ? errors : errors.slice(0, others + 1);
}

function faultOf(text: string, { error, offset }: ParseError): Fault {
  const name = printParseErrorCode(error);
  const strange = name === "UnexpectedEndOfString" ? strangeEnd(text, offset) : strangeAt(text, offset);
  if (strange !== undefined) return strange;
  if (name === "CommaExpected" && text.charAt(offset) === '"') {
    return { offset, found: "the next entry", expected: "a comma before it" };
  }
  const { found, expected } = syntaxErrors[name];
  return { offset, found: found ?? whatIsAt(text, offset), expected };
}

const signs: Readonly<Record<string, string>> = {
  ",": "a comma",
  ":": "a colon",
  "{": "a brace {",
  "}": "a brace }",
  "[": "a bracket [",
  "]": "a bracket ]",
};

/** What begins at that place, and none of what stands in it. */
function whatIsAt(text: string, offset: number): string {
  const sign = text.charAt(offset);
  if (sign === "") return "the end of the file";
  if (sign === '"') return "a text";
  if (/[-\d]/.test(sign)) return "a number";
  return signs[sign] ?? "a word";
}

const syntaxErrors: Readonly<
  Record<ReturnType<typeof printParseErrorCode>, { readonly found?: string; readonly expected: string }>
> = {
  InvalidSymbol: {
    found: "a word that is not a JSON value",
    expected: 'true, false, null, a number, or text in "quotes"',
  },
  InvalidNumberFormat: { found: "a malformed number", expected: "a number" },
  PropertyNameExpected: { expected: 'a key in "quotes"' },
  ValueExpected: { expected: "a value" },
  ColonExpected: { expected: "a colon behind the key" },
  CommaExpected: { expected: "a comma between two entries" },
  CloseBraceExpected: { found: "the end of the file", expected: "a closing brace }" },
  CloseBracketExpected: { found: "the end of the list", expected: "a closing bracket ]" },
  EndOfFileExpected: { found: "more text", expected: "the end of the file" },
  InvalidCommentToken: { found: "a comment", expected: "none here" },
  UnexpectedEndOfComment: { found: "a comment without its end", expected: "*/" },
  UnexpectedEndOfString: { found: "a text without its end", expected: "a closing quote on the same line" },
  UnexpectedEndOfNumber: { found: "a number that is cut off", expected: "digits" },
  InvalidUnicode: { found: "an escape \\u that is cut off", expected: "four hexadecimal digits" },
  InvalidEscapeCharacter: { found: "an unknown escape", expected: 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u' },
  InvalidCharacter: { found: "a control character in a text", expected: "an escape such as \\t or \\u0007" },
  "<unknown ParseErrorCode>": { expected: "JSON" },
};

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
export function membersOf(node: Node): readonly { readonly name: string; readonly key: Node; readonly value: Node }[] {
  return (node.type === "object" ? (node.children ?? []) : []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) return [];
    const name: unknown = key.value;
    return typeof name === "string" ? [{ name, key, value }] : [];
  });
}

/** The value under `path`, or undefined. */
export function nodeAt(root: Node, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = root;
  for (const segment of path) {
    if (node === undefined) return undefined;
    node =
      typeof segment === "number" && node.type === "array"
        ? node.children?.[segment]
        : membersOf(node).find(({ name }) => name === segment)?.value;
  }
  return node;
}

/** What a node means. A key such as `__proto__` is a key like any other. */
export function meaningOf(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  switch (node.type) {
    case "object":
      return Object.fromEntries(membersOf(node).map(({ name, value }) => [name, meaningOf(value)]));
    case "array":
      return (node.children ?? []).map(meaningOf);
    default:
      return node.value;
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
