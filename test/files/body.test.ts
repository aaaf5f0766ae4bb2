import { expect, it } from "vitest";
import { readBody } from "../../src/files/body.ts";
import { failingAt } from "./disk/watched-file-system.ts";

it("a board that cannot be asked is one that does not tell", () => {
  expect(readBody(failingAt("lstat", "EIO"), "/sys")).toBeUndefined();
  expect(readBody(failingAt("open", "EMFILE"), "package.json")).toBeUndefined();
  expect(readBody(failingAt("read", "EIO"), "package.json")).toBeUndefined();
});
