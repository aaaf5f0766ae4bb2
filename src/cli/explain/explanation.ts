import { nearestName } from "../../base/nearest-name.ts";
import { errorTable } from "../../model/error-table.ts";
import type { ErrorKind } from "../../model/errors.ts";
import { type ExitStatus, exitStatusTable } from "../../model/exit-statuses.ts";
import { isOfStation } from "../../model/station-errors.ts";
import { type WarningKind, warningTable } from "../../model/warnings.ts";
import { remedy } from "../report/remedy.ts";
import type { Look } from "../text/look.ts";
import { hanging, wrap } from "../text/wrap.ts";

const errors: ReadonlyMap<string, ErrorKind> = new Map(Object.entries(errorTable));
const warnings: ReadonlyMap<string, WarningKind> = new Map(Object.entries(warningTable));

/** Everything about a code, or an exit status; undefined when there is none of that name. */
export function explanation(code: string, look: Look): string[] | undefined {
  if (isExitStatus(code)) return aboutExitStatus(code, look);
  const error = errors.get(code);
  const warning = warnings.get(code);
  if (error === undefined && warning === undefined) return undefined;
  // A few codes name a warning as well as an error.
  const parts = [
    ...(warning === undefined ? [] : [aboutWarning(code, warning, look)]),
    ...(error === undefined ? [] : [aboutError(code, error, look)]),
  ];
  return parts.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}

function isExitStatus(word: string): word is `${ExitStatus}` {
  return Object.hasOwn(exitStatusTable, word);
}

/** What it means, what to do, and which errors end with it. */
function aboutExitStatus(status: `${ExitStatus}`, { width, styles }: Look): string[] {
  const { meaning, remedy } = exitStatusTable[status];
  const codes = [...errors].filter(([, { exitStatus }]) => String(exitStatus) === status);
  const column = Math.max(0, ...codes.map(([code]) => code.length)) + 2;
  return [
    styles.strong(`Exit status ${status}`),
    ...wrap(`${meaning}.`, width),
    "",
    ...wrap(remedy, width),
    ...(codes.length === 0 ? [] : ["", styles.strong("Errors that end with it")]),
    ...codes.flatMap(([code, kind]) => [...hanging(`  ${code.padEnd(column)}`, kind.meaning, width)]),
  ];
}

function aboutError(code: string, kind: ErrorKind, look: Look): string[] {
  const { width, styles } = look;
  const { type, exitStatus, state, meaning } = kind;
  return [
    styles.strong(code),
    ...wrap(meaning, width),
    "",
    ...remedy(kind, look, { here: isOfStation(code) ? "bench" : "device" }),
    "",
    `${styles.strong("Kind")}         ${type}`,
    `${styles.strong("Ends in")}      ${state === "unchanged" ? "the state that it was in" : state}`,
    `${styles.strong("Exit status")}  ${exitStatus}`,
    `${styles.strong("Retried")}      ${retryWords(kind)}`,
  ];
}

function aboutWarning(code: string, { meaning, remedy }: WarningKind, { width, styles }: Look): string[] {
  return [`${styles.strong(code)} (a warning)`, ...wrap(meaning, width), "", ...wrap(remedy, width)];
}

/** Whether, and when, another run is worth its while. */
function retryWords({ retryAfterSeconds, state }: ErrorKind): string {
  if (state === "unchanged") return "the next run goes on where this one stopped";
  if (retryAfterSeconds === "never") return "no: somebody must do something first";
  return `yes, after ${retryAfterSeconds} s; --wait does so by itself`;
}

/** All codes, each with its meaning. */
export function listOfCodes(look: Look): string[] {
  const column = Math.max(...[...errors.keys(), ...warnings.keys()].map((code) => code.length)) + 2;
  const rows = (kinds: ReadonlyMap<string, { readonly meaning: string }>) =>
    [...kinds].flatMap(([code, { meaning }]) =>
      look.width < 70
        ? [look.styles.strong(code), ...hanging("  ", meaning, look.width)]
        : hanging(code.padEnd(column), meaning, look.width),
    );
  return [look.styles.strong("Errors"), ...rows(errors), "", look.styles.strong("Warnings"), ...rows(warnings)];
}

export function nearestCode(code: string): string | undefined {
  return nearestName(code, [...errors.keys(), ...warnings.keys()]);
}
