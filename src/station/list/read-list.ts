import { ProvisioningError } from "../../model/errors.ts";
import { problemInWords } from "../../model/problem.ts";
import type { ListRow } from "./list-row.ts";
import { parseList } from "./parse-list.ts";

/**
 * The cameras of a list (CSV); `file` is its name in messages. Needs no ledger: a list that is refused leaves none behind.
 *
 * @throws ProvisioningError LIST_INVALID with every mistake
 */
export function readList(file: string, list: Uint8Array): readonly ListRow[] {
  const read = parseList(file, list);
  if (read.ok) return read.rows;
  throw invalidList(file, read.problems.map(problemInWords));
}

/** More nobody mends in one go, and no terminal keeps. */
const mostProblems = 1000;

export function invalidList(file: string, problems: readonly string[]): ProvisioningError {
  const more = problems.length - mostProblems;
  const lines = [
    `${file} cannot be used, and nothing of it was taken:`,
    ...problems.slice(0, mostProblems).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
  return new ProvisioningError("LIST_INVALID", lines.join("\n"));
}
