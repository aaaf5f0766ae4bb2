import { causesOf } from "../src/model/error-kind.ts";
import { errorTable } from "../src/model/error-table.ts";
import type { ErrorKind } from "../src/model/errors.ts";
import { exitStatusTable } from "../src/model/exit-statuses.ts";
import { isOfStation } from "../src/model/station-errors.ts";
import { warningTable } from "../src/model/warnings.ts";

const errors = Object.entries<ErrorKind>(errorTable);

/** `docs/errors.md`, from the tables of errors and warnings. */
export function errorsPage(): string {
  return `<!-- Made from src/model/error-table.ts and src/model/warnings.ts by \`npm run generate\`. Do not edit. -->

# Errors, warnings and exit statuses

\`thermal-provision explain CODE\`, or \`explain 77\` for an exit status, says the same on the command line. "Tried again"
is what a service manager, or a person, should do after the run has ended: after how many seconds another run is worth its
while, or not before somebody has done something. Within a run, what may pass on the network and on the server is tried again
after 1, 2 and 4 seconds; what a disk or a lock says is not. With \`--wait\` all of it is tried again, for as long as it takes.

## Exit statuses

| status | meaning | what to do |
| --- | --- | --- |
${Object.entries(exitStatusTable)
  .map(([status, { meaning, remedy }]) => row([status, meaning, remedy]))
  .join("\n")}

## Errors

| code | exit status | tried again | state at the end |
| --- | --- | --- | --- |
${errors.map(([code, kind]) => row([linkTo(code), String(kind.exitStatus), retried(kind), endState(kind)])).join("\n")}

${errors.map(([code, kind]) => errorSection(code, kind)).join("\n\n")}

## Warnings

A warning does not stop a run.

| code | what was noticed | what to do |
| --- | --- | --- |
${Object.entries(warningTable)
  .map(([code, { meaning, remedy }]) => row([`\`${code}\``, meaning, remedy]))
  .join("\n")}
`;
}

function errorSection(code: string, kind: ErrorKind): string {
  return [
    `### ${code}`,
    kind.meaning,
    `Type ${kind.type} · exit status ${kind.exitStatus} · tried again: ${retried(kind)} · state: ${endState(kind)}`,
    kind.typeBecause === undefined ? "" : `Why ${kind.type}: ${kind.typeBecause}.`,
    list("Usual causes, the most usual first; a run leaves out those that it knows not to be the one:", causesOf(kind)),
    list(isOfStation(code) ? "At the bench:" : "On the device:", kind.onTheDevice),
    list("On the server:", kind.onTheServer),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function retried({ retryAfterSeconds }: ErrorKind): string {
  return retryAfterSeconds === "never" ? "no" : `after ${retryAfterSeconds} s`;
}

function endState({ state }: ErrorKind): string {
  return state === "unchanged" ? "as it was" : state;
}

function list(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : [title, "", ...entries.map((entry) => `- ${entry}`)].join("\n");
}

function linkTo(code: string): string {
  return `[${code}](#${code.toLowerCase()})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
