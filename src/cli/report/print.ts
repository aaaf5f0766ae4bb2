import type { Io } from "../io.ts";

export function printLines({ out }: Pick<Io, "out">, lines: readonly string[]): void {
  out(`${lines.join("\n")}\n`);
}

/** What JSON leaves as it is, and a terminal would obey, hide or turn round. */
const strange = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One JSON object on one line; `type` tells what it is. */
export function printJson(
  { out }: Pick<Io, "out">,
  line: { readonly type: string; readonly [key: string]: unknown },
): void {
  out(`${JSON.stringify(line).replace(strange, escaped)}\n`);
}

/** As JSON may have it: half of a pair at a time. */
function escaped(sign: string): string {
  return sign
    .split("")
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
