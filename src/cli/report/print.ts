import type { Io } from "../io.ts";

export function printLines({ out }: Pick<Io, "out">, lines: readonly string[]): void {
  out(`${lines.join("\n")}\n`);
}

/** One JSON object on one line; `type` tells what it is. */
export function printJson(
  { out }: Pick<Io, "out">,
  line: { readonly type: string; readonly [key: string]: unknown },
): void {
  out(`${JSON.stringify(line)}\n`);
}
