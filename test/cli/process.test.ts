import { expect, test } from "vitest";
import { parseModule } from "../repository/syntax.ts";
import { read, typeScriptFiles } from "../repository/tree.ts";

const files = typeScriptFiles("src").filter((path) => path.startsWith("src/cli/"));

test("only main.ts, and what comes before it, touch the process: everything else can be run by a test", () => {
  const users = files.filter((path) => parseModule(path).names.has("process"));
  expect(users).toEqual([
    "src/cli/before-all.ts",
    "src/cli/inspector.ts",
    "src/cli/launch.ts",
    "src/cli/main.ts",
    "src/cli/node-settings.ts",
    // What launch.ts asks before main.ts is loaded.
    "src/cli/provision/tell-rest.ts",
  ]);
});

test("main.ts imports before-all.ts first, which imports nothing: what that does to the environment comes before all", () => {
  const [first] = read("src/cli/main.ts").match(/^import .*/gm) ?? [];
  expect(first).toBe('import "./before-all.ts";');
  expect(parseModule("src/cli/before-all.ts").imports).toEqual([]);
});
