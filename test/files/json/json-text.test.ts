import { describe, expect, it } from "vitest";
import { findTooDeep } from "../../../src/files/json/json-depth.ts";
import { findDuplicates, meaningOf, nodeAt, parseJsonText } from "../../../src/files/json/json-text.ts";

const parse = (text: string) => parseJsonText("f.json", new TextEncoder().encode(text));

function problemOf(text: string) {
  const json = parse(text);
  if (!("problems" in json)) throw new Error("there is no problem");
  const [problem] = json.problems;
  return `${problem?.line}:${problem?.column}: found ${problem?.found}, expected ${problem?.expected}`;
}

describe("reading JSON text", () => {
  it("takes comments, trailing commas, a byte order mark and any line ends", () => {
    const json = parse('\u{feff}/* a */ {\r\n "a": [1, 2,], // b\r "b": null,\n}\n// end');
    if ("problems" in json) throw new Error("it is right");
    expect(meaningOf(json.root)).toEqual({ a: [1, 2], b: null });
  });

  it("says where and what is wrong", () => {
    expect(problemOf("")).toBe("1:1: found an empty file, expected a JSON object in braces");
    expect(problemOf(" \n ")).toBe("1:1: found an empty file, expected a JSON object in braces");
    expect(problemOf("// only a comment")).toMatch(/^1:18: found the end of the file, expected a value/);
    expect(problemOf("[1]")).toBe("1:1: found a list, expected a JSON object in braces");
    expect(problemOf("\n 7")).toBe("2:2: found a number, expected a JSON object in braces");
    expect(problemOf('{"a": 1')).toBe("1:8: found the end of the file, expected a closing brace }");
    expect(problemOf('{\n  "a": 1\n  "b": 2\n}')).toBe("3:3: found the next entry, expected a comma before it");
    expect(problemOf('{"a" 1}')).toBe("1:6: found a number, expected a colon behind the key");
    expect(problemOf('{"a": tru}')).toBe(
      '1:7: found a word that is not a JSON value, expected true, false, null, a number, or text in "quotes"',
    );
    expect(problemOf("{1: 1}")).toBe('1:2: found a number, expected a key in "quotes"');
    expect(problemOf('{"a": [1')).toBe("1:9: found the end of the list, expected a closing bracket ]");
    expect(problemOf('{"a": "x\ny"}')).toBe(
      "1:7: found a text without its end, expected a closing quote on the same line",
    );
    expect(problemOf('{"a": "\\x"}')).toBe(
      '1:7: found an unknown escape, expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u',
    );
    expect(problemOf('{"a": "\u0007"}')).toBe(
      "1:7: found a control character in a text, expected an escape such as \\t or \\u0007",
    );
    expect(problemOf('{"a": 1} {}')).toBe("1:10: found more text, expected the end of the file");
    expect(problemOf('\r\n\r\n{"a": /* }')).toBe("3:7: found a comment without its end, expected */");
    expect(problemOf('{"a": 1.}')).toBe("1:7: found a number that is cut off, expected digits");
    expect(problemOf('{"a": "\\u12"}')).toBe(
      "1:7: found an escape \\u that is cut off, expected four hexadecimal digits",
    );
  });

  it.each([
    [
      "{ \u201ca\u201d: 1 }",
      '1:3: found the typographic quotation mark U+201C, expected the plain quotation mark " (U+0022)',
    ],
    [
      '{ "a": \u201cb" }',
      '1:8: found the typographic quotation mark U+201C, expected the plain quotation mark " (U+0022)',
    ],
    [
      '{ "a": "b\u201d }',
      '1:10: found the typographic quotation mark U+201D, expected the plain quotation mark " (U+0022)',
    ],
    ["{ 'a': 1 }", '1:3: found the quotation mark U+0027, expected the plain quotation mark " (U+0022)'],
    ['{\u00a0"a": 1 }', "1:2: found the special space U+00A0, expected a plain space"],
    ['{ "a":\u3000 1 }', "1:7: found the special space U+3000, expected a plain space"],
    ['{ \u200b"a": 1 }', "1:3: found the invisible character U+200B, expected nothing there"],
    ['{ "a"\uff1a 1 }', "1:6: found the full-width sign U+FF1A, expected the plain sign :"],
    ['{ "a": NaN }', "1:8: found the word NaN, expected null, or a number"],
    ['{ "a": -Infinity }', "1:8: found the word -Infinity, expected null, or a number"],
    ['{ "a": True }', "1:8: found the word True, expected true"],
    ["{\\rtf1\\ansi {}}", "1:1: found a file of a word processor (RTF), expected plain text; save it as such"],
    ["<!DOCTYPE html><p>", "1:1: found a web page (HTML), expected JSON; download the file itself"],
    [
      '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}',
      "2:1: found a mark of a merge conflict, expected one of the two versions, without the marks",
    ],
    ['{ "a": 1 }\nEOF\n', "2:1: found what a shell's here-document left over, expected nothing there"],
  ])("names what looks right, and what to type: %j", (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it("names what is there instead", () => {
    expect(problemOf('{"a": , "b": 1}')).toBe("1:7: found a comma, expected a value");
    expect(problemOf('{"a": 1 {')).toBe("1:9: found a brace {, expected a comma between two entries");
    expect(problemOf('{"a": }')).toBe("1:7: found a brace }, expected a value");
    expect(problemOf('{"a": 1 [')).toBe("1:9: found a bracket [, expected a comma between two entries");
    expect(problemOf('{"a": ]}')).toBe("1:7: found a bracket ], expected a value");
    expect(problemOf('{"a": 1 : 2}')).toBe("1:9: found a colon, expected a comma between two entries");
    expect(problemOf('{"a": 1 true}')).toBe("1:9: found a word, expected a comma between two entries");
    expect(problemOf('{"a": 1 -2}')).toBe("1:9: found a number, expected a comma between two entries");
  });

  it("tells every comma that is missing, and the first of other mistakes, whose consequences are no mistakes", () => {
    const json = parse('{\n"a": 1\n"b": 2\n"c" 3\n"d": 4\n}');
    const places = "problems" in json ? json.problems.map(({ line, expected }) => [line, expected]) : [];
    expect(places).toEqual([
      [3, "a comma before it"],
      [4, "a comma before it"],
      [4, "a colon behind the key"],
    ]);
  });

  it("never quotes what stands in the file", () => {
    for (const text of [
      '"s3cret"',
      '{"a": s3cret}',
      '{"s3cret',
      '["s3cret"]',
      "s3cret",
      '{"a": "s3cret',
      '{"s3cret" 1}',
    ]) {
      expect(problemOf(text)).not.toContain("s3cret");
    }
  });

  it("treats __proto__ and constructor as keys like any others", () => {
    const json = parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    if ("problems" in json) throw new Error("it is right");
    const meaning = meaningOf(json.root);
    expect(Object.keys(Object(meaning))).toEqual(["__proto__", "constructor"]);
    expect("polluted" in {}).toBe(false);
    expect(Object.getPrototypeOf(meaning)).toBe(Object.prototype);
  });

  it("finds every key that stands there a second time, or only those that are asked for", () => {
    const json = parse('{"a": 1, "b": 2,\n "a": 3, "b": 4, "a": 5}');
    if ("problems" in json) throw new Error("it is right");
    const places = (keys?: string[]) =>
      findDuplicates("f.json", json, json.root, [], keys).map(({ line, column, path }) => `${line}:${column} ${path}`);
    expect(places()).toEqual(["2:2 a", "2:10 b", "2:18 a"]);
    expect(places(["b"])).toEqual(["2:10 b"]);
  });
});

describe("looking for a node", () => {
  it("follows keys in objects and numbers in lists, and neither in the other", () => {
    const json = parse('{"list": [["a", "b"], 7]}');
    if ("problems" in json) throw new Error("it is right");
    const valueAt = (...path: (string | number)[]) => meaningOf(nodeAt(json.root, path));
    expect(valueAt("list", 0, 1)).toBe("b");
    expect(valueAt("list", 1)).toBe(7);
    for (const path of [["list", 2], ["list", "length"], ["list", "0"], ["list", "a"], ["list", 0, "a"], [0], [0, 0]]) {
      expect(nodeAt(json.root, path), JSON.stringify(path)).toBeUndefined();
    }
  });
});

describe("the depth of JSON text", () => {
  it("is accepted up to 64 levels", () => {
    expect(parse(`{"a":${"[".repeat(63)}${"]".repeat(63)}}`)).toHaveProperty("root");
    expect(problemOf(`{"a":${"[".repeat(64)}${"]".repeat(64)}}`)).toBe(
      "1:69: found more than 64 levels of brackets, expected at most 64",
    );
  });

  it("may be a hundred thousand without any harm", () => {
    expect(problemOf("[".repeat(100_000))).toContain("more than 64 levels");
    expect(problemOf('{"a":'.repeat(100_000))).toContain("more than 64 levels");
  });

  it("does not count what stands in texts and comments", () => {
    const brackets = "[{".repeat(50);
    expect(
      findTooDeep(`{"a": "${brackets}\\"${brackets}", /* ${brackets} */ // ${brackets}\n "b": 1}`, 64),
    ).toBeUndefined();
    expect(findTooDeep(`"unfinished ${brackets}\n${brackets}`, 64)).toBeGreaterThan(112);
    expect(findTooDeep(`/ ${brackets}`, 64)).toBeDefined();
    expect(findTooDeep("/* a */ [", 0)).toBe(8);
    expect(findTooDeep("/**//[", 0)).toBe(5);
    expect(findTooDeep("// a [\n[", 0)).toBe(7);
    expect(findTooDeep("// a [\r[", 0)).toBe(7);
    expect(findTooDeep('"a [\r[', 0)).toBe(5);
    expect(findTooDeep("/* without end [", 0)).toBeUndefined();
    expect(findTooDeep("// without end [", 0)).toBeUndefined();
    expect(findTooDeep('"without end [', 0)).toBeUndefined();
    expect(findTooDeep("[][][]", 1)).toBeUndefined();
  });
});
