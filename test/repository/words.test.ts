import { describe, expect, it, test } from "vitest";
import { errorTable } from "../../src/model/error-table.ts";
import type { ErrorKind } from "../../src/model/errors.ts";
import { warningTable } from "../../src/model/warnings.ts";
import { jargon } from "./jargon.ts";
import { parseModule } from "./syntax.ts";
import { committedFiles, read, typeScriptFiles } from "./tree.ts";

/** Words that people who are not native speakers, or not programmers, stumbled over; beside each, what to write. */
const unclear: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bby custom\b/i, "usually"],
  [/\banew\b/i, "again"],
  [/\bwhoever\b/i, "everybody who"],
  [/\bdearer\b/i, "more important"],
  [/\bfarewell\b/i, "DISCONNECT"],
  [/\bformer days\b/i, "an earlier run"],
  [/\bmend\b/i, "fix"],
  [/\bit is none\b/i, "it is not one"],
  [/\bwas given up\b/i, "was replaced"],
  [/\bis to be had\b/i, "there is"],
  [/\bwithin reach\b/i, "available"],
];

const errors = Object.entries<ErrorKind>(errorTable);
const kinds: readonly (readonly [string, string])[] = [
  ...errors.map(([code, { meaning }]) => [code, meaning] as const),
  ...Object.entries(warningTable).map(([code, { meaning }]) => [code, meaning] as const),
];

describe("what the program says", () => {
  it.each(typeScriptFiles("src").map((path) => [path] as const))("has no unclear phrase in %s", (path) => {
    const found = parseModule(path).texts.flatMap((text) =>
      unclear.filter(([phrase]) => phrase.test(text)).map(([, instead]) => `${text} (write: ${instead})`),
    );
    expect(found).toEqual([]);
  });

  it.each(kinds)("%s begins with a sentence that needs no knowledge of protocols", (_code, meaning) => {
    expect(meaning).not.toMatch(jargon);
    expect(meaning.split(/(?<=[.:;])\s/)[0]?.length).toBeLessThan(160);
  });

  it.each(errors)("%s does not send anybody to another folder, whose files the camera never reads", (_code, kind) => {
    const advice = [...kind.onTheDevice, ...kind.onTheServer].join("\n");
    expect(advice).not.toMatch(/use --directory/i);
  });
});

test.each(
  committedFiles().filter((path) => /^(src|docs)\/.*\.(ts|md)$/.test(path) && path !== "test/repository/words.test.ts"),
)("%s is written without the words that only we use", (path) => {
  expect(/\b(anew|whoever|dearer|farewell|former days|by custom)\b/i.exec(read(path))?.[0]).toBeUndefined();
});
