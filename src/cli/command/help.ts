import { hanging, wrap } from "../text/wrap.ts";
import type { Command } from "./command.ts";
import { helpOption, versionOption } from "./command-line.ts";
import { type Row, type Topic, topics } from "./topics.ts";

/** What `--help` says behind the name of the program. */
export function helpOfProgram(program: string, commands: readonly Command[], width: number): string {
  const rows = commands.map((command): Row => [usageOf(command), command.summary]);
  const topicRows = topics.map(({ name, summary }): Row => [`help ${name}`, summary]);
  return page([
    [`Usage ${program} [options] [command]`],
    wrap("Puts a thermal camera on its ThingsBoard server, by itself and exactly once.", width),
    table("Options", optionRows([versionOption, helpOption]), rows, width),
    table("Commands", [...rows, ["help [command]", "the same as --help behind a command"]], [], width),
    table("Topics", topicRows, rows, width),
    [whereToStart(program)],
  ]);
}

/** What `--help` says behind the name of a command that has `commands` of its own. */
export function helpOfCommands(program: string, summary: string, commands: readonly Command[], width: number): string {
  const rows = commands.map((command): Row => [usageOf(command).replace(/^\w+ /, ""), command.summary]);
  return page([
    [`Usage ${program} [options] [command]`],
    wrap(summary, width),
    table("Options", optionRows([versionOption, helpOption]), rows, width),
    table("Commands", rows, [], width),
  ]);
}

/** What `help` says behind the name of a topic. */
export function helpOfTopic({ summary, parts }: Topic, width: number): string {
  return page([
    wrap(summary, width),
    ...parts.map((part) => (typeof part === "string" ? wrap(part, width) : table("", part, [], width))),
  ]);
}

/** What `--help` says behind the name of a command. */
export function helpOfCommand(program: string, command: Command, width: number): string {
  const options = optionRows([versionOption, ...command.options, helpOption]);
  const operands: readonly Row[] = command.operand === undefined ? [] : [operandRow(command.operand)];
  return page([
    [`Usage ${program} ${usageOf(command)}`],
    wrap(command.summary, width),
    table("Arguments", operands, options, width),
    table("Options", options, operands, width),
    command.details === undefined ? [] : [command.details],
  ]);
}

function usageOf({ name, operand }: Command): string {
  return `${name} [options]${operand === undefined ? "" : ` ${operand.name}`}`;
}

function operandRow({ name, help }: NonNullable<Command["operand"]>): Row {
  return [name.replaceAll(/[[\]]/g, ""), help];
}

function optionRows(options: readonly Pick<Command["options"][number], "flags" | "help" | "choices">[]): Row[] {
  return options.map(({ flags, help, choices }) => {
    const words = choices?.map((word) => JSON.stringify(word)).join(", ");
    return [flags, words === undefined ? help : `${help} (choices: ${words})`];
  });
}

/** The rows under a title, the meanings as far to the right as in the `others` of the same page. */
function table(title: string, rows: readonly Row[], others: readonly Row[], width: number): string[] {
  if (rows.length === 0) return [];
  const longest = Math.max(...[...rows, ...others].map(([term]) => term.length));
  const titleLine = title === "" ? [] : [title];
  // A long word has the line for itself, so that the meanings keep their room.
  const column = Math.min(longest, 30);
  const lines = rows.flatMap(([term, meaning]) =>
    term.length <= column
      ? hanging(`  ${term.padEnd(column)}  `, meaning, width)
      : [`  ${term}`, ...hanging(" ".repeat(column + 4), meaning, width)],
  );
  return [...titleLine, ...lines];
}

/** Paragraphs with an empty line between them. */
function page(paragraphs: readonly (readonly string[])[]): string {
  const some = paragraphs.filter((lines) => lines.length > 0);
  return `${some.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const whereToStart = (program: string): string => `Start with:
  ${program} demo                 see everything happen, on an embedded server
  ${program} provision --dry-run  check a camera's folder, change nothing

Exit status: 0 done or nothing to do, 64 usage, 70 internal, 73 cannot write, 74 disk error,
75 try again later, 77 refused by the server, 78 configuration, 130 and 143 stopped.
${program} explain lists what each error means.`;
