import { describe, expect, test } from "vitest";
import { causesOf } from "../../src/model/error-kind.ts";
import { errorTable } from "../../src/model/error-table.ts";
import type { ErrorKind } from "../../src/model/errors.ts";
import { warningTable } from "../../src/model/warnings.ts";
import { read } from "./tree.ts";

const page = read("docs/errors.md");
const errors = Object.entries<ErrorKind>(errorTable);
const [beforeErrors = "", afterErrors = ""] = page.split("\n## Errors\n");
const [errorPart = "", warningPart = ""] = afterErrors.split("\n## Warnings\n");

test("every error has a section on the page, in the order of the table, and nothing else has one", () => {
  const headings = [...errorPart.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(errors.map(([code]) => code));
});

describe.each(errors)("the page on %s", (code, { type, exitStatus, state, retryAfterSeconds, meaning, ...advice }) => {
  const [section = ""] = errorPart.split(`\n### ${code}\n`)[1]?.split("\n### ") ?? [];

  test("says its type and what it means", () => {
    expect(section).toContain(`Type ${type} · exit status ${exitStatus}`);
    expect(section).toContain(meaning);
  });

  test("says why its type is the nearest, where it is no more than that", () => {
    const { typeBecause } = advice;
    const isLocal =
      state === "FAILED_UPDATE" || state === "unchanged" || ["LOCKED", "USAGE", "INTERNAL"].includes(code);
    expect(typeBecause !== undefined || !isLocal).toBe(true);
    if (typeBecause !== undefined) expect(section).toContain(`\nWhy ${type}: ${typeBecause}.\n`);
  });

  test("names every cause, and what to do on the device and on the server", () => {
    for (const line of [...causesOf(advice), ...advice.onTheDevice, ...advice.onTheServer]) {
      expect(section).toContain(`\n- ${line}`);
    }
  });

  test("is reached from the table, which says exit status, when to try again, and the state", () => {
    const again = retryAfterSeconds === "never" ? "no" : `after ${retryAfterSeconds} s`;
    const end = state === "unchanged" ? "as it was" : state;
    expect(errorPart).toContain(`| [${code}](#${code.toLowerCase()}) | ${exitStatus} | ${again} | ${end} |`);
  });
});

test("every exit status is explained, and no other", () => {
  const explained = [...beforeErrors.matchAll(/^\| (\d+) \| \S/gm)].map(([, status]) => Number(status));
  const used = new Set([0, ...errors.map(([, { exitStatus }]) => exitStatus)]);
  expect(explained).toEqual([...used].toSorted((one, other) => one - other));
});

test("every warning is on the page", () => {
  const listed = [...warningPart.matchAll(/^\| `(\w+)` \| /gm)].map(([, code]) => code);
  expect(listed).toEqual(Object.keys(warningTable));
});
