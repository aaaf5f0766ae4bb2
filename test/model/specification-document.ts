import { existsSync, readFileSync } from "node:fs";

/** The specification itself, where the neighbours of the repository are at hand. */
const path = "../shared/spec/data-model.md";
const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;

/** The bullets under a heading of an entity, without backticks; undefined where the specification is not at hand. */
export function bulletsOf(entity: string, heading: string): readonly string[] | undefined {
  const section = text?.split(`### ${entity}\n`)[1]?.split("\n### ")[0];
  const list = section?.split(`**${heading}**:\n`)[1]?.split("\n\n")[0];
  return list?.split("\n").map((line) => line.replace(/^- /, "").replaceAll("`", ""));
}

/** The line of this number, without backticks and marks of emphasis; undefined where the specification is not at hand. */
export function documentLine(number: number): string | undefined {
  return text?.split("\n")[number - 1]?.replaceAll(/[`*]/g, "");
}
