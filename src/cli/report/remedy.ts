import { causesOf, type ErrorKind, type Fact } from "../../model/error-kind.ts";
import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

/** What an error usually comes from, as far as `facts` do not rule it out, and what to do about it, for people. */
export function remedy(kind: ErrorKind, { width, styles }: Look, facts: readonly Fact[] = []): string[] {
  const { onTheDevice, onTheServer } = kind;
  return [
    ...section(
      "Usual causes",
      causesOf(kind, facts).map((cause, index) => hanging(`  ${index + 1}. `, cause, width)),
    ),
    ...section(
      "On the device",
      onTheDevice.map((step) => hanging("  - ", step, width)),
    ),
    ...section(
      "On the server",
      onTheServer.map((step) => hanging("  - ", step, width)),
    ),
  ];

  function section(title: string, entries: readonly string[][]): string[] {
    return entries.length === 0 ? [] : [styles.strong(title), ...entries.flat()];
  }
}
