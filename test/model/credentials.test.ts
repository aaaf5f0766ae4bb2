import { expect, test } from "vitest";
import { sameCredentials } from "../../src/model/credentials.ts";
import { token } from "./tokens.ts";

test("credentials are the same when their tokens are", () => {
  expect(sameCredentials(token("a"), token("a"))).toBe(true);
  expect(sameCredentials(token("a"), token("b"))).toBe(false);
});
