import * as v from "valibot";
import { checkObject, describe, unknownKey } from "../../model/check.ts";
import type { Checked, Problem } from "../../model/problem.ts";
import { duration, oneOf, text, whole, withNearest } from "../schema-parts.ts";
import { type Behaviour, moments, occasionKinds } from "./behaviours.ts";

const nthOrEvery = 'a whole number from 1, or "every"';
const nth = v.union([whole(nthOrEvery, Number.MAX_SAFE_INTEGER, 1), v.literal("every", nthOrEvery)], nthOrEvery);
const count = whole("a whole number from 1 to 1000000", 1_000_000, 1);
const bytes = whole("a number of bytes, from 0");
const code = whole("a code, 0 to 255", 255);
const work = v.union(
  [oneOf(["at once", "never"]), v.strictObject({ after: duration })],
  'one of "at once", "never", {"after": milliseconds}',
);

const occasion = {
  on: oneOf(occasionKinds),
  nth: v.exactOptional(nth),
  deviceName: v.exactOptional(text),
};

/** The schema of every behaviour, by its `do`. */
const behaviour = v.variant("do", [
  v.strictObject({ ...occasion, do: v.literal("lose") }),
  v.strictObject({ ...occasion, do: v.literal("delay"), for: duration, beforeWork: v.exactOptional(duration) }),
  v.strictObject({ ...occasion, do: v.literal("close"), when: v.exactOptional(oneOf(moments)) }),
  v.strictObject({ ...occasion, do: v.literal("reset"), when: v.exactOptional(oneOf(moments)) }),
  v.strictObject({ ...occasion, do: v.literal("truncate"), bytes }),
  v.strictObject({ ...occasion, do: v.literal("double") }),
  v.strictObject({ ...occasion, do: v.literal("reorder") }),
  v.strictObject({ ...occasion, do: v.literal("garble") }),
  v.strictObject({ ...occasion, do: v.literal("malform"), text: v.exactOptional(text) }),
  v.strictObject({ ...occasion, do: v.literal("answer"), payload: text }),
  v.strictObject({ ...occasion, do: v.literal("flood"), packets: v.exactOptional(count) }),
  v.strictObject({ ...occasion, do: v.literal("hugePacket"), bytes: v.exactOptional(bytes) }),
  v.strictObject({
    ...occasion,
    do: v.literal("wrongPacket"),
    packet: v.exactOptional(oneOf(["PINGRESP", "PUBACK", "SUBACK", "UNSUBACK", "CONNACK"])),
  }),
  v.strictObject({ ...occasion, do: v.literal("code"), code }),
  v.strictObject({ ...occasion, do: v.literal("stopAccepting"), for: v.exactOptional(duration) }),
  v.strictObject({
    ...occasion,
    do: v.literal("restart"),
    memory: v.exactOptional(oneOf(["kept", "lost"])),
    for: v.exactOptional(duration),
  }),
  v.strictObject({ ...occasion, do: v.literal("refuse"), status: oneOf(["FAILURE", "NOT_FOUND"]) }),
  v.strictObject({ ...occasion, do: v.literal("createButFail") }),
  v.strictObject({ ...occasion, do: v.literal("answerWithoutCreating") }),
  v.strictObject({ ...occasion, do: v.literal("answerForAnotherDevice") }),
  v.strictObject({ ...occasion, do: v.literal("timeOut"), work: v.exactOptional(work) }),
]);

/** What only the given occasions can meet; every other action is for all. */
const occasionsOf: Readonly<Record<string, readonly string[]>> = {
  refuse: ["request"],
  createButFail: ["request"],
  answerWithoutCreating: ["request"],
  answerForAnotherDevice: ["request"],
  timeOut: ["request", "probe"],
  garble: ["request", "attributes"],
  answer: ["request", "attributes"],
  code: ["connect", "probe", "subscribe", "request"],
};

/** A scenario as a file holds it. */
export interface ScenarioFile {
  /** What it rehearses, in a sentence. */
  readonly description: string;
  readonly behaviours: readonly Behaviour[];
}

/** For the JSON Schema of scenario files. */
export const scenarioEntries = { description: v.pipe(text, v.nonEmpty("a sentence")), behaviours: v.array(behaviour) };

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
  return { ok: true, value: { ...file.value, behaviours: v.parse(v.array(behaviour), list) } };
}

function behavioursIn(input: unknown): readonly unknown[] {
  const parsed = v.safeParse(v.object({ behaviours: v.array(v.unknown()) }), input);
  return parsed.success ? parsed.output.behaviours : [];
}

/** What is wrong with one behaviour. */
export function problemsOfBehaviour(input: unknown): readonly Problem[] {
  const known = behaviour.options.map((option) => option.entries.do.literal);
  const named = v.safeParse(v.object({ do: v.string(), on: v.exactOptional(v.unknown()) }), input);
  if (!named.success) {
    const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
    return isObject
      ? [{ path: ["do"], found: describe(Reflect.get(input, "do")), expected: `one of ${known.join(", ")}` }]
      : [{ path: [], found: describe(input), expected: "an object" }];
  }
  const { do: action, on } = named.output;
  const option = behaviour.options.find(({ entries }) => entries.do.literal === action);
  if (option === undefined) {
    const { nearest } = unknownKey(action, known);
    const problem = { path: ["do"], found: describe(action), expected: `one of ${known.join(", ")}` };
    return [nearest === undefined ? problem : { ...problem, nearest }];
  }
  const checked = checkObject<v.ObjectEntries>(option.entries, input);
  const occasions = occasionsOf[action];
  const misplaced = typeof on === "string" && occasions !== undefined && occasionKinds.some((kind) => kind === on);
  return [
    ...(checked.ok ? [] : checked.problems.map(withNearest)),
    ...(misplaced && !occasions.includes(on)
      ? [{ path: ["on"], found: describe(on), expected: `${occasions.join(" or ")}, since only that can ${action}` }]
      : []),
  ];
}
