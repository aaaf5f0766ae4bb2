import { CommanderError, Option as CommanderOption, Command as Parser } from "commander";
import { nearestName } from "../base/nearest-name.ts";
import { Arguments, type Command, type ExitStatus, longName, type Option, UsageError } from "./command.ts";
import { demo } from "./commands/demo.ts";
import { explain } from "./commands/explain.ts";
import { provision } from "./commands/provision.ts";
import { reset } from "./commands/reset.ts";
import { simulator } from "./commands/simulator.ts";
import { status } from "./commands/status.ts";
import type { Io } from "./io.ts";

declare const PACKAGE_VERSION: string;

export const programName = "thermal-provision";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [provision, status, reset, explain, simulator, demo];

const usageStatus = 64;
const widest = 100;

/** Runs the command that `parameters` name. Whatever the user got wrong is said, and is the exit status 64. */
export async function runProgram(parameters: readonly string[], io: Io): Promise<ExitStatus> {
  let exitStatus: ExitStatus = 0;
  const program = withOutput(new Parser(programName), io)
    .description("Puts a thermal camera on its ThingsBoard server, by itself and exactly once.")
    .helpCommand("help [command]", "the same as --help behind a command")
    .addHelpText("after", helpEnd);
  for (const command of commands) {
    const parser = parserOf(command, io).action(async () => {
      exitStatus = await command.run(argumentsOf(command, parser), io);
    });
    program.addCommand(parser);
  }
  try {
    requirePlausible(parameters);
    await program.parseAsync(parameters, { from: "user" });
    return exitStatus;
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`error: ${error.message}\n${seeHelp(commandIn(parameters)?.name)}\n`);
      return usageStatus;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
    throw error;
  }
}

function commandIn([first]: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name === first);
}

function seeHelp(command: string | undefined): string {
  return `See ${programName} ${command === undefined ? "" : `${command} `}--help.`;
}

/** What the parser would only call unknown, although it is clear what was meant. */
function requirePlausible(parameters: readonly string[]): void {
  const [first = "-"] = parameters;
  const command = commandIn(parameters);
  if (command === undefined && !first.startsWith("-") && first !== "help") {
    const names = commands.map(({ name }) => name);
    const nearest = nearestName(first, names);
    throw new UsageError(`unknown command '${first}'${nearest === undefined ? "" : `\n(Did you mean ${nearest}?)`}`);
  }
  const flags = (command?.options ?? []).filter((option) => !option.flags.includes("<")).map(longName);
  const given = parameters.slice(0, parameters.includes("--") ? parameters.indexOf("--") : undefined);
  const wrong = flags.find((name) => given.some((text) => text.startsWith(`${name}=`)));
  if (wrong !== undefined) throw new UsageError(`${wrong} takes no value`);
}

function parserOf({ name, summary, details, operand, options }: Command, io: Io): Parser {
  const parser = withOutput(new Parser(name), io).description(summary).allowExcessArguments(false);
  if (operand !== undefined) parser.argument(operand.name, operand.help);
  for (const option of options) parser.addOption(parserOption(option));
  return details === undefined ? parser : parser.addHelpText("after", `\n${details}`);
}

function withOutput(parser: Parser, io: Io): Parser {
  const width = () => Math.min(io.columns, widest);
  return parser
    .exitOverride()
    .helpOption("-h, --help", "this text")
    .version(PACKAGE_VERSION, "-V, --version", "the version of the program")
    .showHelpAfterError(seeHelp(commandIn([parser.name()])?.name))
    .configureHelp({ styleTitle: (title) => title.replace(/:$/, "") })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** Texts are only gathered here; their meaning is read by `Option.read`, the same way for every kind. */
function parserOption({ flags, help, choices }: Option<unknown>): CommanderOption {
  const option = new CommanderOption(flags, help);
  if (choices !== undefined) option.choices(choices);
  return option.isBoolean()
    ? option
    : option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
}

function argumentsOf(command: Command, parser: Parser): Arguments {
  const given = new Map<string, readonly string[]>();
  for (const option of parser.options) {
    const value: unknown = parser.getOptionValue(option.attributeName());
    if (Array.isArray(value)) given.set(longName(option), value.map(String));
    else if (value === true) given.set(longName(option), ["true"]);
  }
  const args = new Arguments(given, parser.args[0]);
  // All of them, before the command does anything: a mistake in the last one is found as early as one in the first.
  for (const option of command.options) {
    const count = given.get(longName(option))?.length ?? 0;
    if (count > 1 && option.repeated !== true) throw new UsageError(`${longName(option)} was given ${count} times`);
    args.of(option);
  }
  return args;
}

const helpEnd = `
Start with:
  ${programName} demo                 see everything happen, on an embedded server
  ${programName} provision --dry-run  check a camera's folder, change nothing

Exit status: 0 done or nothing to do, 64 usage, 70 internal, 73 cannot write, 74 disk error,
75 try again later, 77 refused by the server, 78 configuration, 130 and 143 stopped.
${programName} explain lists what each error means.`;
