import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("docs/errors.md and schema/ are what the model says", () => {
  const parameters = ["scripts/run.mjs", "scripts/generate.ts", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
