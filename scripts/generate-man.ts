import type { Command } from "../src/cli/command/command.ts";
import { helpOption, versionOption } from "../src/cli/command/command-line.ts";
import { type Row, type Topic, topics } from "../src/cli/command/topics.ts";
import { commands } from "../src/cli/program.ts";
import { stationCommands } from "../src/cli/station/station-program.ts";
import { withChoices } from "./generate-commands.ts";

/** `thermal-provision(1)`, in the macros of man(7). */
export function manualPage(): string {
  const lines = [
    '.\\" Made from the commands in src/cli/ by `npm run generate`. Do not edit.',
    `.TH THERMAL\\-PROVISION 1 "" "thermal\\-provision" "User Commands"`,
    ".SH NAME",
    "thermal\\-provision \\- put a thermal camera on its ThingsBoard server, exactly once",
    ".SH SYNOPSIS",
    ...commands
      .flatMap((command) => [`.B thermal\\-provision ${escaped(command.name)}`, ...synopsis(command), ".br"])
      .slice(0, -1),
    ".SH DESCRIPTION",
    ...text(
      "A technician puts provision.json and an empty provision.txt into the camera's folder. The camera then registers " +
        "itself on its ThingsBoard server over MQTT, proves the credentials that it got, and writes them into " +
        "thermal_config.json. A power cut, a lost answer or a full disk at any instant leaves nothing half done: the next " +
        "run continues.",
    ),
    ".SH COMMANDS",
    ...commands.flatMap(commandSection),
    ".SH COMMANDS OF THE STATION",
    ...text("They are in the npm package; the packages for cameras leave them out."),
    ...stationCommands.flatMap(commandSection),
    ".SH OPTIONS OF EVERY COMMAND",
    ...rows([helpOption, versionOption].map(({ flags, help }): Row => [flags, help])),
    ...topics.flatMap(topicSection),
    ".SH SEE ALSO",
    ...text("The folder docs/ of the package: commands.md, errors.md, files.md, guarantees.md."),
  ];
  return `${lines.join("\n")}\n`;
}

function synopsis({ operand }: Command): string[] {
  return [`.RI [ options ]${operand === undefined ? "" : ` \\ ${escaped(operand.name).replaceAll(" ", "\\ ")}`}`];
}

function commandSection({ name, summary, details, operand, options }: Command): string[] {
  return [
    `.SS ${escaped(name)}`,
    ...text(summary),
    ...rows(operand === undefined ? [] : [[operand.name, operand.help]]),
    ...rows(
      options.map(({ flags, help, choices }) => [flags, choices === undefined ? help : withChoices(help, choices)]),
    ),
    ...(details === undefined ? [] : [".PP", ...text(details.replaceAll("\n", " "))]),
  ];
}

function topicSection({ name, parts }: Topic): string[] {
  const title =
    { "exit-statuses": "EXIT STATUS", files: "FILES", environment: "ENVIRONMENT" }[name] ?? name.toUpperCase();
  return [`.SH ${title}`, ...parts.flatMap((part) => (typeof part === "string" ? [".PP", ...text(part)] : rows(part)))];
}

function rows(entries: readonly Row[]): string[] {
  return entries.flatMap(([term, meaning]) => [".TP", `.B ${escaped(term)}`, ...text(meaning)]);
}

/** A sentence a line, as man pages are written. */
function text(words: string): string[] {
  return words.split(/(?<=[.:;]) /).map(escaped);
}

/** A backslash, a hyphen that is to be copied, and a line that would be a request. */
function escaped(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");
}
