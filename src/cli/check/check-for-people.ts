import type { CheckGroup, CheckLine } from "../../check/line.ts";
import type { Check } from "../../check.ts";
import { verdict } from "../report/facts.ts";
import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

const label = { ok: "ok", warning: "warning", failed: "FAILED", skipped: "skipped" } as const;
const labelWidth = 9;

/** Lines as they come, in groups; what to do stands below what was found. */
export class LinesForPeople {
  readonly #look: Look;
  #group: CheckGroup | undefined;

  constructor(look: Look) {
    this.#look = look;
  }

  line({ group, name, state, found, remedy }: CheckLine): string[] {
    const { width, styles } = this.#look;
    const heading = group === this.#group ? [] : [styles.strong(group)];
    this.#group = group;
    const style = { ok: styles.faint, warning: styles.attention, failed: styles.bad, skipped: styles.faint }[state];
    const start = `  ${label[state].padEnd(labelWidth)}`;
    const [first = "", ...others] = hanging(start, `${name}: ${found}`, width);
    const todo = remedy === undefined ? [] : hanging(`${" ".repeat(start.length)}do: `, remedy, width);
    return [...heading, `  ${style(label[state].padEnd(labelWidth))}${first.slice(start.length)}`, ...others, ...todo];
  }
}

/** What failed once more, last, where somebody looks on a small terminal. */
export function outcomeForPeople({ lines, exitStatus }: Check, look: Look): string[] {
  const failures = lines.filter(({ state }) => state === "failed");
  const warnings = lines.filter(({ state }) => state === "warning").length;
  const also = warnings === 0 ? "" : `, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  if (exitStatus === 0) return ["", `Nothing failed${also}.`];
  const again = failures.flatMap(({ group, name, found }) => {
    return hanging("  ", `${group}: ${name}: ${mainSentence(found)}`, look.width);
  });
  return [
    "",
    ...again,
    ...verdict("FAIL", `${failures.length} of ${lines.length} failed${also} (exit status ${exitStatus})`, look),
  ];
}

/** The first sentence; of a list of mistakes the first one. */
function mainSentence(found: string): string {
  const [first = "", second = ""] = found.split("\n");
  return first.endsWith(":") && second !== "" ? second.trim() : first;
}
