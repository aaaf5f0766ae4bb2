import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestName } from "../../src/base/nearest-name.ts";

const known = ["server_url", "server_port", "provision_device_key", "provision_device_secret", "timeout_seconds"];

describe("the nearest name", () => {
  test.each<[string, string | undefined, string]>([
    ["server_ulr", "server_url", "two letters swapped"],
    ["serverurl", "server_url", "a letter missing"],
    ["server_urll", "server_url", "a letter too many"],
    ["server_part", "server_port", "a letter changed"],
    ["ServerPort", "server_port", "another spelling"],
    ["PROVISION_DEVICE_KEY", "provision_device_key", "capitals"],
    ["provision_key", "provision_device_key", "a word missing"],
    ["provision_secret", "provision_device_secret", "another word missing"],
    ["timeout", "timeout_seconds", "the only one with this word"],
    ["server", undefined, "a word of several"],
    ["color", undefined, "nothing like it"],
    ["", undefined, "an empty name"],
    ["__proto__", undefined, "a name that objects have"],
  ])("of %j is %s: %s", (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });

  test("of a short name is not just any short name", () => {
    expect(nearestName("xy", ["ab", "cd"])).toBeUndefined();
  });

  test("of a known name is that name", () => {
    for (const name of known) expect(nearestName(name, known)).toBe(name);
  });

  test("is always a known one, whatever the name, and a huge name takes no time", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect([...known, undefined]).toContain(nearestName(name, known));
      }),
    );
    expect(nearestName("x".repeat(1_000_000), known)).toBeUndefined();
  });

  test("is found in spite of any one changed letter", () => {
    const anyKnown = fc.constantFrom(...known);
    fc.assert(
      fc.property(anyKnown, fc.nat(), fc.constantFrom(..."abcxyz_09"), (name, position, letter) => {
        const at = position % name.length;
        expect(nearestName(name.slice(0, at) + letter + name.slice(at + 1), known)).toBe(name);
      }),
    );
  });
});
