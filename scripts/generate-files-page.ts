import { readFileSync } from "node:fs";
import * as v from "valibot";
import { configEntries } from "../src/files/thermal-config-fields.ts";

const [begin, end] = ["<!-- thermal_config.json, from its table -->", "<!-- end -->"];

/** docs/files.md with the table of the keys that are written to thermal_config.json; the rest of it is written by hand. */
export function filesPage(): string {
  const page = readFileSync("docs/files.md", "utf8");
  const [before, behind] = [page.indexOf(begin), page.indexOf(end)];
  if (before === -1 || behind < before) throw new Error("docs/files.md has no place for the table");
  return `${page.slice(0, before)}${begin}\n${keysOfConfiguration()}${page.slice(behind)}`;
}

function keysOfConfiguration(): string {
  const rows = Object.entries(configEntries).flatMap(([section, entries]) =>
    Object.entries(entries).map(([key, schema]) => `| \`${section}.${key}\` | ${descriptionOf(schema)} |\n`),
  );
  return `\n| key | |\n|---|---|\n${rows.join("")}\n`;
}

function descriptionOf(schema: v.ObjectEntries[string]): string {
  const text = v.getDescription(schema);
  if (text === undefined) throw new Error("a key of thermal_config.json has no description");
  return text.replaceAll("|", "\\|");
}
