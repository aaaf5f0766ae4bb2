import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("docs/errors.md, the table of faults and schema/ are what the source says", () => {
  const parameters = ["scripts/run.mjs", "scripts/generate.ts", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
