import { expect, test } from "vitest";
import { describe as inWords } from "../../src/model/check.ts";
import { problemInWords } from "../../src/model/problem.ts";

test("a problem is told with file, line and column, path, what was found and what is expected", () => {
  const problem = {
    file: "provision.json",
    line: 3,
    column: 18,
    path: ["server_port"],
    found: 'the text "1883"',
    expected: "a port number, 1 to 65535",
  };
  expect(problemInWords(problem)).toBe(
    'provision.json:3:18: server_port: found the text "1883", expected a port number, 1 to 65535',
  );
});

test("a problem without a place is told without one", () => {
  expect(problemInWords({ path: [], found: "a list", expected: "an object" })).toBe("found a list, expected an object");
  expect(problemInWords({ file: "provision.json", path: [], found: "no such file", expected: "one" })).toBe(
    "provision.json: found no such file, expected one",
  );
});

test("a misspelt name is told with the right one", () => {
  expect(problemInWords({ path: ["a", 0, "b"], found: "x", expected: "y", nearest: "c" })).toBe(
    "a.0.b: found x, expected y (did you mean c?)",
  );
});

test.each([
  [undefined, "nothing"],
  [null, "null"],
  [[], "a list"],
  [{}, "an object"],
  [true, "true"],
  [5, "the number 5"],
  [Number.POSITIVE_INFINITY, "the number Infinity"],
  ["x", 'the text "x"'],
  ["", "an empty text"],
  ["\u001b[31m\u009b\u202e\u2028", 'the text "\\u{1b}[31m\\u{9b}\\u{202e}\\u{2028}"'],
  ["mqtt://user:word@host", 'the text "mqtt://…@host"'],
  ["mqtt://host/?token=abc", 'the text "mqtt://host/?…"'],
  ["host#abc\nd", 'the text "host#…"'],
  ["user:w?rd@host?t=a@b", 'the text "…@b"'],
  ["host?", 'the text "host?"'],
])("%j is described as %s", (value, words) => {
  expect(inWords(value)).toBe(words);
});

test.each([
  ["hunter2", "a text"],
  [72, "a number"],
  [false, "true or false"],
  ["", "an empty text"],
  [["hunter2"], "a list"],
  [{ hunter2: 1 }, "an object"],
])("%j as a secret is described by its kind: %s", (value, words) => {
  expect(inWords(value, "secret")).toBe(words);
});

test.each([
  ["hunter2", "a text of 7 characters"],
  [" hunter2", "a text that begins with a space"],
  ["hunter2\t", "a text that ends with a tab"],
  ["https://hunter2@hunter2/hunter2", "a text of 31 characters that begins with https://"],
  ["hunter2://x", "a text of 11 characters"],
  ["1883", 'the text "1883"'],
  ["30 s", 'the text "30 s"'],
  ["192.168.1.300", 'the text "192.168.1.300"'],
  ["Yes", 'the text "Yes"'],
  ["123456", "a text of 6 characters"],
])("%j beside secrets is described, and quoted only where it can be none: %s", (value, words) => {
  expect(inWords(value, "described")).toBe(words);
});
