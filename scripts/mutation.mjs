// Mutation testing of what must not be wrong: src/flow, src/provision.ts and src/files, each by the tests that are about
// it: `npm run test:mutation`, with names behind it (`-- flow`) only these. It takes about an hour on two
// cores, so it is no part of `npm test`. A mutant that survives is a line that no test needs: the run says which.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const report = join("reports", "mutation", "mutation.json");

/** @type {Readonly<Record<string, {mutate: string, tests: string[]}>>} */
const parts = {
  flow: { mutate: "src/flow/**/*.ts", tests: ["test/flow/**/*.test.ts"] },
  provision: { mutate: "src/provision.ts", tests: storiesInThisProcess() },
  files: { mutate: "src/files/**/*.ts", tests: ["test/files/**/*.test.ts"] },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}\n`);
  process.exit(64);
}

/** Without the stories that start the command: a mutant is not in there. */
function storiesInThisProcess() {
  const folder = "test/stories";
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  const paths = files.map((name) => `${folder}/${name}`);
  return paths.filter((path) => !readFileSync(path, "utf8").includes('"./command.ts"'));
}

const rows = Object.entries(parts)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .map(([name, part]) => {
    const found = mutantsOf(part);
    for (const { file, line, was, became } of found.survivors) {
      process.stdout.write(`survived (${name})  ${file}:${line}\n    - ${was}\n    + ${became}\n`);
    }
    return { name, ...found };
  });

process.stdout.write("part       mutants  noticed  survived  score\n");
for (const { name, noticed, survivors } of rows) {
  const all = noticed + survivors.length;
  const cells = [String(all).padStart(7), String(noticed).padStart(7), String(survivors.length).padStart(8)];
  process.stdout.write(`${name.padEnd(9)}  ${cells.join("  ")}  ${((100 * noticed) / all).toFixed(1)} %\n`);
}

/** @param {{mutate: string, tests: string[]}} part */
function mutantsOf({ mutate, tests }) {
  rmSync(report, { force: true });
  const parameters = ["run", join("test", "mutation", "stryker.config.json"), "--mutate", mutate];
  const { status } = spawnSync(
    process.execPath,
    [join("node_modules", "@stryker-mutator/core/bin/stryker.js"), ...parameters],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, MUTATION_TESTS: tests.join(",") },
    },
  );
  if (status !== 0) {
    process.stderr.write(`Stryker ended with ${status}\n`);
    process.exit(70);
  }
  const { files } = JSON.parse(readFileSync(report, "utf8"));
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((/** @type {Mutant} */ mutant) => ({ file, source, ...mutant })),
  );
  const noticed = mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const survivors = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage").map(inShort);
  return { noticed, survivors };
}

/**
 * @typedef {{line: number, column: number}} Place
 * @typedef {{status: string, replacement: string, location: {start: Place, end: Place}}} Mutant
 * @param {Mutant & {file: string, source: string}} mutant
 */
function inShort({ file, source, replacement, location: { start, end } }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const cut = lines.map((line, index) => {
    const from = index === 0 ? start.column - 1 : 0;
    return line.slice(from, index === lines.length - 1 ? end.column - 1 : undefined);
  });
  return { file, line: start.line, was: oneLine(cut.join(" ")), became: oneLine(replacement) };
}

/** @param {string} text */
function oneLine(text) {
  const folded = text.replace(/\s+/g, " ");
  return folded.length > 100 ? `${folded.slice(0, 100)} …` : folded;
}
