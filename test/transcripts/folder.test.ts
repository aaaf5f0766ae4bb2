import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "./data.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recordings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file that is not a recording is named with the reason, and the others are read", () => {
  const recording = { title: "", server_version: "CE 4.3.1.3", packets: [], connections: [] };
  writeFileSync(join(folder, "good.json"), JSON.stringify(recording));
  writeFileSync(join(folder, "package.json"), '{"name":"x"}');
  writeFileSync(join(folder, "cut-off.json"), '{"title":');
  writeFileSync(join(folder, "notes.txt"), "x");
  const { recordings, unusable } = readFolder(folder);
  expect(recordings.map((one) => one.case)).toEqual(["good"]);
  expect(unusable).toEqual([
    { file: "cut-off.json", reason: "no JSON", foreign: false },
    { file: "package.json", reason: "no recording: it has no server_version", foreign: true },
  ]);
});

test("a folder that does not exist, or is none, is told in words", () => {
  expect(() => readFolder(join(folder, "nosuch"))).toThrow(/nosuch does not exist$/);
  writeFileSync(join(folder, "file"), "");
  expect(() => readFolder(join(folder, "file"))).toThrow(/file cannot be read as a folder \(ENOTDIR\)$/);
});
