import { expect, test } from "vitest";
import { describeUnexpected, describeUnreadable } from "../../src/cli/unexpected.ts";

test("an unexpected error is told by kind, code and place, never by its message, which may quote a secret", () => {
  const error = Object.assign(new TypeError("Unexpected token in CANARY"), { code: "ERR_CANARY_FREE" });
  const text = describeUnexpected(error);
  expect(text).toMatch(/^internal error: TypeError \(ERR_CANARY_FREE\)\n\s+at /);
  expect(text).toContain("unexpected.test.ts");
  expect(text).toContain("Please report");
  expect(text).not.toContain("CANARY\n");
  expect(text).not.toContain("Unexpected token");
});

test("a message of several lines does not pass for a place", () => {
  const error = new Error("first\n    at CANARY and 1)");
  expect(describeUnexpected(error)).not.toContain("CANARY");
});

test("whatever is thrown is told", () => {
  expect(describeUnexpected("CANARY")).toMatch(/^internal error: a string was thrown\n/);
});

test("a file of the program that cannot be loaded is no mistake in it, and its message, which names paths, is left out", () => {
  const text = describeUnreadable(Object.assign(new Error("EMFILE: CANARY"), { code: "EMFILE" }));
  expect(text).toMatch(/^error FILE_IO: .*\(EMFILE\)/);
  expect(text).not.toContain("CANARY");
});

test.each([
  ["without a code", new Error("x")],
  ["with another code", Object.assign(new Error("x"), { code: "ERR_ASSERTION" })],
  ["that is no error", { code: "EMFILE" }],
])("what is thrown %s is a mistake", (_, thrown) => {
  expect(describeUnreadable(thrown)).toBeUndefined();
});
