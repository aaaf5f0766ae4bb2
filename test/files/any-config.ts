import fc from "fast-check";
import { type ParseError, parse } from "jsonc-parser";
import { expect } from "vitest";

/** A value of one of our keys, which may change; everything else is text that must stay. */
export interface OurValue {
  readonly section: string;
  readonly key: string;
  readonly written: string;
}
export type Parts = readonly (string | OurValue)[];

/** Random white space and comments, as people write them. */
export const trivia = fc
  .array(fc.constantFrom("", " ", "\n", "\r\n", "\t", "/* , } */", '// { "device"\n', "\n    "), { maxLength: 3 })
  .map((parts) => parts.join(""));

export const anyValue = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom(
    '"// no comment"',
    '"}"',
    '"\\""',
    "[1, /* x */ 2,]",
    "1e400",
    '{"device": {"access_token": "theirs"}}',
  ),
);

/** An object with some of our keys and some of others, in any order, each once. */
export function anyObject(
  ours: readonly string[],
  ourValue: (key: string) => fc.Arbitrary<Parts>,
): fc.Arbitrary<Parts> {
  const foreign = fc.constantFrom("spots", "Device", "__proto__", "a b", "\\u0041", "server2");
  return fc
    .tuple(fc.subarray([...ours]), fc.uniqueArray(foreign, { maxLength: 3 }))
    .chain(([known, others]) => {
      const keys = [...known, ...others];
      return fc.shuffledSubarray(keys, { minLength: keys.length });
    })
    .chain((keys) => {
      const theirs = anyValue.map((text): Parts => [text]);
      const members = keys.map((key) =>
        fc
          .tuple(trivia, trivia, trivia, ours.includes(key) ? ourValue(key) : theirs, trivia)
          .map(([a, b, c, value, d]): Parts => [`${a}"${key}"${b}:${c}`, ...value, d]),
      );
      return fc.tuple(fc.tuple(...members), trivia, fc.boolean());
    })
    .map(([members, end, trailing]) => [
      "{",
      ...members.flatMap((parts, index) => (index === 0 ? parts : [",", ...parts])),
      trailing && members.length > 0 ? "," : "",
      end,
      "}",
    ]);
}

export const textOf = (parts: Parts) => parts.map((part) => (typeof part === "string" ? part : part.written)).join("");

export function meaningOf(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\u{feff}/u, ""), errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return value;
}
