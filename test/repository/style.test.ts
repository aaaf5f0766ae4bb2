import { expect, test } from "vitest";
import { parseModule } from "./syntax.ts";
import { committedFiles, read, typeScriptFiles } from "./tree.ts";

/** `as` claims what nobody checked. The few that are left, each with a reason beside it in the file. */
const assertions: Readonly<Record<string, readonly string[]>> = {
  "src/base/duration.ts": ["Duration"],
};

test("no type is asserted instead of checked, apart from the listed ones", () => {
  const found = typeScriptFiles("src").map((path) => [path, parseModule(path).assertions] as const);
  expect(Object.fromEntries(found.filter(([, types]) => types.length > 0))).toEqual(assertions);
});

test("nothing tells the compiler or the linter to look away", () => {
  const marker = new RegExp(["@ts-(ignore|expect-error|nocheck)", "biome-ignore", "eslint-disable"].join("|"));
  const files = committedFiles().filter((path) => /\.(ts|mjs)$/.test(path) && path !== "test/repository/style.test.ts");
  expect(files.filter((path) => marker.test(read(path)))).toEqual([]);
});

test("no test sleeps", () => {
  const timers = ["setTimeout", "setInterval"];
  const sleepers = typeScriptFiles("test").filter((path) => {
    const { names, imports } = parseModule(path);
    return timers.some((timer) => names.has(timer)) || imports.includes("node:timers/promises");
  });
  expect(sleepers).toEqual([]);
});

test("no test is skipped, alone or left for later", () => {
  const leftOut = ["skip", "skipIf", "only", "todo", "fails"];
  const files = typeScriptFiles("test").filter((path) => {
    const { calledMethods } = parseModule(path);
    return leftOut.some((method) => calledMethods.has(method));
  });
  expect(files).toEqual([]);
});
