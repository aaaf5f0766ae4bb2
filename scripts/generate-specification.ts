import { readFileSync } from "node:fs";
import { errorTable } from "../src/model/error-table.ts";
import type { ErrorKind } from "../src/model/errors.ts";
import { type ProvisioningState, provisioningStates, transitions } from "../src/model/provisioning-status.ts";

/** docs/specification.md with the tables of the moves and of what leads to a failure; the rest is written by hand. */
export function specificationPage(): string {
  const page = readFileSync("docs/specification.md", "utf8");
  return between(between(page, "moves", moves()), "failures", failures());
}

function between(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [before, behind] = [page.indexOf(begin), page.indexOf(end)];
  if (before === -1 || behind < before) throw new Error(`docs/specification.md has no place for the ${name}`);
  return `${page.slice(0, before)}${begin}\n${table}\n${page.slice(behind)}`;
}

function moves(): string {
  const rows = provisioningStates
    .filter((state) => transitions[state].length > 0)
    .map((state) => `| ${state} | ${targets(state)} |\n`);
  return `| from | to |\n|---|---|\n${rows.join("")}`;
}

/** The five FAILED states in one word where all are possible. */
function targets(state: ProvisioningState): string {
  const all: readonly ProvisioningState[] = transitions[state];
  const failed = all.filter((target) => target.startsWith("FAILED_"));
  const others = all.filter((target) => !failed.includes(target));
  const known = provisioningStates.filter((each) => each.startsWith("FAILED_"));
  return [...others, ...(failed.length === known.length ? ["every FAILED state"] : failed)].join(", ");
}

function failures(): string {
  const kinds = Object.entries<ErrorKind>(errorTable);
  const states = [...provisioningStates.filter((state) => state.startsWith("FAILED_")), "unchanged"];
  const rows = states.map((state) => {
    const codes = kinds.filter(([, kind]) => kind.state === state);
    const causes = codes.map(([code, { meaning }]) => `[${code}](errors.md#${code.toLowerCase()}): ${meaning}`);
    return `| ${state === "unchanged" ? "none: it stays as it was" : state} | ${causes.join("<br>")} |\n`;
  });
  return `| state | by |\n|---|---|\n${rows.join("")}`;
}
