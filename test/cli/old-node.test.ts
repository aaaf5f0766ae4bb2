import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, test } from "vitest";
import { refusalOfNode } from "../../src/base/supported-node.ts";
import { read, readJson } from "../repository/tree.ts";
import { commandPath } from "../stories/command.ts";

const folder = mkdtempSync(join(tmpdir(), "old-node-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs this Node, which says that it is an old one. */
function runAs(version: string, parameters: readonly string[]) {
  const preload = join(folder, "version.cjs");
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(preload, `Object.defineProperty(process, "versions", { value: ${versions} });`);
  const run = spawnSync(process.execPath, ["--require", preload, ...parameters], { encoding: "utf8", cwd: folder });
  return { exitStatus: run.status, out: run.stdout, err: run.stderr };
}

it.each(["0.10.48", "12.22.12", "18.20.4", "20.18.3"])("on Node %s the command says so and does nothing", (version) => {
  writeFileSync(join(folder, "provision.txt"), "");
  const sentence =
    `thermal-provision needs Node.js 20.19 or newer, and this is Node.js ${version}; ` +
    "nothing was read and nobody was asked.";
  expect(runAs(version, [commandPath, "provision"])).toEqual({ exitStatus: 78, out: "", err: `error: ${sentence}\n` });
  expect(readdirSync(folder).sort()).toEqual(["provision.txt", "version.cjs"]);
});

it.each(["index.js", "simulator/index.js", "station/index.js"])(
  "on an old Node importing dist/%s throws that sentence",
  (module) => {
    const path = join(commandPath, "../..", module);
    const { exitStatus, err } = runAs("18.20.4", [
      "--input-type=module",
      "--eval",
      `await import(${JSON.stringify(path)})`,
    ]);
    expect(exitStatus).toBe(1);
    expect(err).toContain("Error: thermal-provision needs Node.js 20.19 or newer, and this is Node.js 18.20.4;");
  },
);

it.each(["20.19.0", "21.0.0", "22.12.0", "24.1.0"])("Node %s is new enough", (version) => {
  expect(refusalOfNode(version)).toBeUndefined();
});

test("the oldest version is the one that package.json names", () => {
  expect(readJson("package.json")).toMatchObject({ engines: { node: ">=20.19" } });
});

test("what runs first is in syntax that every Node reads", () => {
  const newer = /=>|`|\?\.|\?\?|\b(const|let|class|async|await|of|import)\b|\.\.\./;
  expect(read("dist/cli/thermal-provision.cjs").replaceAll(/"[^"]*"/g, '""')).not.toMatch(newer);
});
