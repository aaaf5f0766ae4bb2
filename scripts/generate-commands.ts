import { type Command, longName } from "../src/cli/command/command.ts";
import { helpOption, versionOption } from "../src/cli/command/command-line.ts";
import { type Row, topics } from "../src/cli/command/topics.ts";
import { commands } from "../src/cli/program.ts";

/** `docs/commands.md`: every command and option, and the topics of `help`. */
export function commandsPage(): string {
  return `<!-- Made from the commands in src/cli/ by \`npm run generate\`. Do not edit. -->

# Commands

\`thermal-provision --help\` and the manual page \`thermal-provision(1)\` say the same. Every command has \`--help\` and
\`--version\`.

${commands.map(({ name, summary }) => `- [\`${name}\`](#${name}): ${summary}`).join("\n")}

${commands.map(commandSection).join("\n\n")}

${topics.map(({ name, summary, parts }) => [`## help ${name}`, summary, ...parts.map(partText)].join("\n\n")).join("\n\n")}
`;
}

function commandSection({ name, summary, details, operand, options }: Command): string {
  const words = operand === undefined ? "" : ` ${operand.name}`;
  const rows: readonly Row[] = [
    ...(operand === undefined ? [] : [[operand.name, operand.help] as const]),
    ...options.map(
      ({ flags, help, choices }): Row => [flags, choices === undefined ? help : withChoices(help, choices)],
    ),
  ];
  return [
    `## ${name}`,
    `\`thermal-provision ${name} [options]${words}\``,
    summary,
    ...(details === undefined ? [] : [details]),
    ...(rows.length === 0 ? [] : [table(rows)]),
  ].join("\n\n");
}

export function withChoices(help: string, choices: readonly string[]): string {
  return `${help} (choices: ${choices.join(", ")})`;
}

function partText(part: string | readonly Row[]): string {
  return typeof part === "string" ? part : table(part);
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(([term, meaning]) => `| \`${term}\` | ${escaped(meaning)} |`);
  return ["| | |", "| --- | --- |", ...cells].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<").replaceAll("*", "\\*");
}

/** An option as a shell completes it. */
export interface CompletedOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly help: string;
  /** What its value is; undefined where it takes none. */
  readonly value: "folder" | "file" | "other" | readonly string[] | undefined;
  readonly repeated: boolean;
}

export function optionsOf(command: Command): readonly CompletedOption[] {
  return [...command.options, versionOption, helpOption].map((option) => ({
    long: longName(option),
    short: /^(-\w),/.exec(option.flags)?.[1],
    help: option.help,
    value: valueTakenBy(option),
    repeated: "repeated" in option && option.repeated === true,
  }));
}

function valueTakenBy(option: {
  readonly flags: string;
  readonly choices?: readonly string[];
}): CompletedOption["value"] {
  if (option.choices !== undefined) return option.choices;
  const [, value] = /<([^>]+)>/.exec(option.flags) ?? [];
  if (value === undefined) return undefined;
  return value === "folder" || value === "file" ? value : "other";
}
