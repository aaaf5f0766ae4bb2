import { expect, test } from "vitest";
import { isObject } from "../../src/base/json-object.ts";
import { firstOf, objectIn } from "../../src/wire/json.ts";

test("the first key that is there counts, whatever stands under it", () => {
  expect(firstOf({ b: 2, a: 1 }, "a", "b")).toBe(1);
  expect(firstOf({ b: 2 }, "a", "b")).toBe(2);
  expect(firstOf({ a: null, b: 2 }, "a", "b")).toBeNull();
  expect(firstOf({}, "a", "b")).toBeUndefined();
});

test("inherited names do not count", () => {
  expect(firstOf({}, "constructor", "toString", "__proto__")).toBeUndefined();
  expect(firstOf({ constructor: 1 }, "toString", "constructor")).toBe(1);
});

test("an object is neither null nor a list", () => {
  expect(isObject({})).toBe(true);
  for (const other of [null, [], "x", 5, true, undefined]) expect(isObject(other)).toBe(false);
});

test("a payload is an object or nothing", () => {
  const parse = (text: string) => objectIn(new TextEncoder().encode(text));
  expect(parse('{"a":1}')).toEqual({ a: 1 });
  for (const text of ["", "[]", "null", "5", "{", '"x"']) expect(parse(text)).toBeUndefined();
});
