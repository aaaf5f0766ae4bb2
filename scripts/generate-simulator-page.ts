import { readFileSync } from "node:fs";
import { faults } from "../src/simulator/faults/faults.ts";
import type { Keys } from "../src/simulator/faults/keys.ts";
import { occasionKinds } from "../src/simulator/faults/occasions.ts";

const beginning = "<!-- Made from src/simulator/faults/faults.ts by `npm run generate`. -->\n";
const end = "<!-- End of what is made. -->\n";

/** `docs/simulator.md` with the table of faults as the source has it; the rest of the page is as it is. */
export function simulatorPage(): string {
  const page = readFileSync("docs/simulator.md", "utf8");
  const [before = "", rest = ""] = page.split(beginning);
  const [, after = ""] = rest.split(end);
  return `${before}${beginning}${faultsTable()}${end}${after}`;
}

function faultsTable(): string {
  const rows = Object.entries(faults).map(([name, { keys, occasions, meaning }]) => {
    const own: Keys = keys;
    const named = Object.entries(own).map(([key, { optional }]) => (optional ? `[\`${key}\`]` : `\`${key}\``));
    const where = occasions.length === occasionKinds.length ? "all" : occasions.join(", ");
    return `| \`${name}\` | ${named.join(", ")} | ${where} | ${meaning} |\n`;
  });
  return `| \`do\` | keys | on | what happens |\n|---|---|---|---|\n${rows.join("")}`;
}
