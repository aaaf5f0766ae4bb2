import fc from "fast-check";
import { type ParseError, type Node as ParserNode, parseTree } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { type Entry, eachEntry, type Node, readTree, type Wanted } from "../../../src/files/json/json-tree.ts";
import { anyObject, anyValue, textOf, trivia } from "../any-config.ts";

const ours = ["device", "server", "provisioning"];
const ourValue = () =>
  fc.oneof(
    anyValue.map((text) => [text]),
    anyObject(["device_id", "url"], () => anyValue.map((text) => [text])),
  );
const right = fc
  .tuple(trivia, fc.oneof(anyObject(ours, ourValue).map(textOf), anyValue), trivia)
  .map((parts) => parts.join(""));

/** Signs of which a single one may turn right JSON into wrong, and wrong into right. */
const signs = Array.from('{}[]",:/*\\ \n\r\t-+.0123eEux9a\u0001\u007f\u00a0\u{feff}ntfl温');
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  without: fc.nat(2),
  sign: fc.constantFrom("", ...signs),
});
const changed = fc.tuple(right, fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
  changes.reduce((before, { at, without, sign }) => {
    const place = Math.floor(at * before.length);
    return before.slice(0, place) + sign + before.slice(place + without);
  }, text),
);
const pieces = fc
  .array(
    fc.constantFrom(
      ...signs,
      "true",
      "false",
      "null",
      "-0.5e+7",
      "01",
      "1.",
      '"a"',
      "/*",
      "*/",
      "//",
      "\\u00e4",
      "{}",
      "[]",
    ),
  )
  .map((parts) => parts.join(""));

/** The parser's tree in our form; undefined where it finds a mistake. */
function parsed(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return root === undefined || errors.length > 0 ? undefined : inOurForm(root);
}

function inOurForm({ type, offset, length, value, children = [] }: ParserNode): Node {
  if (type === "array") return { type: "list", offset, length, elements: children.map(inOurForm) };
  if (type !== "object") return { type: "plain", offset, length, value };
  const members = children.flatMap(({ children: [key, present] = [] }) => {
    if (key === undefined || present === undefined) return [];
    const place = { offset: key.offset, length: key.length };
    return [{ name: String(key.value), key: place, value: inOurForm(present) }];
  });
  return { type, offset, length, members };
}

/** What is left of a whole tree when only some of it is wanted. */
function pruned(node: Node, wanted: Wanted): Node {
  if (typeof wanted === "string" || node.type === "plain") return node;
  if (node.type === "list") return { ...node, elements: [] };
  if (node.type !== "object") return node;
  const members = node.members.flatMap((member) => {
    const within = Object.hasOwn(wanted, member.name) ? wanted[member.name] : undefined;
    return within === undefined ? [] : [{ ...member, value: pruned(member.value, within) }];
  });
  return { ...node, members };
}

const config: Wanted = { device: { device_id: "a little" }, server: { url: "a little" }, A: "everything" };

describe("the tree of JSON text", () => {
  it("is that of jsonc-parser, and there is none where that finds a mistake", () => {
    const check = (text: string) => {
      expect(readTree(text, "everything")).toEqual(parsed(text));
    };
    fc.assert(fc.property(right, check), { numRuns: 500 });
    fc.assert(fc.property(changed, check), { numRuns: 2000 });
    fc.assert(fc.property(pieces, check), { numRuns: 1000 });
  });

  it("has what is wanted of it where it stands, and the rest is looked through for mistakes all the same", () => {
    const check = (text: string) => {
      const whole = readTree(text, "everything");
      expect(readTree(text, config)).toEqual(whole === undefined ? undefined : pruned(whole, config));
    };
    fc.assert(fc.property(right, check), { numRuns: 500 });
    fc.assert(fc.property(changed, check), { numRuns: 500 });
  });

  it("tells where all members of an object stand, those included that were not read", () => {
    fc.assert(
      fc.property(anyObject(ours, ourValue).map(textOf), (text) => {
        const root = readTree(text, "everything");
        if (root?.type !== "object") throw new Error("it is right");
        const entries: Entry[] = [];
        eachEntry(text, root, (entry) => entries.push(entry));
        expect(entries).toEqual(
          root.members.map(({ key, value }) => ({
            offset: key.offset,
            length: value.offset + value.length - key.offset,
            keyEnd: key.offset + key.length,
            value: value.offset,
          })),
        );
      }),
    );
  });

  it("has nothing of a large list under a key of which a little is wanted, but every text", () => {
    const list = `[${"1,".repeat(40_000)}]`;
    const long = "x".repeat(100_000);
    const wanted: Wanted = { a: "a little" };
    expect(readTree(`{"a":${list}}`, wanted)).toMatchObject({
      members: [{ value: { type: "unread", length: 80_002 } }],
    });
    expect(readTree(`{"a":["b"]}`, wanted)).toMatchObject({ members: [{ value: { elements: [{ value: "b" }] } }] });
    expect(readTree(`{"a":"${long}"}`, wanted)).toMatchObject({ members: [{ value: { type: "plain", value: long } }] });
    expect(readTree(`{"a":${list}]}`, wanted)).toBeUndefined();
  });
});
