import * as v from "valibot";
import { nearestName } from "../../base/nearest-name.ts";
import { checkObject } from "../../model/check.ts";
import type { Problem } from "../../model/problem.ts";

export const text = v.string("a text");
export const name = v.pipe(text, v.nonEmpty("a text that is not empty"));
export const yesOrNo = v.boolean("true or false");

export const whole = (expected: string, most = Number.MAX_SAFE_INTEGER, least = 0) =>
  v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));

export const duration = v.pipe(
  v.number("milliseconds, from 0"),
  v.finite("milliseconds, from 0"),
  v.minValue(0, "milliseconds, from 0"),
);

export const oneOf = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, `one of ${options.map((option) => `"${option}"`).join(", ")}`);

/** A word that is none of the allowed ones was probably meant to be one of them. */
export function withNearest(problem: Problem): Problem {
  const word = /^the text "(.*)"$/s.exec(problem.found)?.[1];
  const allowed = [...problem.expected.matchAll(/"([^"]+)"/g)].flatMap(([, one]) => (one === undefined ? [] : [one]));
  const nearest = word === undefined || !problem.expected.startsWith("one of") ? undefined : nearestName(word, allowed);
  return nearest === undefined ? problem : { ...problem, nearest };
}

/** What is wrong with the object that stands at `path`; what stands under `secrets` is not repeated. */
export function problemsOfObject(
  entries: v.ObjectEntries,
  input: unknown,
  path: readonly (string | number)[],
  secrets: readonly string[] = [],
): Problem[] {
  const checked = checkObject(entries, input, { secrets });
  return checked.ok
    ? []
    : checked.problems.map((problem) => withNearest({ ...problem, path: [...path, ...problem.path] }));
}
