import { invariants } from "./invariants.ts";
import type { Method, Result } from "./method.ts";

/** What became of a method. */
export interface Row {
  readonly method: Method;
  readonly seconds: number;
  readonly outcome:
    | { readonly kind: "done"; readonly result: Result }
    /** Excused: only the kernel lacks something, and nobody can install that. */
    | { readonly kind: "skipped"; readonly missing: readonly string[]; readonly excused: boolean }
    | { readonly kind: "broken"; readonly reason: string };
}

/** The one table at the end, with the story of every violation before it. */
export function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ method }) => method.title.length));
  const lines = rows.map(({ method, seconds, outcome }) => {
    const { cases, violations } = counts(outcome);
    return `${method.title.padEnd(width)} ${cases.padStart(7)} ${violations.padStart(11)} ${seconds.toFixed(0).padStart(8)}`;
  });
  const head = `${"method".padEnd(width)} ${"cases".padStart(7)} ${"violations".padStart(11)} ${"seconds".padStart(8)}`;
  return ["", head, "-".repeat(head.length), ...lines, "-".repeat(head.length), ...rows.flatMap(remarks), ""].join(
    "\n",
  );
}

/**
 * Whether nothing is wrong. What was skipped is no proof, and the table says so; with `CI=true`, where everything is to be
 * installed, it is a failure.
 */
export function isClean({ outcome }: Row, isCi: boolean): boolean {
  switch (outcome.kind) {
    case "skipped":
      return outcome.excused || !isCi;
    case "broken":
      return false;
    case "done": {
      const { broken, skipped = [] } = outcome.result;
      return broken.length === 0 && (skipped.length === 0 || !isCi);
    }
  }
}

function counts(outcome: Row["outcome"]): { readonly cases: string; readonly violations: string } {
  switch (outcome.kind) {
    case "done":
      return { cases: String(outcome.result.cases), violations: String(outcome.result.broken.length) };
    case "skipped":
      return { cases: "SKIPPED", violations: "-" };
    case "broken":
      return { cases: "FAILED", violations: "?" };
  }
}

const mostStories = 20;

function remarks({ method, outcome }: Row): readonly string[] {
  switch (outcome.kind) {
    case "skipped":
      return [`!!! SKIPPED: ${method.title.trim()}: this machine lacks ${outcome.missing.join(", ")}`];
    case "broken":
      return [`!!! ${method.title.trim()}: ${outcome.reason}`];
    case "done": {
      const { broken, notes = [], skipped = [] } = outcome.result;
      const stories = broken
        .slice(0, mostStories)
        .flatMap(({ what, violations }) => [
          `!!! ${method.name}: ${what}`,
          ...violations.map(({ invariant, what: how }) => `      ${invariant} (${invariants[invariant]}): ${how}`),
        ]);
      const more = broken.length > mostStories ? [`      … and ${broken.length - mostStories} more`] : [];
      const gaps = skipped.map((what) => `!!! SKIPPED: ${method.name}: ${what}`);
      return [...stories, ...more, ...gaps, ...notes.map((note) => `    ${method.name}: ${note}`)];
    }
  }
}
