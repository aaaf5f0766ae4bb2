import type { LocatedProblem, Problem } from "../../model/problem.ts";

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
