import { join, resolve } from "node:path";
import { nearestName } from "../../base/nearest-name.ts";
import { type FileSystem, nodeFileSystem } from "../../files/disk/file-system.ts";
import { jsonFilesIn, readJsonFile } from "../../files/json/json-file.ts";
import { problemInWords } from "../../model/problem.ts";
import { parseScenario, type ScenarioFile } from "../../simulator/index.ts";
import { didYouMean, UsageError } from "../command/command.ts";
import type { Io } from "../io.ts";
import { printJson } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";
import { checkJsonFile } from "./check-json-file.ts";

/** A scenario has a few lines; more than this is some other file. */
const limit = 1024 * 1024;

/** The scenario of that file, or the ready one of that name. Throws UsageError with everything that is wrong with it. */
export function loadScenario(fileOrName: string, { packageFolder }: Io): ScenarioFile {
  const folder = readyFolder(packageFolder);
  const ready = jsonFilesIn(nodeFileSystem, folder);
  const path = ready.includes(fileOrName) ? join(folder, `${fileOrName}.json`) : resolve(fileOrName);
  return read(nodeFileSystem, path, fileOrName, ready);
}

/** Prints the ready scenarios, each with its sentence. */
export function listScenarios(io: Io, { json }: { readonly json: boolean }): void {
  const folder = readyFolder(io.packageFolder);
  const names = jsonFilesIn(nodeFileSystem, folder);
  if (names.length === 0) throw new UsageError(`no ready scenarios in ${folder}: the package is incomplete`);
  const column = Math.max(...names.map((name) => name.length)) + 2;
  const { width, styles } = lookOf(io);
  for (const name of names) {
    const file = join(folder, `${name}.json`);
    const { description } = read(nodeFileSystem, file, name, names);
    if (json) printJson(io, { type: "scenario", name, description, file });
    else {
      const lines = hanging(name.padEnd(column), description, width);
      io.out(`${lines.join("\n").replace(name, styles.strong(name))}\n`);
    }
  }
}

function readyFolder(packageFolder: string): string {
  return resolve(packageFolder, "examples/scenarios");
}

function read(fs: FileSystem, path: string, asked: string, ready: readonly string[]): ScenarioFile {
  const file = readJsonFile(fs, path, limit);
  if (file.kind === "absent") {
    const meant = didYouMean(nearestName(asked, ready));
    throw new UsageError(`--scenario: ${asked} is neither a file nor a ready scenario of --list-scenarios${meant}`);
  }
  const { value, problems } = checkJsonFile(file, parseScenario);
  if (value !== undefined) return value;
  throw new UsageError(`--scenario: ${asked} is not a scenario\n${problems.map(problemInWords).join("\n")}`);
}
