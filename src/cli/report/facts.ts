import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

/** The word that says how something ended, and what ended so, behind an empty line. */
export function verdict(word: "PASS" | "NOTE" | "FAIL" | "STOPPED", text: string, { width, styles }: Look): string[] {
  const style = { PASS: styles.good, NOTE: styles.attention, FAIL: styles.bad, STOPPED: styles.attention }[word];
  const [first = "", ...others] = hanging(`${word}  `, text, width);
  return ["", style(word) + styles.strong(first.slice(word.length)), ...others];
}

/** A label and what belongs to it, indented. */
export function fact(label: string, text: string, { width, styles }: Look): string[] {
  const column = `  ${label.padEnd(9)}  `;
  const [first = "", ...others] = hanging(column, text, width);
  return [styles.faint(column) + first.slice(column.length), ...others];
}
