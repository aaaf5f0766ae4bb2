import fc from "fast-check";
import { expect, test } from "vitest";
import { cut, hanging, wrap } from "../../../src/cli/text/wrap.ts";

test("text is broken at spaces; lines stay lines, and their indentation is kept", () => {
  expect(wrap("one two three four five\n  six seven eight nine ten", 20)).toEqual([
    "one two three four",
    "five",
    "  six seven eight nine",
    "  ten",
  ]);
});

test("a long word stays whole, so that it can be copied", () => {
  expect(wrap("see https://example.org/a/very/long/path now", 24)).toEqual([
    "see",
    "https://example.org/a/very/long/path",
    "now",
  ]);
});

test("what hangs stands below itself", () => {
  expect(hanging("  1. ", "one two three four five six", 25)).toEqual(["  1. one two three four", "     five six"]);
});

test("nothing gets lost, and no control character gets through", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.integer({ min: 1, max: 100 }), (text, width) => {
      const lines = wrap(text, width);
      const printed = lines.join("");
      expect(printed).not.toMatch(/\p{Cc}/u);
      expect(printed.replaceAll(" ", "")).toBe(
        text
          .replaceAll("\n", "")
          .replaceAll(/\p{Cc}/gu, "?")
          .replaceAll(" ", ""),
      );
    }),
  );
});

test("a line that is cut fits, and shows that it was cut", () => {
  expect(cut("0123456789", 10)).toBe("0123456789");
  expect(cut("0123456789\n", 10)).toBe("012345678…");
  expect(cut("abc", 0)).toBe("…");
});
