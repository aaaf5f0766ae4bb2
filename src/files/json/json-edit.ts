import { type JsonText, meaningOf, membersOf, nodeAt } from "./json-text.ts";
import {
  beginningOf,
  type Entry,
  eachEntry,
  endOf,
  type Layout,
  layoutOf,
  type Node,
  type Piece,
} from "./json-tree.ts";

/** A value without parts. */
export type Plain = string | number | boolean | null;

/** Keys with their plain values, or lists of texts. */
export type Members = Readonly<Record<string, Plain | readonly string[]>>;

/** Replaces `length` characters from `offset` on; 0 inserts. */
interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/** How the file is written, so that what is added looks like the rest. */
interface Style {
  readonly lineEnd: string;
  /** One level of indentation. */
  readonly indent: string;
  /** Behind a colon, and behind a comma on the same line. */
  readonly gap: string;
}

/**
 * The text of `json` with `sections` in it, made by the least changes: a value that differs is replaced where it stands,
 * a key that is missing is put behind the last one of its section, with its comments, and a missing section behind the
 * last one of the file.
 *
 * jsonc-parser's `modify` is not used: it puts a new key between a value and the comment that belongs to the value.
 */
export function editMembers(
  json: JsonText,
  sections: Readonly<Record<string, Members>>,
  isSame: (key: string, present: unknown, wanted: unknown) => boolean,
): string {
  const style = styleOf(json);
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const [name, members] of Object.entries(sections)) {
    const section = nodeAt(json.root, [name]);
    if (section === undefined) added.push(name);
    else edits.push(...editSection(json, section, members, style, isSame));
  }
  const rendered = (spread: Spread) => added.map((name) => sectionText(name, sections[name] ?? {}, style, spread));
  return apply(json.text, [...edits, ...insert(json, json.root, rendered, style)]);
}

function editSection(
  json: JsonText,
  section: Node,
  wanted: Members,
  style: Style,
  isSame: (key: string, present: unknown, wanted: unknown) => boolean,
): readonly Edit[] {
  const missing = Object.entries(wanted).filter(([key]) => nodeAt(section, [key]) === undefined);
  const replacements = membersOf(section).flatMap(({ name, value }) => {
    const replacement = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (replacement === undefined || isSame(name, meaningOf(value), replacement)) return [];
    return [{ offset: value.offset, length: value.length, content: JSON.stringify(replacement) }];
  });
  const gap = gapOf(json.text, section) ?? style.gap;
  const rendered = missing.map(([key, value]) => entryText(key, value, gap));
  return [...replacements, ...insert(json, section, () => rendered, { ...style, gap })];
}

/** Where an object has its members on lines of their own: the indentation of these lines; else undefined. */
type Spread = string | undefined;

/**
 * The text without the members `keys` of `object`, each with its comma and, where it has a line to itself, its line.
 * Comments stay.
 */
export function removeMembers(text: string, object: Node, keys: readonly string[]): string {
  const gone = new Set(membersOf(object).flatMap(({ name, key }) => (keys.includes(name) ? [key.offset] : [])));
  const edits: Edit[] = [];
  const last: Record<"seen" | "kept" | "behind", Entry | undefined> = {
    seen: undefined,
    kept: undefined,
    behind: undefined,
  };
  const remove = (entry: Entry | undefined, next: number) => {
    if (entry === undefined || !gone.has(entry.offset)) return;
    edits.push(...removal(text, entry, commaIn(text, endOf(entry), next)));
  };
  eachEntry(text, object, (entry) => {
    remove(last.seen, entry.offset);
    last.seen = entry;
    if (gone.has(entry.offset)) last.behind ??= entry;
    else [last.kept, last.behind] = [entry, undefined];
  });
  remove(last.seen, endOf(object) - 1);
  // What was not the last member is it now, and its comma, unless it stood behind the last one before, goes, too.
  if (last.kept === undefined || last.behind === undefined) return apply(text, edits);
  const comma = commaIn(text, endOf(last.kept), last.behind.offset);
  return apply(text, [...edits, ...(comma === undefined ? [] : [{ offset: comma, length: 1, content: "" }])]);
}

function removal(text: string, { offset, length }: Piece, comma: number | undefined): readonly Edit[] {
  const end = offset + length;
  const start = startsLine(text, offset) ? lineStartAt(text, offset) : offset;
  const direct = comma !== undefined && text.slice(end, comma).trim() === "" ? comma + 1 : end;
  const rest = /^[ \t]*(\r\n|\n|\r)?/.exec(text.slice(direct))?.[0] ?? "";
  const wholeLine = start !== offset && /[\r\n]$/.test(rest);
  const through = wholeLine ? direct + rest.length : direct + (/^ */.exec(text.slice(direct))?.[0].length ?? 0);
  const edit = { offset: wholeLine ? start : offset, length: through - (wholeLine ? start : offset), content: "" };
  // Behind a comment: by itself.
  const far = comma !== undefined && direct === end ? [{ offset: comma, length: 1, content: "" }] : [];
  return [edit, ...far];
}

/** The place of the comma between two members, behind whatever comments. */
function commaIn(text: string, from: number, to: number): number | undefined {
  const trivia = /,|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;
  trivia.lastIndex = from;
  for (let found = trivia.exec(text); found !== null && found.index < to; found = trivia.exec(text)) {
    if (found[0] === ",") return found.index;
  }
  return undefined;
}

/** Puts members behind the last one of `object`, and behind the comments that follow it. */
function insert(
  { text, root }: JsonText,
  object: Node,
  membersFor: (spread: Spread) => readonly string[],
  style: Style,
): readonly Edit[] {
  const closing = endOf(object) - 1;
  const layout = layoutOf(text, object);
  const { last } = layout;
  const spread = spreadOf(text, object, object === root, layout, style);
  const members = membersFor(spread);
  if (members.length === 0) return [];
  const { end, comma } = endOfEntries(text, last === undefined ? object.offset + 1 : endOf(last), closing);
  const separator = spread === undefined ? style.gap : style.lineEnd + spread;
  const added = members.join(`,${separator}`);
  const lead = spread === undefined && last === undefined ? "" : separator;
  // An object that had nothing in it on one line gets its closing brace onto a line of its own.
  const onOneLine = spread !== undefined && last === undefined && !/[\r\n]/.test(text.slice(end, closing));
  const trail = onOneLine ? style.lineEnd + lineIndentAt(text, object.offset) : "";
  if (last === undefined || comma) return [{ offset: end, length: 0, content: lead + added + trail }];
  const behindLast = endOf(last);
  if (behindLast === end) return [{ offset: end, length: 0, content: `,${lead}${added}` }];
  return [
    { offset: behindLast, length: 0, content: "," },
    { offset: end, length: 0, content: lead + added },
  ];
}

/** The end of the comments between the last entry and the closing bracket, and whether a comma stands there. */
function endOfEntries(text: string, from: number, closing: number): { readonly end: number; readonly comma: boolean } {
  const trivia = /,|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y;
  let [end, comma] = [from, false];
  for (let at = from; at < closing; ) {
    trivia.lastIndex = at;
    const found = trivia.exec(text)?.[0];
    if (found === ",") comma = true;
    at += found?.length ?? 1;
    if (found !== undefined) end = at;
  }
  return { end, comma };
}

function spreadOf(text: string, object: Piece, isRoot: boolean, layout: Layout, { indent }: Style): Spread {
  const own = lineIndentAt(text, object.offset);
  const { last, isOnLines } = layout;
  if (last === undefined) return isRoot || /[\r\n]/.test(text.trim()) ? own + indent : undefined;
  if (!isOnLines) return undefined;
  return startsLine(text, last.offset) ? lineIndentAt(text, last.offset) : own + indent;
}

function sectionText(name: string, members: Members, { lineEnd, indent, gap }: Style, spread: Spread): string {
  const entries = Object.entries(members).map(([key, value]) => entryText(key, value, gap));
  const start = `${JSON.stringify(name)}:${gap}{`;
  if (spread === undefined) return `${start}${entries.join(`,${gap}`)}}`;
  const separator = lineEnd + spread + indent;
  return `${start}${separator}${entries.join(`,${separator}`)}${lineEnd}${spread}}`;
}

function entryText(key: string, value: Plain | readonly string[], gap: string): string {
  return `${JSON.stringify(key)}:${gap}${JSON.stringify(value)}`;
}

function styleOf({ text, root }: JsonText): Style {
  const first = beginningOf(text, root);
  const indent = first !== undefined && startsLine(text, first.offset) ? lineIndentAt(text, first.offset) : "";
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  return { lineEnd, indent: indent === "" ? "  " : indent, gap: gapOf(text, root) ?? " " };
}

/** Whether a space stands behind the colons of an object; undefined for an empty one. */
function gapOf(text: string, object: Piece): "" | " " | undefined {
  const first = beginningOf(text, object);
  if (first === undefined) return undefined;
  return first.value === first.keyEnd + 1 ? "" : " ";
}

/** The white space at the beginning of the line on which `offset` is. */
function lineIndentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStartAt(text, offset)))?.[0] ?? "";
}

function startsLine(text: string, offset: number): boolean {
  const before = text.slice(lineStartAt(text, offset), offset);
  return before.trim() === "" && lineStartAt(text, offset) > 0;
}

function lineStartAt(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** The edits do not overlap. */
function apply(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { offset, length, content } of edits.toSorted((one, other) => one.offset - other.offset)) {
    pieces.push(text.slice(from, offset), content);
    from = offset + length;
  }
  return pieces.join("") + text.slice(from);
}
