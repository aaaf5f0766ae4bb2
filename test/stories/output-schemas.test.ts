import * as v from "valibot";
import { expect, it } from "vitest";
import { diagnosticsDocument, inspectionLine, provisionLine } from "../../scripts/output-schemas.ts";
import { runProgram } from "../../src/cli/program.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { Camera } from "./camera.ts";

async function printed(...parameters: string[]): Promise<readonly unknown[]> {
  const record = recordedIo();
  await runProgram(parameters, record.io);
  return record.out.trim().startsWith("{\n")
    ? [JSON.parse(record.out)]
    : record.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
}

it("what is printed as JSON is what the schemas say, and has no key that they do not have", async () => {
  await using camera = await Camera.start();
  const folder = ["-d", camera.directory];
  const wrong = { line: provisionLine(v.strictObject), inspection: inspectionLine(v.strictObject) };
  const check = (rules: v.GenericSchema, values: readonly unknown[]) => {
    expect(values.length).toBeGreaterThan(0);
    for (const value of values)
      expect({ value, problems: v.safeParse(rules, value).issues }).toEqual({ value, problems: undefined });
  };
  check(wrong.inspection, await printed("status", "--json", ...folder));
  check(wrong.line, await printed("provision", "--json", "--log-level", "silent", ...folder));
  check(wrong.line, await printed("provision", "--json", "--log-level", "silent", ...folder));
  check(wrong.inspection, await printed("status", "--json", ...folder));
  check(
    diagnosticsDocument(v.strictObject),
    await printed("diagnostics", "--without-unit", "--without-log", ...folder),
  );
  camera.write("provision.txt", "");
  check(wrong.line, await printed("provision", "--json", "--log-level", "silent", ...folder));
  camera.write("provision.txt", "");
  camera.write("provision.json", "{ half a");
  check(wrong.line, await printed("provision", "--json", "--log-level", "silent", ...folder));
});
