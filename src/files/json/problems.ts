import type { LocatedProblem } from "../../model/problem.ts";

/** More than that nobody reads; a file with very many problems has one cause. */
const most = 20;

/** The first of the problems of `file`, and how many more there are. */
export function firstProblems(file: string, problems: readonly LocatedProblem[]): readonly LocatedProblem[] {
  const more = problems.length - most;
  if (more <= 0) return problems;
  return [...problems.slice(0, most), { file, path: [], found: `${more} more problems`, expected: "none" }];
}
