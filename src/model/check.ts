import * as v from "valibot";
import { isObject } from "../base/json-object.ts";
import { nearestName } from "../base/nearest-name.ts";
import { type Checked, type Problem, printable } from "./problem.ts";
import { strangeness } from "./strange-characters.ts";

interface CheckOptions {
  /** What stands under these keys is described by its kind only. */
  readonly secrets?: readonly string[];
  /**
   * Whether the other texts may be quoted. In a file that holds secrets they are described: somebody may have written a
   * secret under a wrong key. Default: quoted.
   */
  readonly texts?: Shown;
  /** What is said of an unknown key. Default: which known one is near. */
  readonly tellUnknown?: (key: string, value: unknown, known: readonly string[]) => Problem;
  /** Default: refused, with the nearest known key. */
  readonly unknownKeys?: "refused" | "ignored";
}

/** How a text is told that is no secret by its key. */
export type Shown = "quoted" | "described";

/** Checks `input` against an object schema and collects every problem at once. */
export function checkObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  input: unknown,
  { secrets = [], texts = "quoted", unknownKeys = "refused", tellUnknown = nearestKey }: CheckOptions = {},
): Checked<v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  if (!isObject(input)) {
    return { ok: false, problems: [{ path: [], found: describe(input), expected: "an object" }] };
  }
  const known = Object.keys(entries);
  const unknown = unknownKeys === "refused" ? Object.keys(input).filter((key) => !known.includes(key)) : [];
  const parsed = v.safeParse(v.object(entries), input, { abortPipeEarly: true });
  const misspelt = listedOnce(unknown.map((key) => tellUnknown(key, input[key], known)));
  // A key that is there by another name is not missing as well.
  const meant = misspelt.flatMap(({ nearest }) => (nearest === undefined || nearest in input ? [] : [nearest]));
  const problems = [
    ...misspelt,
    ...(parsed.issues ?? [])
      .map((issue) => problemOf(issue, entries, (path) => (isUnder(path, secrets) ? "secret" : texts)))
      .filter(({ path: [key] }) => !meant.some((name) => name === key)),
  ];
  return parsed.success && problems.length === 0 ? { ok: true, value: parsed.output } : { ok: false, problems };
}

function nearestKey(key: string, _value: unknown, known: readonly string[]): Problem {
  return unknownKey(key, known);
}

/** Where several keys resemble none, the known ones are told with the first of them. */
function listedOnce(problems: readonly Problem[]): readonly Problem[] {
  const isListed = ({ nearest, expected }: Problem) => nearest === undefined && expected.startsWith("one of ");
  const first = problems.find(isListed);
  return problems.map((each) => (each === first || !isListed(each) ? each : { ...each, expected: "one of the same" }));
}

/** The problem of a key that nobody knows, with the known one that was probably meant. */
export function unknownKey(key: string, known: readonly string[], meant = nearestName(key, known)): Problem {
  const nearest = meant === "" ? undefined : meant;
  const found = "an unknown key";
  if (nearest === undefined) return { path: [key], found, expected: `one of ${firstOf(known)}` };
  return { path: [key], found, expected: nearest, nearest };
}

/** As many as a person reads through; those that are needed stand first. */
function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(", ");
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}

const mostNames = 16;

type Path = readonly (string | number)[];

function isUnder(path: Path, keys: readonly string[]): boolean {
  return path.some((key) => typeof key === "string" && keys.includes(key));
}

function problemOf(
  issue: v.BaseIssue<unknown>,
  entries: v.ObjectEntries,
  howToTell: (path: Path) => Shown | "secret",
): Problem {
  const path = (issue.path ?? []).flatMap(({ key }) =>
    typeof key === "string" || typeof key === "number" ? [key] : [],
  );
  return {
    path,
    found: describe(issue.input, howToTell(path)),
    expected: expectation(issue, schemaAt(v.object(entries), path)),
  };
}

/** Of a missing key valibot says only that it is missing; what should be there is what its schema says to nothing. */
function expectation(issue: v.BaseIssue<unknown>, schema: v.GenericSchema | undefined): string {
  if (issue.type !== "object" || schema === undefined) return issue.message;
  return v.safeParse(v.object({ value: schema }), { value: undefined }).issues?.[0].message ?? issue.message;
}

/** The schema of what stands at `path`: of a list its item, of several forms the first that has such a key. */
function schemaAt(schema: unknown, path: readonly (string | number)[]): v.GenericSchema | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const [key, ...rest] = path;
  if (key === undefined) return isSchema(schema) ? schema : undefined;
  if ("wrapped" in schema) return schemaAt(schema.wrapped, path);
  if ("entries" in schema && typeof schema.entries === "object" && schema.entries !== null) {
    return schemaAt(Reflect.get(schema.entries, key), rest);
  }
  if ("item" in schema) return schemaAt(schema.item, rest);
  if ("options" in schema && Array.isArray(schema.options)) {
    for (const option of schema.options) {
      const found = schemaAt(option, path);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function isSchema(schema: object): schema is v.GenericSchema {
  return "kind" in schema && schema.kind === "schema";
}

/**
 * `the number 70000`, `the text "x"`, `a list`: what a person would say of a JSON value. A text that is not to be quoted is
 * told by what is strange about it, or by its length; of a secret not even that.
 */
export function describe(value: unknown, how: Shown | "secret" = "quoted"): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return describeText(value, how);
    case "number":
      return how === "secret" ? "a number" : `the number ${value}`;
    case "boolean":
      return how === "secret" ? "true or false" : `${value}`;
    default:
      if (value === null) return "null";
      return Array.isArray(value) ? "a list" : "an object";
  }
}

function describeText(text: string, how: Shown | "secret"): string {
  if (text === "") return "an empty text";
  const isQuoted = how === "quoted" || (how === "described" && isHarmless(text));
  if (isQuoted) return `the text "${printable(withoutSecrets(text))}"`;
  const strange = strangeness(text);
  if (strange !== undefined) return `a text that ${strange}`;
  if (how === "secret") return "a text";
  const [, scheme] = /^(https?|ftp|wss?|coaps?|mqtts?|tcp|ssl|tls):\/\//i.exec(text) ?? [];
  const count = [...text].length;
  const length = count === 1 ? "a text of one character" : `a text of ${count} characters`;
  return scheme === undefined ? length : `${length} that begins with ${scheme.toLowerCase()}://`;
}

/** A number in quotes, with a unit perhaps; an IPv4 address, also one with a slip; a word for yes or no. Nobody has such a secret. */
function isHarmless(text: string): boolean {
  return /^(\d{1,5}( ?[a-z]{1,3})?|\d{1,4}(\.\d{1,4}){3}|true|false|yes|no|on|off|null|none)$/i.test(text);
}

/**
 * Somebody may write a server as a URL of a web page: what stands before an @ may be a password then, and what stands
 * behind a question mark or a hash a token.
 */
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1…@").replace(/([?#]).+/s, "$1…");
}
