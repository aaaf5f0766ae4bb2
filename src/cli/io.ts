import type { Clock } from "../base/clock.ts";

/** All that a command sees of the process around it; `main.ts` makes one from `process`, a test from values. */
export interface Io {
  /** Standard output. The text goes out as it is: the caller writes the line feeds. */
  readonly out: (text: string) => void;
  /** Standard error. */
  readonly err: (text: string) => void;
  /** Standard output is a terminal: people look on, and a line may be overwritten. */
  readonly isTerminal: boolean;
  /** Standard output is a stream to systemd's journal, and not something that reads JSON. */
  readonly isJournal: boolean;
  readonly colours: boolean;
  /** Width in characters. */
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts, with a ProvisioningError as the reason, when the process is told to stop. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /**
   * One line that a person types, or that is piped in; what is typed on a terminal after `hidden` is not shown. Undefined
   * at the end of the input.
   */
  readonly ask: (question: string, hidden: "hidden" | "shown") => Promise<string | undefined>;
  /** How to start this very program: the executable, then its first parameters. */
  readonly self: readonly [string, ...string[]];
  /** The folder of the installed package, or of the checkout: documents and examples are in it. */
  readonly packageFolder: string;
}
