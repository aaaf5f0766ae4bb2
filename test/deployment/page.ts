import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The first block of `language` below a heading of a page, as it stands there. */
export function blockBelow(page: string, heading: string, language: "sh" | "ini" | "json" = "sh"): string {
  const [, below = ""] = readFileSync(page, "utf8").split(`\n## ${heading}\n`);
  const [section = ""] = below.split("\n## ");
  const [, block] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section) ?? [];
  assert.ok(block !== undefined, `${page}: no ${language} below ${heading}`);
  return block;
}
