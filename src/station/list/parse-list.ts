import { CsvError, parse } from "csv-parse/sync";
import { nearestName } from "../../base/nearest-name.ts";
import { describe } from "../../model/check.ts";
import { isDeviceName, isPlainText } from "../../model/device-name.ts";
import type { LocatedProblem, Problem } from "../../model/problem.ts";
import type { ListRow } from "./list-row.ts";
import { hasExponent, isSerial, serialInWords, withoutLeadingZero } from "./serial.ts";

/** The cameras of a list, or everything that is wrong with it. */
export type ListRead =
  | { readonly ok: true; readonly rows: readonly ListRow[] }
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

const ourColumns = ["serial", "device_name", "label"] as const;
const longestText = 255;
const nameInWords = "1 to 255 characters, none of them a control character, no space at either end";
const textInWords = "at most 255 characters, none of them a control character";

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads a list of cameras (CSV with a header; comma, semicolon or tab). Pure; `file` is its name in the problems. */
export function parseList(file: string, bytes: Uint8Array): ListRead {
  const text = decode(bytes);
  if (text === undefined) return failure(file, { path: [], found: "bytes that are not UTF-8", expected: "UTF-8 text" });
  const lines = linesOf(file, text);
  if (!("header" in lines)) return { ok: false, problems: [lines] };
  const { header, body } = lines;
  const headerProblems = checkHeader(header.cells).map((problem) => ({ ...problem, file, line: header.line }));
  if (headerProblems.length > 0) return { ok: false, problems: headerProblems };
  if (body.length === 0) return failure(file, { path: [], found: "no camera", expected: "a line for each" });
  const columns = header.cells.map(columnName);
  const rows = body.map((line) => rowOf(columns, line));
  const problems = [
    ...body.flatMap((line, index) => checkRow(columns, line, rows[index])),
    ...checkColumn(rows),
    ...doublesOf(rows, "serial", ({ serial }) => serial),
    ...doublesOf(rows, "device_name", ({ deviceName }) => deviceName),
  ].map((problem) => ({ ...problem, file, ...columnOf(columns, problem) }));
  return problems.length === 0 ? { ok: true, rows } : { ok: false, problems: problems.sort(byPlace) };
}

function failure(file: string, problem: Problem): ListRead {
  return { ok: false, problems: [{ ...problem, file }] };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function linesOf(
  file: string,
  text: string,
): { readonly header: Line; readonly body: readonly Line[] } | LocatedProblem {
  try {
    const all: Line[] = [];
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord(cells: readonly string[], { lines }) {
        all.push({ line: firstLine(lines, cells), cells });
        return null;
      },
    });
    const [header, ...body] = all.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
    return header === undefined
      ? { file, path: [], found: "an empty file", expected: "a header with the column serial" }
      : { header, body };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error && typeof error["lines"] === "number" ? { line: error["lines"] } : {};
    return {
      file,
      ...line,
      path: [],
      found: "what is not CSV (a quote in the wrong place)",
      expected: "CSV (RFC 4180)",
    };
  }
}

/** The parser says on which line a record ends; a quoted cell may have brought it there over several. */
function firstLine(last: number, cells: readonly string[]): number {
  return last - cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

/** Spreadsheets of many countries separate with semicolons. What stands in the header most often is it. */
function delimiterOf(text: string): string {
  const [header = ""] = text.split(/\r\n|\n|\r/, 1);
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).mark;
}

function columnName(cell: string): string {
  const name = cell.trim();
  return ourColumns.find((ours) => ours === name.toLowerCase()) ?? name;
}

function checkHeader(cells: readonly string[]): (Problem & { readonly column: number })[] {
  const names = cells.map(columnName);
  const problems = names.flatMap((name, index) => {
    const column = index + 1;
    if (name === "") return [{ path: [], column, found: "a column without a name", expected: "a name" }];
    if (!isPlainText(name) || name.length > longestText) {
      return [{ path: [], column, found: "a name that no column can have", expected: textInWords }];
    }
    const isDouble = names.indexOf(name) < index;
    return isDouble ? [{ path: [name], column, found: "a second column of this name", expected: "one" }] : [];
  });
  if (names.includes("serial")) return problems;
  const nearest = nearestName("serial", names);
  const missing = { path: ["serial"], column: 1, found: "no such column", expected: "one with the serial numbers" };
  return [nearest === undefined ? missing : { ...missing, nearest }, ...problems];
}

function rowOf(columns: readonly string[], { cells, line }: Line): ListRow {
  const values = Object.fromEntries(columns.map((name, index) => [name, cells[index]?.trim() ?? ""]));
  const { serial = "", device_name: deviceName = "", label = "", ...others } = values;
  const some = (text: string) => (text === "" ? undefined : text);
  return { serial, deviceName: some(deviceName), label: some(label), others, line };
}

type RowProblem = Problem & { readonly line: number };

function checkRow(columns: readonly string[], { cells, line }: Line, row: ListRow | undefined): RowProblem[] {
  if (row === undefined) return [];
  const problems: RowProblem[] = [];
  const expect = (holds: boolean, key: string, text: string, expected: string) => {
    if (!holds) problems.push({ line, path: [key], found: describe(text, "described"), expected });
  };
  if (cells.length !== columns.length) {
    problems.push({ line, path: [], found: inColumns(cells.length), expected: inColumns(columns.length) });
  }
  const { serial, deviceName, label, others } = row;
  if (hasExponent(serial)) {
    expect(false, "serial", serial, "all digits of the serial number: a spreadsheet has made a number of it");
  } else expect(isSerial(serial), "serial", serial, serialInWords);
  if (deviceName !== undefined) expect(isDeviceName(deviceName), "device_name", deviceName, nameInWords);
  for (const [key, text] of Object.entries({ label: label ?? "", ...others })) {
    expect(text.length <= longestText && isPlainText(text), key, text, textInWords);
  }
  return problems;
}

function inColumns(count: number): string {
  return count === 1 ? "1 cell" : `${count} cells`;
}

function checkColumn(rows: readonly ListRow[]): RowProblem[] {
  const suspects = withoutLeadingZero(rows.map(({ serial }) => serial));
  const expected = "the zero at its beginning, as others have it: a spreadsheet has made a number of it";
  return rows
    .filter(({ serial }) => suspects.has(serial))
    .map(({ serial, line }) => ({ line, path: ["serial"], found: describe(serial), expected }));
}

function doublesOf(rows: readonly ListRow[], key: string, valueIn: (row: ListRow) => string | undefined): RowProblem[] {
  const first = new Map<string, number>();
  return rows.flatMap((row) => {
    const value = valueIn(row);
    if (value === undefined || value === "") return [];
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, row.line);
      return [];
    }
    const found = `${describe(value)} a second time`;
    return [{ line: row.line, path: [key], found, expected: `it once; the first is on line ${before}` }];
  });
}

function columnOf(columns: readonly string[], { path: [key] }: Problem): { readonly column?: number } {
  const index = columns.indexOf(String(key));
  return index < 0 ? {} : { column: index + 1 };
}

function byPlace(one: LocatedProblem, other: LocatedProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
