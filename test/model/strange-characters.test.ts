import { describe, expect, it } from "vitest";
import { isPlaceholder, strangeness } from "../../src/model/strange-characters.ts";

describe("what is strange about a text", () => {
  it.each([
    [" x", "begins with a space"],
    ["x ", "ends with a space"],
    ["x\t", "ends with a tab"],
    ["x\r\n", "ends with a line end"],
    ["\u00a0x", "begins with a special space (U+00A0)"],
    ["x\u00a0y", "holds a special space (U+00A0) as its character 2"],
    ["x\u200by", "holds an invisible character (U+200B) as its character 2"],
    ["\u{1f600}\u202e", "holds an invisible character (U+202E) as its character 2"],
    ["x\u0007", "holds a control character (U+0007) as its character 2"],
  ])("is told without the text: %j %s", (text, strange) => {
    expect(strangeness(text)).toBe(strange);
  });

  it("is nothing for a plain text, with spaces inside or in another script", () => {
    for (const text of ["", "x", "two words", "ключ", "鍵", "\u{1f600}"]) expect(strangeness(text)).toBeUndefined();
  });
});

describe("a placeholder", () => {
  it.each([
    "your-provision-key",
    "your-provision-secret",
    "YOUR_PROVISION_KEY_HERE",
    "PUT_PROVISION_SECRET_HERE",
    "provision_device_key",
    "<key>",
    ["$", "{SECRET}"].join(""),
    "xxxx",
  ])("is %s", (text) => expect(isPlaceholder(text)).toBe(true));

  it.each(["u7piawkboxmxrhj0qn4e", "simulatorKey01234567", "the-key", "key", "yours", "putting"])(
    "is not %s",
    (text) => {
      expect(isPlaceholder(text)).toBe(false);
    },
  );
});
