// All that the project asks of itself, one line for each, and at the end how many passed: `npm test`.
// `node scripts/test.mjs --tests-only` leaves out what does not depend on the version of Node: checks of the sources, and
// tests in which only our own code works, on a disk and a server of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const testsOnly = process.argv.includes("--tests-only");

const checks = [
  { name: "types", command: ["typescript/bin/tsc", "--project", "tsconfig.json"] },
  { name: "types of the simulator's page", command: ["typescript/bin/tsc", "--project", "src/simulator/page"] },
  { name: "types of its test in a browser", command: ["typescript/bin/tsc", "--project", "test/page"] },
  { name: "lint and format", command: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"] },
  { name: "unused code and dependencies", command: ["knip/bin/knip.js", "--no-progress"] },
];

const independent = [
  "test/faults/judgement/**",
  "test/faults/memory-disk/{any-subset,decommission,fat,in-order,mistakes,power-cuts-found}.test.ts",
  "test/repository/{anchors,api-report,citations,docs,errors,generated,layers,rooms,schema,specification,style,words}*.test.ts",
  "test/station/judgement/exhaustive.test.ts",
  "test/transcripts/unseen.test.ts",
];

// The checks beside each other: most of them keep one core busy only.
const counts = [...(testsOnly ? [] : await Promise.all(checks.map(check))), await runTests()];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** @param {{name: string, command: string[]}} check */
async function check({ name, command }) {
  const started = performance.now();
  const { status, output } = await node(command, "pipe");
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"}  ${name} (${seconds} s)\n`);
  if (status !== 0) process.stdout.write(`${output}\n`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The tests show themselves; their numbers come from a report. A file that cannot even load counts as one failure. */
async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "thermal-provision-report-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  if (testsOnly) process.env["TESTS_LEFT_OUT"] = independent.join(" ");
  const { status } = await node(["vitest/vitest.mjs", "run", ...reporters], "inherit");
  const { numPassedTests, numFailedTests } = existsSync(report)
    ? JSON.parse(readFileSync(report, "utf8"))
    : { numPassedTests: 0, numFailedTests: 0 };
  rmSync(folder, { recursive: true });
  return { passed: numPassedTests, failed: status === 0 ? 0 : Math.max(1, numFailedTests) };
}

/**
 * @param {string[]} command a program of an installed package, and its parameters
 * @param {"pipe" | "inherit"} stdio
 * @returns {Promise<{status: number | null, output: string}>}
 */
function node([program = "", ...parameters], stdio) {
  const child = spawn(process.execPath, [join("node_modules", program), ...parameters], {
    stdio: ["ignore", stdio, stdio],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, output }));
  });
}
