import { expect, test } from "vitest";
import { committedFiles, read } from "./tree.ts";

/** Written in pieces, so that this file does not hold what it forbids. */
const forbidden: Readonly<Record<string, RegExp>> = {
  "a path of the machine it was written on": new RegExp(
    ["/wo", "rk/(main|shared)|/ro", "ot/|/ho", "me/[a-z]+/"].join(""),
  ),
  "the address of a package registry": new RegExp(["registry", "\\.(npm", "js|yarn", "pkg)|npm", "mirror"].join("")),
  "a private key": new RegExp(["-----BEGIN ", "[A-Z ]*PRIVATE KEY-----"].join("")),
  "a token for npm or GitHub": new RegExp(["_auth", "Token|gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}"].join("")),
};

test.each(Object.entries(forbidden))("no committed file holds %s", (_what, pattern) => {
  const texts = committedFiles().filter((path) => !/\.(gz|br|png|bin)$/.test(path));
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((path) => pattern.test(read(path)))).toEqual([]);
});
