import { systemClock } from "../../src/base/clock.ts";
import type { Io } from "../../src/cli/io.ts";

/** What a command printed, and the Io that recorded it. Not a terminal, 80 columns, no colours, unless told. */
export function recordedIo(changes: Partial<Io> = {}): { readonly io: Io; out: string; err: string } {
  const record = {
    out: "",
    err: "",
    io: {
      out: (text: string) => {
        record.out += text;
      },
      err: (text: string) => {
        record.err += text;
      },
      isTerminal: false,
      isJournal: false,
      colours: false,
      columns: 80,
      environment: {},
      signal: new AbortController().signal,
      clock: systemClock,
      ask: async () => undefined,
      self: ["node", "thermal-provision"] as const,
      packageFolder: ".",
      ...changes,
    } satisfies Io,
  };
  return record;
}
