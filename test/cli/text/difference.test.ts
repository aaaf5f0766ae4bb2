import fc from "fast-check";
import { expect, test } from "vitest";
import { difference } from "../../../src/cli/text/difference.ts";

test("equal texts have no difference", () => {
  expect(difference("a\nb\n", "a\nb\n")).toEqual([]);
});

test("a changed line is shown with three lines around it and its place", () => {
  const before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].join("\n");
  expect(difference(before, before.replace("5", "five"))).toEqual([
    "@@ -2,7 +2,7 @@",
    " 2",
    " 3",
    " 4",
    "-5",
    "+five",
    " 6",
    " 7",
    " 8",
  ]);
});

test("changes that are far apart have a hunk each", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
  const after = ["first", ...lines, "last"].join("\n");
  expect(difference(lines.join("\n"), after)).toEqual([
    "@@ -1,3 +1,4 @@",
    "+first",
    " 1",
    " 2",
    " 3",
    "@@ -18,3 +19,4 @@",
    " 18",
    " 19",
    " 20",
    "+last",
  ]);
});

test("what is made from nothing only comes", () => {
  expect(difference("", "a\nb\n")).toEqual(["@@ -0,0 +1,2 @@", "+a", "+b"]);
});

test("the shortest way is found: one line goes, one comes, the rest stays", () => {
  expect(difference("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc").filter((line) => /^[-+]/.test(line))).toHaveLength(5);
});

const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }).map((lines) => lines.join("\n"));

test("the marks lead from one text to the other", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const shown = difference(before, after, 100).filter((line) => !line.startsWith("@@"));
      fc.pre(shown.length > 0);
      const side = (mark: string) => shown.filter((line) => line.startsWith(mark) || line.startsWith(" "));
      expect(
        side("-")
          .map((line) => line.slice(1))
          .join("\n"),
      ).toBe(before);
      expect(
        side("+")
          .map((line) => line.slice(1))
          .join("\n"),
      ).toBe(after);
    }),
  );
});
