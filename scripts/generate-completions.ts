import type { Command } from "../src/cli/command/command.ts";
import { topics } from "../src/cli/command/topics.ts";
import { commands, programName } from "../src/cli/program.ts";
import { stationCommands } from "../src/cli/station/station-program.ts";
import { errorTable } from "../src/model/error-table.ts";
import { exitStatusTable } from "../src/model/exit-statuses.ts";
import { warningTable } from "../src/model/warnings.ts";
import { type CompletedOption, optionsOf } from "./generate-commands.ts";

const made = "# Made from the commands in src/cli/ by `npm run generate`. Do not edit.";

/** What may stand behind a command without a name. */
const operands: Readonly<Record<string, readonly string[]>> = {
  explain: [...new Set([...Object.keys(errorTable), ...Object.keys(warningTable), ...Object.keys(exitStatusTable)])],
  help: [...commands, ...topics].map(({ name }) => name),
  station: stationCommands.map(withoutStation),
};

/** Every command, with those of the station by their whole names. */
const all = [...commands, ...stationCommands];

function withoutStation({ name }: Command): string {
  return name.replace("station ", "");
}

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
  local command=\${COMP_WORDS[1]}
  if [ "$command" = station ] && [ "$COMP_CWORD" -gt 2 ]; then command="station \${COMP_WORDS[2]}"; fi
  case "$command $previous" in
${all.flatMap((command) => optionsOf(command).flatMap((option) => bashValue(command, option))).join("\n")}
  esac
  case "$command" in
${all.map((command) => `    '${command.name}') words='${bashWords(command)}' ;;`).join("\n")}
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
${commands
  .filter(({ name }) => name !== "station")
  .map(zshCommand)
  .join("\n")}
${zshStation()}
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

/** The station's commands, one level deeper. */
function zshStation(): string {
  const described = stationCommands.map((command) => quoted(`${withoutStation(command)}:${command.summary}`));
  const deeper = stationCommands.map((command) => zshCommand({ ...command, name: withoutStation(command) }));
  return `        station)
          _arguments -C '1: :->station' '*:: :->station_rest'
          case $state in
            station)
              local -a station_names=(
                ${described.join("\n                ")}
              )
              _describe command station_names
              ;;
            station_rest)
              case $line[1] in
${deeper.join("\n").replaceAll(/^/gm, "        ")}
              esac
              ;;
          esac
          ;;`;
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
  .map(([name, words]) => `complete -c ${programName} -n '${fishCondition(name)}' -a ${quoted(words.join(" "))}`)
  .join("\n")}
${all.flatMap((command) => optionsOf(command).map((option) => fishOption(command, option))).join("\n")}
`;
}

function fishOption({ name }: Command, { long, short, help, value }: CompletedOption): string {
  const argument = { folder: "-x -a '(__fish_complete_directories)'", file: "-r -F", other: "-x" };
  const taken =
    value === undefined ? "" : ` ${typeof value === "string" ? argument[value] : `-x -a ${quoted(value.join(" "))}`}`;
  const flags = `-l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}`;
  return `complete -c ${programName} -n '${fishCondition(name)}' ${flags} -d ${quoted(help)}${taken}`;
}

/** Where a command is completed: `status` is a command, and one of the station's. */
function fishCondition(name: string): string {
  const [first, second] = name.split(" ");
  const own = `__fish_seen_subcommand_from ${second ?? first}`;
  if (second !== undefined) return `__fish_seen_subcommand_from station; and ${own}`;
  const deeper = operands["station"]?.join(" ");
  return name === "station"
    ? `${own}; and not __fish_seen_subcommand_from ${deeper}`
    : `${own}; and not __fish_seen_subcommand_from station`;
}

/** For all three shells: within single quotes, a single quote ends them, stands alone, and begins them again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
