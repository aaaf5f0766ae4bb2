import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";

const text = "hunter2-hunter2";
const secret = new Secret(text);

describe("a secret is masked", () => {
  test.each([
    ["as a text", String(secret)],
    ["in a template", `${secret}`],
    ["joined to a text", `token=${[secret, secret]}`],
    ["as JSON", JSON.stringify({ credentials: { accessToken: secret, list: [secret] } })],
    ["as pretty JSON", JSON.stringify(secret, null, 2)],
    ["inspected", inspect(secret)],
    [
      "inspected deep inside, hidden properties and all",
      inspect({ a: { b: [secret] } }, { showHidden: true, depth: 9 }),
    ],
    ["inspected without the custom way", inspect(secret, { customInspect: false, showHidden: true })],
    ["printed with %s", format("%s", secret)],
    ["printed with %o and %O", format("%o %O", secret, { secret })],
    ["printed with %j", format("%j", { secret })],
    ["printed beside a text", format("the token is", secret)],
    ["in an error's message and cause", inspect(new Error(`with ${secret}`, { cause: secret }))],
    ["in a map and a set", inspect([new Map([["token", secret]]), new Set([secret])])],
  ])("%s", (_way, printed) => {
    expect(printed).not.toContain("hunter");
    expect(printed).toMatch(/\[secret\]|Secret/);
  });

  test("when its properties are listed or copied: it has none", () => {
    expect([...Object.keys(secret), ...Object.getOwnPropertyNames(secret)]).toEqual([]);
    expect(JSON.stringify({ ...secret })).toBe("{}");
    expect(JSON.stringify(structuredClone(secret))).toBe("{}");
  });
});

test("only reveal gives the text", () => {
  expect(secret.reveal()).toBe(text);
});

test("secrets are equal when their texts are", () => {
  expect(secret.equals(new Secret(text))).toBe(true);
  expect(secret.equals(new Secret(`${text} `))).toBe(false);
});

describe("a fingerprint", () => {
  test("is 16 hexadecimal digits of the SHA-256, the same on every camera", () => {
    expect(new Secret("recAllowKey0123456789").fingerprint()).toBe("3126fba77f8fcab4");
  });

  test("that others may read has a salt, and is recognised as well as one of a former version", () => {
    const key = new Secret("recAllowKey0123456789");
    const salted = key.saltedFingerprint("784f394c-42b6-435a-983c-b7beff2784f9");
    expect(salted).toBe("784f394c42b6435a-0be66f5d1b8b9a5a");
    expect(key.saltedFingerprint("6f1c2f3e-0000-4000-8000-000000000001")).not.toContain(salted.slice(17));
    expect([salted, key.fingerprint()].map((each) => key.hasFingerprint(each))).toEqual([true, true]);
    const another = new Secret("recAllowKey0123456780");
    expect([salted, key.fingerprint()].map((each) => another.hasFingerprint(each))).toEqual([false, false]);
    expect(key.hasFingerprint("")).toBe(false);
  });

  test("tells secrets apart", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(new Secret(one).fingerprint() === new Secret(other).fingerprint()).toBe(one === other);
      }),
    );
  });
});
