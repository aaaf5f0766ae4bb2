import { nowhere, overObject, overValue } from "./json-scan.ts";
import { endOf, type Piece } from "./json-tree.ts";

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
