import { expect, test } from "vitest";
import { parseModule } from "../repository/syntax.ts";
import { read, typeScriptFiles } from "../repository/tree.ts";

const files = typeScriptFiles("src").filter((path) => path.startsWith("src/cli/"));

test("only main.ts, and what launches it, touch the process: everything else can be run by a test", () => {
  const users = files.filter((path) => parseModule(path).names.has("process"));
  expect(users).toEqual(["src/cli/launch.ts", "src/cli/main.ts"]);
});

test("main.ts imports nothing at once, so that what it does to the environment comes first", () => {
  expect(read("src/cli/main.ts").match(/^import (?!type ).*/gm)).toBeNull();
});
