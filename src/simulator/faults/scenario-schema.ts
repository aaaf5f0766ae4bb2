import * as v from "valibot";
import { checkObject, describe, unknownKey } from "../../model/check.ts";
import type { Checked, Problem } from "../../model/problem.ts";
import { duration, oneOf, text, whole, withNearest } from "../encoding/schema-parts.ts";
import { type Behaviour, type FaultName, faults } from "./faults.ts";
import type { Key, Keys } from "./keys.ts";
import { occasionKinds } from "./occasions.ts";

const nthOrEvery = 'a whole number from 1, or "every"';
const nth = v.union([whole(nthOrEvery, Number.MAX_SAFE_INTEGER, 1), v.literal("every", nthOrEvery)], nthOrEvery);

/** A scenario as a file holds it. */
export interface ScenarioFile {
  /** What it rehearses, in a sentence. */
  readonly description: string;
  readonly behaviours: readonly Behaviour[];
}

const names = Object.keys(faults).filter(isFaultName);

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faults, name);
}

function schemaOf(key: Key): v.GenericSchema {
  switch (key.kind) {
    case "milliseconds":
      return duration;
    case "text":
      return text;
    case "number":
      return whole(key.expected, key.most, key.least);
    case "choice":
      return oneOf(key.of);
    case "choice or later": {
      const words = key.of.map((word) => `"${word}"`).join(", ");
      return v.union([oneOf(key.of), v.strictObject({ after: duration })], `one of ${words}, {"after": milliseconds}`);
    }
  }
}

/** The schema of one fault, but not yet where it may stand. */
function entriesOf(name: FaultName): v.ObjectEntries {
  const keys: Keys = faults[name].keys;
  const own = Object.entries(keys).map(([key, kind]) => {
    const schema = schemaOf(kind);
    return [key, kind.optional ? v.exactOptional(schema) : schema] as const;
  });
  return {
    on: oneOf(occasionKinds),
    nth: v.exactOptional(nth),
    deviceName: v.exactOptional(text),
    do: v.literal(name),
    ...Object.fromEntries(own),
  };
}

/** For the JSON Schema of scenario files: each fault with the occasions at which it may stand. */
export const scenarioEntries = {
  description: v.pipe(text, v.nonEmpty("a sentence")),
  behaviours: v.array(
    v.union(
      names.map((name) => {
        const { occasions, meaning } = faults[name];
        return v.pipe(v.strictObject({ ...entriesOf(name), on: oneOf(occasions) }), v.description(meaning));
      }),
    ),
  ),
};

/** Checks a scenario file, and tells all mistakes at once, each with its path and the nearest right word. */
export function parseScenario(input: unknown): Checked<ScenarioFile> {
  const outer = { description: scenarioEntries.description, behaviours: v.array(v.unknown(), "a list") };
  const file = checkObject(outer, input);
  const list: readonly unknown[] = behavioursIn(input);
  const problems = [
    ...(file.ok ? [] : file.problems),
    ...list.flatMap((one, index) =>
      problemsOfBehaviour(one).map((problem) => ({ ...problem, path: ["behaviours", index, ...problem.path] })),
    ),
  ];
  if (!file.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...file.value, behaviours: list.filter(isBehaviour) } };
}

function isBehaviour(input: unknown): input is Behaviour {
  return problemsOfBehaviour(input).length === 0;
}

function behavioursIn(input: unknown): readonly unknown[] {
  const parsed = v.safeParse(v.object({ behaviours: v.array(v.unknown()) }), input);
  return parsed.success ? parsed.output.behaviours : [];
}

/** What is wrong with one behaviour. */
export function problemsOfBehaviour(input: unknown): readonly Problem[] {
  const named = v.safeParse(v.object({ do: v.string(), on: v.exactOptional(v.unknown()) }), input);
  if (!named.success) {
    const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
    return isObject
      ? [{ path: ["do"], found: describe(Reflect.get(input, "do")), expected: `one of ${names.join(", ")}` }]
      : [{ path: [], found: describe(input), expected: "an object" }];
  }
  const { do: action, on } = named.output;
  if (!isFaultName(action)) {
    const { nearest } = unknownKey(action, names);
    const problem = { path: ["do"], found: describe(action), expected: `one of ${names.join(", ")}` };
    return [nearest === undefined ? problem : { ...problem, nearest }];
  }
  const checked = checkObject(entriesOf(action), input);
  const { occasions } = faults[action];
  const isOccasion = occasionKinds.some((kind) => kind === on);
  return [
    ...(checked.ok ? [] : checked.problems.map(withNearest)),
    ...(isOccasion && !occasions.some((kind) => kind === on)
      ? [{ path: ["on"], found: describe(on), expected: `${occasions.join(" or ")}, since only that can ${action}` }]
      : []),
  ];
}
