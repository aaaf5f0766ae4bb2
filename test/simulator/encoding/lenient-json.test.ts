import { describe, expect, test } from "vitest";
import { gsonText } from "../../../src/simulator/encoding/java-text.ts";
import { JsonSyntaxError, NumberText, parseLenient } from "../../../src/simulator/encoding/lenient-json.ts";
import { plainJson } from "../../../src/simulator/tenant/attributes.ts";

describe("JSON as Gson reads it", () => {
  test.each([
    ["", null],
    ["  \n", null],
    ["\uFEFF{}", {}],
    [")]}'\n{}", {}],
    ["a\u00a0b", "a\u00a0b"],
    ["{a:'b', \"c\" = d; e => 1}", { a: "b", c: "d", e: 1 }],
    ["{/* c */ a: 1 // end\n, b: 2 # end\n}", { a: 1, b: 2 }],
    ["[1,]", [1, null]],
    ["[,]", [null, null]],
    ["[1;2]", [1, 2]],
    ["TRUE", true],
    ["NULL", null],
    ["hello", "hello"],
    ["01", "01"],
    ['"\\u0041\\n\\/\\\'"', "A\n/'"],
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  ])("%j is read", (text, value) => {
    expect(plainJson(parseLenient(text))).toEqual(value);
  });

  test.each([
    '{"a":1,}',
    '{"a"}',
    "{",
    "[",
    '"a',
    '"\\x"',
    '"\\u00"',
    "{} x",
    "{}\u00a0",
    "{}\f",
    ")]}'{}",
    "/* c",
    "{,}",
    "{a:}",
    "/",
    "[".repeat(300),
  ])("%j is not JSON, even so", (text) => {
    expect(() => parseLenient(text)).toThrow(JsonSyntaxError);
  });

  test("a number keeps its text", () => {
    expect(parseLenient("5.0")).toEqual(new NumberText("5.0"));
    expect(parseLenient("-1e5")).toEqual(new NumberText("-1e5"));
  });
});

test("texts are written as Gson writes them", () => {
  expect(gsonText('a"\\<ä\u2028\u0001\ud800')).toBe('"a\\"\\\\<ä\\u2028\\u0001?"');
});
