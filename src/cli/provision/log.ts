import type { Outcome } from "../../model/outcome.ts";
import type { ProvisioningStatus } from "../../model/provisioning-status.ts";
import type { Exchange, Retry } from "../../run/provision-options.ts";
import type { Io } from "../io.ts";
import { unexpectedFacts } from "../unexpected.ts";
import type { Printer } from "./printer.ts";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];
type Entry = { readonly level: Exclude<LogLevel, "silent">; readonly fields: object; readonly message: string };

/** As pino numbers them, whose lines most programs that gather logs understand. */
const levelNumbers = { error: 50, warn: 40, info: 30, debug: 20 } as const;

/** The log on standard error: JSON lines in the form of pino, each with the `correlation_id` of the provisioning. */
export class Log implements Printer {
  readonly #wanted: number;
  readonly #io: Pick<Io, "err" | "clock">;
  #correlationId = "";

  constructor(level: LogLevel, io: Pick<Io, "err" | "clock">) {
    this.#wanted = logLevels.indexOf(level);
    this.#io = io;
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

  #write({ level, fields, message }: Entry): void {
    if (logLevels.indexOf(level) > this.#wanted) return;
    const time = this.#io.clock.now().toISOString();
    const line = { level: levelNumbers[level], time, correlation_id: this.#correlationId, ...fields, msg: message };
    this.#io.err(`${JSON.stringify(line)}\n`);
  }
}
