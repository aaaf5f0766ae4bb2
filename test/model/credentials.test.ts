import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { sameCredentials } from "../../src/model/credentials.ts";

const token = (text: string) => ({ type: "ACCESS_TOKEN", accessToken: new Secret(text) }) as const;

test("credentials are the same when their tokens are", () => {
  expect(sameCredentials(token("a"), token("a"))).toBe(true);
  expect(sameCredentials(token("a"), token("b"))).toBe(false);
});
