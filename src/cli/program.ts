import { nearestName } from "../base/nearest-name.ts";
import { adopt } from "./adopt/adopt-command.ts";
import { check } from "./check/check-command.ts";
import { type Command, didYouMean, type ExitStatus, UsageError } from "./command/command.ts";
import { readCommandLine, unknownOption } from "./command/command-line.ts";
import { helpOfCommand, helpOfProgram, helpOfTopic } from "./command/help.ts";
import { topics } from "./command/topics.ts";
import { decommission } from "./decommission/decommission-command.ts";
import { demo } from "./demo/demo-command.ts";
import { diagnostics } from "./diagnostics/diagnostics-command.ts";
import { explain } from "./explain/explain-command.ts";
import type { Io } from "./io.ts";
import { label } from "./label/label-command.ts";
import { provision } from "./provision/provision-command.ts";
import { reset } from "./reset/reset-command.ts";
import { restore } from "./restore/restore-command.ts";
import { simulator } from "./simulator/simulator-command.ts";
import { station } from "./station/station-command.ts";
import { status } from "./status/status-command.ts";
import { lookOf } from "./text/look.ts";

declare const PACKAGE_VERSION: string;

export const programName = "thermal-provision";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  provision,
  status,
  check,
  reset,
  restore,
  adopt,
  decommission,
  label,
  diagnostics,
  explain,
  simulator,
  station,
  demo,
];

const usageStatus = 64;

/** Runs the command that `parameters` name. Whatever the user got wrong is said, and is the exit status 64. */
export async function runProgram(parameters: readonly string[], io: Io): Promise<ExitStatus | 1> {
  const [first, ...others] = parameters;
  const command = commandOf(first);
  try {
    if (command !== undefined) return await runCommand(command, others, io);
    return runNone(parameters, io);
  } catch (error) {
    if (!UsageError.is(error)) throw error;
    io.err(`error: ${error.message}\nSee ${programName} ${command === undefined ? "" : `${command.name} `}--help.\n`);
    return usageStatus;
  }
}

async function runCommand(command: Command, parameters: readonly string[], io: Io): Promise<ExitStatus | 1> {
  if (command.takeOver !== undefined) return command.takeOver(parameters, io);
  const read = readCommandLine(command, parameters);
  if (read === "version") return tellVersion(io);
  if (read === "help") return tellHelp(command, io);
  return command.run(read, io);
}

/** Where the first word is not the name of a command. */
function runNone([first, second]: readonly string[], io: Io): ExitStatus {
  if (first === undefined) {
    tellHelp(undefined, { ...io, out: io.err });
    return usageStatus;
  }
  if (first === "--version" || first === "-V") return tellVersion(io);
  if (first === "--help" || first === "-h") return tellHelp(undefined, io);
  if (first === "help") return tellHelpAbout(second, io);
  throw first.startsWith("-") ? new UsageError(unknownOption(first, [])) : unknownCommand(first);
}

function commandOf(name: string | undefined): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** What `help` says behind a word: the name of a command, or of a topic, or none. */
function tellHelpAbout(word: string | undefined, io: Io): ExitStatus {
  const command = commandOf(word);
  if (command !== undefined || word === undefined) return tellHelp(command, io);
  const topic = topics.find(({ name }) => name === word);
  if (topic === undefined) {
    const names = [...commands, ...topics].map(({ name }) => name);
    throw new UsageError(`no command and no topic is called '${word}'${didYouMean(nearestName(word, names))}`);
  }
  io.out(helpOfTopic(topic, lookOf(io).width));
  return 0;
}

function unknownCommand(name: string): UsageError {
  const names = commands.map((command) => command.name);
  return new UsageError(`unknown command '${name}'${didYouMean(nearestName(name, names))}`);
}

function tellVersion({ out }: Io): ExitStatus {
  out(`${PACKAGE_VERSION}\n`);
  return 0;
}

/** Of the program, where there is no `command`. */
function tellHelp(command: Command | undefined, io: Io): ExitStatus {
  const { width } = lookOf(io);
  io.out(
    command === undefined ? helpOfProgram(programName, commands, width) : helpOfCommand(programName, command, width),
  );
  return 0;
}
