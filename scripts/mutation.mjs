// Mutation testing of what must not be wrong: src/flow, src/provision.ts and src/files, each by the tests that are about
// it: `npm run test:mutation`, with names behind it (`-- flow`, `-- src/files/disk/lock.ts`) only these. It takes most of an
// hour on two cores, so it is no part of `npm test`. A mutant that survives is a line that no test needs: it is killed by
// a better test, or has its reason in test/mutation/survivors.json. Any other is printed, and the exit status is 1.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const report = join("reports", "mutation", "mutation.json");
const unjustified = join("reports", "mutation", "unjustified.json");

/** @type {Readonly<Record<string, {source: string, tests: string[]}>>} */
const parts = {
  flow: { source: "src/flow", tests: ["test/flow/**/*.test.ts"] },
  provision: { source: "src/provision.ts", tests: storiesInThisProcess() },
  files: { source: "src/files", tests: ["test/files/**/*.test.ts"] },
};

/**
 * What may survive, by file: the lines before and after the change, as they are printed here, and the reason. An entry
 * stands for one mutant.
 *
 * @typedef {{was: string, became: string}} Change
 * @type {Readonly<Record<string, readonly (Change & {why: string})[]>>}
 */
const justified = JSON.parse(readFileSync(join("test", "mutation", "survivors.json"), "utf8"));

const asked = process.argv.slice(2);
const runs = (asked.length > 0 ? asked : Object.keys(parts)).map(runOf);

/** @param {string} name of a part, or of a file in one */
function runOf(name) {
  const found = Object.entries(parts).find(([part, { source }]) => part === name || isIn(name, source));
  if (found === undefined || (found[0] !== name && !existsSync(name))) {
    process.stderr.write(`no such part: ${name}; there are ${Object.keys(parts).join(", ")} and the files in them\n`);
    process.exit(64);
  }
  const [part, { source, tests }] = found;
  return { name: part, tests, source: part === name ? source : name };
}

/** @param {string} file @param {string} source */
function isIn(file, source) {
  return file === source || file.startsWith(`${source}/`);
}

/** Without the stories that start the command: a mutant is not in there. */
function storiesInThisProcess() {
  const folder = "test/stories";
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  const paths = files.map((name) => `${folder}/${name}`);
  return paths.filter((path) => !readFileSync(path, "utf8").includes('"./command.ts"'));
}

/** @type {Record<string, Change[]>} */
const unexpected = {};
const rows = runs.map((run) => {
  const begin = Date.now();
  const { noticed, survivors } = mutantsOf(run);
  const { fresh, gone } = compare(run.source, survivors);
  for (const { file, line, was, became } of fresh) {
    process.stdout.write(`survived (${run.name})  ${file}:${line}\n    - ${was}\n    + ${became}\n`);
    unexpected[file] = [...(unexpected[file] ?? []), { was, became }];
  }
  for (const { file, was, became } of gone) {
    process.stdout.write(`justified, but did not survive (${run.name})  ${file}\n    - ${was}\n    + ${became}\n`);
  }
  const minutes = (Date.now() - begin) / 60_000;
  return { name: run.name, noticed, survived: survivors.length, unjustified: fresh.length, minutes };
});

process.stdout.write("part       mutants  noticed  survived  unjustified  score   minutes\n");
for (const { name, noticed, survived, unjustified, minutes } of rows) {
  const all = noticed + survived;
  const cells = [String(all).padStart(7), String(noticed).padStart(7), String(survived).padStart(8)];
  const rest = [
    String(unjustified).padStart(11),
    `${((100 * noticed) / all).toFixed(1)} %`,
    String(Math.ceil(minutes)),
  ];
  process.stdout.write(`${name.padEnd(9)}  ${[...cells, ...rest].join("  ")}\n`);
}
if (Object.keys(unexpected).length > 0) {
  writeFileSync(unjustified, `${JSON.stringify(unexpected, null, 2)}\n`);
  process.stdout.write(`the unjustified ones are in ${unjustified}\n`);
  process.exitCode = 1;
}

/** @param {{source: string, tests: string[]}} run */
function mutantsOf({ source, tests }) {
  rmSync(report, { force: true });
  const mutate = statSync(source).isDirectory() ? `${source}/**/*.ts` : source;
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
 * The survivors that have no reason, and the reasons that have no survivor.
 *
 * @param {string} source
 * @param {readonly (Change & {file: string, line: number})[]} survivors
 */
function compare(source, survivors) {
  const entries = Object.entries(justified).filter(([file]) => isIn(file, source));
  const gone = entries.flatMap(([file, changes]) => changes.map(({ was, became }) => ({ file, was, became })));
  const fresh = survivors.filter(({ file, was, became }) => {
    const index = gone.findIndex((each) => each.file === file && each.was === was && each.became === became);
    if (index >= 0) gone.splice(index, 1);
    return index < 0;
  });
  return { fresh, gone };
}

/**
 * The lines that a mutant changes, before and after.
 *
 * @typedef {{line: number, column: number}} Place
 * @typedef {{status: string, replacement: string, location: {start: Place, end: Place}}} Mutant
 * @param {Mutant & {file: string, source: string}} mutant
 */
function inShort({ file, source, replacement, location: { start, end } }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const before = lines[0]?.slice(0, start.column - 1) ?? "";
  const behind = lines.at(-1)?.slice(end.column - 1) ?? "";
  return { file, line: start.line, was: oneLine(lines.join(" ")), became: oneLine(before + replacement + behind) };
}

/** @param {string} text */
function oneLine(text) {
  const folded = text.replace(/\s+/g, " ").trim();
  return folded.length > 160 ? `${folded.slice(0, 100)} … ${folded.slice(-50)}` : folded;
}
