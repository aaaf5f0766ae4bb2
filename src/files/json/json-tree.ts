import { nowhere, overBlanks, overList, overObject, overValue } from "./json-scan.ts";

/** A piece of a text; `offset` counts its UTF-16 units from 0. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** A value where it stands in a text. */
export type Node = Piece &
  (
    | { readonly type: "object"; readonly members: readonly Member[] }
    | { readonly type: "list"; readonly elements: readonly Node[] }
    | { readonly type: "plain"; readonly value: string | number | boolean | null }
    /** There, and right, and not of interest. */
    | { readonly type: "unread" }
  );

/** A key with its value. */
export interface Member {
  readonly name: string;
  readonly key: Piece;
  readonly value: Node;
}

/**
 * What is to be read of a value; the rest is only looked through for mistakes. Of an object it may be some keys only, each
 * as often as it stands there; `a little` is all of what is no longer than 64 KiB, or a single text or number.
 */
export type Wanted = "everything" | "a little" | { readonly [key: string]: Wanted };

const little = 64 * 1024;

/** The value that is the whole of `text`; undefined where there is a mistake in it. */
export function readTree(text: string, wanted: Wanted): Node | undefined {
  const node = readValue(text, overBlanks(text, 0), 0, wanted);
  return node !== undefined && overBlanks(text, endOf(node)) === text.length ? node : undefined;
}

export function endOf({ offset, length }: Piece): number {
  return offset + length;
}

/** The value that begins at `offset`, `depth` levels deep; undefined where there is a mistake in it. */
export function readValue(text: string, offset: number, depth: number, wanted: Wanted): Node | undefined {
  switch (text.charAt(offset)) {
    case "{":
    case "[":
      if (wanted !== "a little") return readParts(text, offset, depth, wanted);
      return readLittle(text, offset, depth);
    default: {
      const end = overValue(text, offset, depth);
      if (end === nowhere) return undefined;
      const value = plainValue(text.slice(offset, end));
      return { type: "plain", offset, length: end - offset, value };
    }
  }
}

/** Of right JSON. */
function plainValue(written: string): string | number | boolean | null {
  switch (written) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default:
      return written.startsWith('"') ? textIn(written) : Number(written);
  }
}

/** What a text in quotes means. */
export function textIn(quoted: string): string {
  return quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function readLittle(text: string, offset: number, depth: number): Node | undefined {
  const length = overValue(text, offset, depth) - offset;
  if (length < 0) return undefined;
  if (length > little) return { type: "unread", offset, length };
  return readParts(text, offset, depth, "everything");
}

function readParts(text: string, offset: number, depth: number, wanted: Exclude<Wanted, "a little">): Node | undefined {
  const [members, elements]: [Member[], Node[]] = [[], []];
  const read = (at: number, within: Wanted, keep: (node: Node) => void) => {
    const node = readValue(text, at, depth + 1, within);
    if (node === undefined) return nowhere;
    keep(node);
    return endOf(node);
  };
  if (text.charAt(offset) === "[") {
    const end = overList(text, offset, depth, (at) =>
      wanted === "everything" ? read(at, wanted, (node) => elements.push(node)) : overValue(text, at, depth + 1),
    );
    return end === nowhere ? undefined : { type: "list", offset, length: end - offset, elements };
  }
  const end = overObject(text, offset, depth, (key, keyEnd, at) => {
    const name = textIn(text.slice(key, keyEnd));
    const within = wantedUnder(wanted, name);
    if (within === undefined) return overValue(text, at, depth + 1);
    return read(at, within, (value) => members.push({ name, key: { offset: key, length: keyEnd - key }, value }));
  });
  return end === nowhere ? undefined : { type: "object", offset, length: end - offset, members };
}

function wantedUnder(wanted: Exclude<Wanted, "a little">, name: string): Wanted | undefined {
  if (wanted === "everything") return wanted;
  return Object.hasOwn(wanted, name) ? wanted[name] : undefined;
}

/** Where a key begins and ends, and where its value begins. */
interface Beginning {
  readonly offset: number;
  readonly keyEnd: number;
  readonly value: number;
}

/** A member of an object where it stands, from its key to the end of its value. */
export interface Entry extends Beginning, Piece {}

/** How the members of an object are laid out. */
export interface Layout {
  readonly last: Entry | undefined;
  /** Whether a line ends before, between or behind them. */
  readonly isOnLines: boolean;
}

/** Calls `take` for each member of an object, those included that were not read. */
export function eachEntry(text: string, object: Piece, take: (entry: Entry) => void): void {
  overObject(text, object.offset, 0, (key, keyEnd, value) => {
    const end = overValue(text, value, 1);
    take({ offset: key, length: end - key, keyEnd, value });
    return end;
  });
}

/** The beginning of the first member; its value, which may be large, is not gone over. */
export function beginningOf(text: string, object: Piece): Beginning | undefined {
  let first: Beginning | undefined;
  overObject(text, object.offset, 0, (offset, keyEnd, value) => {
    first = { offset, keyEnd, value };
    return nowhere;
  });
  return first;
}

export function layoutOf(text: string, object: Piece): Layout {
  let last: Entry | undefined;
  let isOnLines = false;
  let behind = object.offset;
  const look = (end: number) => {
    isOnLines ||= /[\r\n]/.test(text.slice(behind, end));
  };
  eachEntry(text, object, (entry) => {
    look(entry.offset);
    last = entry;
    behind = endOf(entry);
  });
  look(endOf(object));
  return { last, isOnLines };
}
