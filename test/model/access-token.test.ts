import { describe, expect, test } from "vitest";
import { systemRandomness } from "../../src/base/randomness.ts";
import { generateCredentials, isAccessToken, isBase64 } from "../../src/model/credentials.ts";
import { tokenOf } from "./tokens.ts";

describe("a token of our own", () => {
  const tokens = Array.from({ length: 100 }, () => tokenOf(generateCredentials("ACCESS_TOKEN", systemRandomness)));

  test("is 32 letters and digits: valid base64, and safe in every shell", () => {
    for (const token of tokens) {
      expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(isAccessToken(token) && isBase64(token)).toBe(true);
    }
  });

  test("is another each time", () => {
    expect(new Set(tokens).size).toBe(100);
  });

  test("uses each of the 62 characters", () => {
    expect(new Set(tokens.join("")).size).toBe(62);
  });
});

describe("an access token", () => {
  test.each([
    ["A", true],
    ["x".repeat(2000), true],
    ["x".repeat(2001), false],
    ["", false],
    ["with space and ü", true],
    ["a\u0000", false],
    ["a\n", false],
    ["\udfff", false],
    ["provision", false],
    ["Provision", true],
  ])("%j: %s", (text, expected) => {
    expect(isAccessToken(text)).toBe(expected);
  });
});

describe("base64", () => {
  test.each([
    ["QUJD", true],
    ["QUI=", true],
    ["QQ==", true],
    ["A1B2C3D4E5F6G7H8I9J0", true],
    ["ab+/", true],
    ["ab", true],
    ["a", false],
    ["abcde", false],
    ["QQ===", false],
    ["Q=Q", false],
    ["a-b_", false],
    ["a b", false],
    ["", false],
  ])("%j: %s", (text, expected) => {
    expect(isBase64(text)).toBe(expected);
  });
});
