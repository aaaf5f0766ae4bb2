/**
 * What it costs to start `thermal-provision provision` in a folder with nothing to do, held against an empty Node
 * program: time as a ratio, since machines differ, and peak memory as a difference. `npm run bench`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const pairs = 20;
const warmUps = 3;

// With extra certificate authorities Node reads them at every start, which is none of our doing.
const { NODE_EXTRA_CA_CERTS: _leftOut, ...environment } = process.env;

const folder = mkdtempSync(join(tmpdir(), "thermal-provision-bench-"));
try {
  const program = resolve("dist/cli/thermal-provision.cjs");
  const ours = [program, "provision", "--directory", join(folder, "camera"), "--json"];
  const empty = ["-e", "0"];
  mkdirSync(join(folder, "camera"));

  const time = alternately(ours, empty, milliseconds);
  const memory = alternately(ours, empty, megabytes);

  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}, median of ${pairs} pairs\n`);
  process.stdout.write(`start-up     ${times(time)} the empty program (${inWords(time, "ms")})\n`);
  process.stdout.write(`peak memory  ${difference(memory)} MB (${inWords(memory, "MB")})\n`);
} finally {
  rmSync(folder, { recursive: true });
}

interface Pair {
  readonly ours: number;
  readonly empty: number;
}

/** The median of each, taken in turns, so that a busy moment of the machine hits both. */
function alternately(
  ours: readonly string[],
  empty: readonly string[],
  measure: (run: readonly string[]) => number,
): Pair {
  const taken = Array.from({ length: warmUps + pairs }, () => ({ ours: measure(ours), empty: measure(empty) }));
  const counted = taken.slice(warmUps);
  return { ours: median(counted.map((pair) => pair.ours)), empty: median(counted.map((pair) => pair.empty)) };
}

function milliseconds(parameters: readonly string[]): number {
  const started = performance.now();
  run(parameters);
  return performance.now() - started;
}

/** The largest resident set, as the program itself sees it at its end. */
function megabytes(parameters: readonly string[]): number {
  const report = join(folder, "memory");
  const hook = join(folder, "memory.cjs");
  const atExit = `require("node:fs").writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on("exit", () => ${atExit});\n`);
  run(["--require", hook, ...parameters]);
  return Number(readFileSync(report, "utf8")) / 1024;
}

function run(parameters: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, parameters, { env: environment, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${parameters.join(" ")} ended with ${status}: ${stderr}`);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function times({ ours, empty }: Pair): string {
  return `${(ours / empty).toFixed(2)} ×`;
}

function difference({ ours, empty }: Pair): string {
  return `${ours >= empty ? "+" : ""}${(ours - empty).toFixed(1)}`;
}

function inWords({ ours, empty }: Pair, unit: string): string {
  return `${ours.toFixed(1)} against ${empty.toFixed(1)} ${unit}`;
}
