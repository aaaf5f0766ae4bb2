import type { Command } from "../src/cli/command/command.ts";
import { topics } from "../src/cli/command/topics.ts";
import { commands, programName } from "../src/cli/program.ts";
import { errorTable } from "../src/model/error-table.ts";
import { exitStatusTable } from "../src/model/exit-statuses.ts";
import { warningTable } from "../src/model/warnings.ts";
import { type CompletedOption, optionsOf } from "./generate-commands.ts";

const made = "# Made from the commands in src/cli/ by `npm run generate`. Do not edit.";

/** What may stand behind a command without a name. */
const operands: Readonly<Record<string, readonly string[]>> = {
  explain: [...new Set([...Object.keys(errorTable), ...Object.keys(warningTable), ...Object.keys(exitStatusTable)])],
  help: [...commands, ...topics].map(({ name }) => name),
};

const names = [...commands.map(({ name }) => name), "help"];

export function bashCompletion(): string {
  return `${made}
_thermal_provision() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '${[...names, "--help", "--version"].join(" ")}' -- "$current")
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap((command) => optionsOf(command).flatMap((option) => bashValue(command, option))).join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map((command) => `    ${command.name}) words='${bashWords(command)}' ;;`).join("\n")}
    help) words='${operands["help"]?.join(" ")}' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _thermal_provision ${programName}
`;
}

function bashValue({ name }: Command, { long, short, value }: CompletedOption): string[] {
  if (value === undefined) return [];
  const pattern = [long, ...(short === undefined ? [] : [short])].map((flag) => `"${name} ${flag}"`).join(" | ");
  const generate = {
    folder: 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current")',
    file: 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")',
    other: ":",
  };
  const action =
    typeof value === "string"
      ? generate[value]
      : `mapfile -t COMPREPLY < <(compgen -W '${value.join(" ")}' -- "$current")`;
  return [`    ${pattern}) ${action}; return ;;`];
}

function bashWords(command: Command): string {
  return [...optionsOf(command).map(({ long }) => long), ...(operands[command.name] ?? [])].join(" ");
}

export function zshCompletion(): string {
  return `#compdef ${programName}
${made}
_thermal_provision() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(-h --help)'{-h,--help}'[this text]' '(-V --version)'{-V,--version}'[the version of the program]' \\
    '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a names=(
${[...commands, { name: "help", summary: "The help of a command or a topic." }]
  .map(({ name, summary }) => `        ${quoted(`${name}:${summary}`)}`)
  .join("\n")}
      )
      _describe command names
      ;;
    rest)
      case $line[1] in
${commands.map(zshCommand).join("\n")}
        help) _arguments ${quoted(`1:topic:(${operands["help"]?.join(" ")})`)} ;;
      esac
      ;;
  esac
}
if [ "$funcstack[1]" = _thermal_provision ]; then _thermal_provision "$@"; else compdef _thermal_provision ${programName}; fi
`;
}

function zshCommand(command: Command): string {
  const words = operands[command.name];
  const specs = [
    ...optionsOf(command).map(zshOption),
    ...(words === undefined ? [] : [quoted(`1:word:(${words.join(" ")})`)]),
  ];
  return `        ${command.name})\n          _arguments \\\n            ${specs.join(" \\\n            ")}\n          ;;`;
}

function zshOption({ long, short, help, value, repeated }: CompletedOption): string {
  const name = long.slice(2);
  const action = { folder: "_files -/", file: "_files", other: " " };
  const text = help.replaceAll(/[[\]:]/g, (sign) => `\\${sign}`);
  const taken =
    value === undefined ? "" : `:${name}:${typeof value === "string" ? action[value] : `(${value.join(" ")})`}`;
  if (repeated) return quoted(`*${long}[${text}]${taken}`);
  if (short === undefined) return quoted(`${long}[${text}]${taken}`);
  return `${quoted(`(${short} ${long})`)}{${short},${long}}${quoted(`[${text}]${taken}`)}`;
}

export function fishCompletion(): string {
  const first = [...commands, { name: "help", summary: "The help of a command or a topic." }];
  return `${made}
complete -c ${programName} -f
${first.map(({ name, summary }) => `complete -c ${programName} -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`).join("\n")}
${Object.entries(operands)
  .map(
    ([name, words]) =>
      `complete -c ${programName} -n '__fish_seen_subcommand_from ${name}' -a ${quoted(words.join(" "))}`,
  )
  .join("\n")}
${commands.flatMap((command) => optionsOf(command).map((option) => fishOption(command, option))).join("\n")}
`;
}

function fishOption({ name }: Command, { long, short, help, value }: CompletedOption): string {
  const argument = { folder: "-x -a '(__fish_complete_directories)'", file: "-r -F", other: "-x" };
  const taken =
    value === undefined ? "" : ` ${typeof value === "string" ? argument[value] : `-x -a ${quoted(value.join(" "))}`}`;
  const flags = `-l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}`;
  return `complete -c ${programName} -n '__fish_seen_subcommand_from ${name}' ${flags} -d ${quoted(help)}${taken}`;
}

/** For all three shells: within single quotes, a single quote ends them, stands alone, and begins them again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
