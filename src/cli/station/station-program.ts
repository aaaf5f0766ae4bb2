import { nearestName } from "../../base/nearest-name.ts";
import { type Command, didYouMean, type ExitStatus, UsageError } from "../command/command.ts";
import { readCommandLine } from "../command/command-line.ts";
import { helpOfCommand, helpOfCommands } from "../command/help.ts";
import type { Io } from "../io.ts";
import { printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import { exportCommand } from "./export-command.ts";
import { forgetCommand } from "./forget-command.ts";
import { importCommand } from "./import-command.ts";
import { labelCommand } from "./label-command.ts";
import { listCommand, retryCommand, showCommand, statusCommand } from "./ledger-commands.ts";
import { reportCommand } from "./report-command.ts";
import { runCommand } from "./run-command.ts";

declare const PACKAGE_VERSION: string;

const programName = "thermal-provision";

/** The commands of a station, in the order of the help. */
export const stationCommands: readonly Command[] = [
  importCommand,
  runCommand,
  statusCommand,
  listCommand,
  retryCommand,
  showCommand,
  reportCommand,
  labelCommand,
  exportCommand,
  forgetCommand,
];

/** Runs the command that stands behind `station`. Throws UsageError. */
export async function runStationProgram([first, ...others]: readonly string[], io: Io): Promise<ExitStatus | 1> {
  if (first === undefined) {
    tellHelp({ ...io, out: io.err });
    return 64;
  }
  if (["--help", "-h", "help"].includes(first)) return tellHelp(io);
  if (["--version", "-V"].includes(first)) return tellVersion(io);
  const command = stationCommands.find(({ name }) => name === `station ${first}`);
  if (command === undefined) throw new UsageError(unknown(first));
  const read = readCommandLine(command, others);
  if (read === "version") return tellVersion(io);
  if (read !== "help") return command.run(read, io);
  io.out(helpOfCommand(programName, command, lookOf(io).width));
  return 0;
}

function unknown(word: string): string {
  if (word.startsWith("-")) return `unknown option '${word}'; a command of station comes first`;
  const names = stationCommands.map(({ name }) => name.replace("station ", ""));
  return `unknown command 'station ${word}'${didYouMean(nearestName(word, names))}`;
}

function tellHelp(io: Io): ExitStatus {
  const summary = "A factory line: provisions the cameras of a list, at many benches, none twice. docs/station.md";
  io.out(helpOfCommands(`${programName} station`, summary, stationCommands, lookOf(io).width));
  return 0;
}

function tellVersion(io: Io): ExitStatus {
  printLines(io, [PACKAGE_VERSION]);
  return 0;
}
