import type { Violation } from "./invariants.ts";

/** One thing that was tried, and what was wrong afterwards. */
export interface Case {
  /** What was done, so that it can be done again: `SIGKILL before rename 7`. */
  readonly what: string;
  readonly violations: readonly Violation[];
}

export interface Result {
  readonly cases: number;
  /** Only the cases in which an invariant broke. */
  readonly broken: readonly Case[];
  /** Cases that could not be played here, and for want of what. */
  readonly skipped?: readonly string[];
  /** What else is worth saying, in few words. */
  readonly notes?: readonly string[];
}

/** How much is tried: all of it, or what fits into `npm test`. */
export type Extent = "all" | "some";

/** One way to look for a violation. */
export interface Method {
  /** In lower case, as a word on the command line: `power-cut-ext4`. */
  readonly name: string;
  readonly title: string;
  /** What is missing on this machine, in words; nothing when all is there. */
  readonly missing: () => readonly string[];
  /** The file system that the kernel must have. It is part of the machine, and nothing that one installs. */
  readonly fileSystem?: string;
  /** What else the kernel lacks; asked only when nothing is missing. */
  readonly missingInKernel?: () => readonly string[];
  /** What stands before node where its process is started: `["unshare", "--net"]`. */
  readonly wrapper?: readonly string[];
  /** Whether `npm test` runs some of it: it needs no privilege and little time. */
  readonly inTests: boolean;
  /** How many cores it keeps busy by itself. */
  readonly cores: 1 | 2;
  readonly run: (extent: Extent) => Promise<Result>;
}

export function resultOf(
  cases: readonly Case[],
  notes: readonly string[] = [],
  skipped: readonly string[] = [],
): Result {
  return { cases: cases.length, broken: cases.filter(({ violations }) => violations.length > 0), notes, skipped };
}

/** Several results as one. */
export function together(results: readonly Result[]): Result {
  return {
    cases: results.reduce((sum, { cases }) => sum + cases, 0),
    broken: results.flatMap(({ broken }) => broken),
    notes: results.flatMap(({ notes = [] }) => notes),
    skipped: results.flatMap(({ skipped = [] }) => skipped),
  };
}
