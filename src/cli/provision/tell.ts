import type { Outcome } from "../../model/outcome.ts";
import type { ProvisionOptions } from "../../run/provision-options.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { ForPeople } from "./for-people.ts";
import { journalLines } from "./journal-lines.ts";
import { jsonLines } from "./json-lines.ts";
import { Log, type LogLevel } from "./log.ts";
import type { Printer } from "./printer.ts";

/** What the command line asks of a run. */
export type Choices = Omit<ProvisionOptions, "signal" | "clock" | `on${string}`> & { readonly wait: boolean };

/** To whom it is told. */
export interface Telling {
  readonly form: "people" | "journal" | "json";
  readonly logLevel: LogLevel;
}

/** Starts `run`, and tells how it goes; gives undefined where it does. */
export async function tell<None extends undefined>(
  run: (options: ProvisionOptions) => Promise<Outcome> | Outcome | None,
  choices: Choices,
  { form, logLevel }: Telling,
  io: Io,
): Promise<ExitStatus | None> {
  const log = new Log(logLevel, io);
  const printers: readonly Printer[] = [printerOf(form, choices, io), log];
  const outcome = await run({
    ...choices,
    signal: io.signal,
    clock: io.clock,
    onStatus: (status) => printers.forEach((each) => void each.status(status)),
    onWarning: (warning) => printers.forEach((each) => void each.warning(warning)),
    onExchange: (exchange) => log.exchange(exchange),
    onRetry: (retry) => printers.forEach((each) => void each.retry(retry)),
    onTry: (begun) => printers.forEach((each) => void each.try?.(begun)),
  });
  if (outcome === undefined) return outcome;
  for (const each of printers) each.outcome(outcome);
  return outcome.exitStatus;
}

function printerOf(form: Telling["form"], { wait }: Choices, io: Io): Printer {
  switch (form) {
    case "people":
      return new ForPeople(io, { waits: wait });
    case "journal":
      return journalLines(io);
    case "json":
      return jsonLines(io);
  }
}
