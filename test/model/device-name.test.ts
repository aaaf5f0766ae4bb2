import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemRandomness } from "../../src/base/randomness.ts";
import { defaultPrefix, fits, generateDeviceName, isDeviceName, isPlainText } from "../../src/model/device-name.ts";

describe("a generated name", () => {
  test("is the prefix, a hyphen and six of A-Z and 0-9", () => {
    expect(generateDeviceName("thermal-camera", systemRandomness)).toMatch(/^thermal-camera-[A-Z0-9]{6}$/);
    expect(generateDeviceName("door-cam", systemRandomness)).toMatch(/^door-cam-[A-Z0-9]{6}$/);
  });

  test("is made of the bytes that chance gives", () => {
    const bytes = Uint8Array.of(0, 25, 26, 35, 36, 71);
    expect(generateDeviceName("cam", { bytes: () => bytes, fraction: () => 0 })).toBe("cam-AZ09A9");
  });

  test("is another each time", () => {
    const names = Array.from({ length: 100 }, () => generateDeviceName(defaultPrefix, systemRandomness));
    expect(new Set(names).size).toBe(100);
  });

  test("fits its own naming, and the server", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z-]{1,248}$/), (prefix) => {
        const name = generateDeviceName(prefix, systemRandomness);
        expect(fits(name, { kind: "generated", prefix })).toBe(true);
        expect(isDeviceName(name)).toBe(true);
      }),
    );
  });
});

describe("whether a name fits", () => {
  const generated = { kind: "generated", prefix: "cam" } as const;

  test.each([
    ["cam-ABC123", true],
    ["cam-abc123", false],
    ["cam-ABC12", false],
    ["cam-ABC1234", false],
    ["cam-x-ABC123", false],
    ["camABC123", false],
    ["xcam-ABC123", false],
    ["cam-ABC12\n", false],
    ["cam-ABC123\n", false],
  ])("a prefix: %j is %s", (name, expected) => {
    expect(fits(name, generated)).toBe(expected);
  });

  test("a fixed name: that one alone", () => {
    expect(fits("Gate 7", { kind: "fixed", name: "Gate 7" })).toBe(true);
    expect(fits("gate 7", { kind: "fixed", name: "Gate 7" })).toBe(false);
  });
});

describe("a device name, as ThingsBoard takes it", () => {
  test.each([
    ["a", true, "one character"],
    ["x".repeat(255), true, "255 characters"],
    ["x".repeat(256), false, "256 characters"],
    ["", false, "none"],
    ["Kamera 7 <Tor> & 你好 😀", true, "spaces inside, other scripts, signs"],
    [" a", false, "a space before"],
    ["a ", false, "a space behind"],
    ["a\u00a0", false, "a space of another kind behind"],
    ["a\u0000b", false, "a NUL"],
    ["a\nb", false, "a line end"],
    ["a\u0085b", false, "a control character of the upper range"],
    ["a\ud83d", false, "half a character"],
  ])("%j: %s, %s", (name, expected) => {
    expect(isDeviceName(name)).toBe(expected);
  });
});

test("a plain text has no control characters and no half characters", () => {
  expect(isPlainText("Grüße 😀")).toBe(true);
  for (const text of ["\u0000", "\u001b", "\u007f", "\u009f", "\ud800", "\udc00x"])
    expect(isPlainText(text)).toBe(false);
});
