import type { Outcome } from "../../model/outcome.ts";
import type { ProvisioningStatus } from "../../model/provisioning-status.ts";
import type { Exchange, Retry } from "../../run/provision-options.ts";
import { unexpectedFacts } from "../unexpected.ts";
import type { Printer } from "./printer.ts";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];
type Entry = { readonly level: Exclude<LogLevel, "silent">; readonly fields: object; readonly message: string };

/** The log on standard error: pino's JSON lines, each with the `correlation_id` of the provisioning. */
export class Log implements Printer {
  readonly #wanted: number;
  #correlationId = "";
  #written: Promise<void> = Promise.resolve();

  constructor(level: LogLevel) {
    this.#wanted = logLevels.indexOf(level);
  }

  status({ currentState, deviceName, correlationId, errorCount }: ProvisioningStatus): void {
    this.#correlationId = correlationId;
    const fields = { current_state: currentState, device_name: deviceName, error_count: errorCount };
    this.#write({ level: "info", fields, message: currentState });
  }

  warning({ code, message }: { readonly code: string; readonly message: string }): void {
    this.#write({ level: "warn", fields: { code }, message });
  }

  /** The moments of the specification's request and response. */
  exchange(exchange: Exchange): void {
    const { kind, deviceName } = exchange;
    const moments =
      exchange.kind === "request"
        ? { created_at: exchange.createdAt.toISOString() }
        : { status: exchange.status, received_at: exchange.receivedAt.toISOString() };
    this.#write({ level: "debug", fields: { device_name: deviceName, ...moments }, message: kind });
  }

  retry({ wait, because, message }: Retry): void {
    this.#write({ level: "warn", fields: { error_code: because, wait_seconds: wait / 1000 }, message });
  }

  outcome(outcome: Outcome): void {
    const { result, exitStatus, status } = outcome;
    this.#correlationId = status.correlationId;
    const fields = { result, exit_status: exitStatus, device_name: status.deviceName };
    if (outcome.result !== "failed") {
      this.#write({ level: "info", fields, message: result });
      return;
    }
    const { errorCode, message, cause, causes, remedies } = outcome.error;
    const { onTheDevice, onTheServer } = remedies;
    const advice = { causes, on_the_device: onTheDevice, on_the_server: onTheServer };
    const internal = errorCode === "INTERNAL" ? { internal: unexpectedFacts(cause) } : {};
    this.#write({ level: "error", fields: { ...fields, error_code: errorCode, ...advice, ...internal }, message });
  }

  /** Ends when everything is written. */
  end(): Promise<void> {
    return this.#written;
  }

  /** pino is loaded with the first line: a run that has nothing to say does without it. */
  #write({ level, fields, message }: Entry): void {
    if (logLevels.indexOf(level) > this.#wanted) return;
    const all = { correlation_id: this.#correlationId, ...fields };
    this.#written = this.#written
      .then(async () => {
        const logger = await loadLogger();
        logger[level](all, message);
      })
      // A package that is taken away in the middle of a run takes the log with it, and not the run.
      .catch(() => {});
  }
}

let logger: ReturnType<typeof makeLogger> | undefined;

function loadLogger() {
  logger ??= makeLogger();
  return logger;
}

/** In one file pino works with a destination of its own only; synchronous, so that the last line is not lost. */
async function makeLogger() {
  const { pino, destination, stdTimeFunctions } = await import("../bundles/pino.ts");
  const standardError = destination({ fd: 2, sync: true });
  // Nobody may read the log; the run goes on.
  standardError.on("error", () => {});
  return pino({ level: "debug", base: null, timestamp: stdTimeFunctions.isoTime }, standardError);
}
