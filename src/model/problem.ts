/** One thing that is wrong with an input, in the words of the person who wrote the input. */
export interface Problem {
  /** Where in the value: `["server_port"]`; empty for the value as a whole. */
  readonly path: readonly (string | number)[];
  /** What is there, never the text of a secret: `the text "1883"`, `nothing`. */
  readonly found: string;
  /** What should be there: `a port number, 1 to 65535`. */
  readonly expected: string;
  /** For a misspelt name, the known one that is nearest. */
  readonly nearest?: string;
}

/** A problem with its place in a file. Line and column count from 1; a missing key has the place of its object. */
export interface LocatedProblem extends Problem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a checking constructor gives: the value, or every problem of the input at once. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `provision.json:3:18: server_port: found the text "1883", expected a port number, 1 to 65535`. */
export function problemInWords({
  path,
  found,
  expected,
  nearest,
  ...place
}: Problem & Partial<LocatedProblem>): string {
  const position = [place.file, place.line, place.column].filter((part) => part !== undefined).join(":");
  const where = [position, path.map((key) => printable(String(key))).join(".")].filter((part) => part !== "");
  const meant = nearest === undefined ? "" : ` (did you mean ${printableName(nearest)}?)`;
  const wanted = nearest === expected ? "" : `, expected ${expected}`;
  return `${where.map((part) => `${part}: `).join("")}found ${found}${wanted}${meant}`;
}

/** At most 60 characters, and none that a terminal would obey, hide or turn round. */
export function printable(text: string): string {
  return visible(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** The name of a file in a sentence: in quotes where a blank in it would be overlooked. */
export function printableName(name: string): string {
  return /\s/.test(name) ? `"${printable(name)}"` : printable(name);
}

/** With what a terminal would obey, hide or turn round written as `\\u{1b}`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}
