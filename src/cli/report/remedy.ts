import { causesOf, type ErrorKind, type Fact } from "../../model/error-kind.ts";
import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

/** Where the program runs: on a camera, or at a factory's bench. */
export type Here = "device" | "bench";

interface Circumstances {
  readonly here: Here;
  /** They rule out some of the usual causes. */
  readonly facts?: readonly Fact[];
}

/** What an error usually comes from, and what to do about it, for people. */
export function remedy(kind: ErrorKind, { width, styles }: Look, { here, facts = [] }: Circumstances): string[] {
  const { onTheDevice, onTheServer } = kind;
  return [
    ...section(
      "Usual causes",
      causesOf(kind, facts).map((cause, index) => hanging(`  ${index + 1}. `, cause, width)),
    ),
    ...section(
      here === "bench" ? "At the bench" : "On the device",
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
