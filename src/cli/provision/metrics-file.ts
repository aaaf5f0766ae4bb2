import { inspect } from "../../inspect.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { isFinal } from "../../model/provisioning-status.ts";
import type { ProvisionOptions } from "../../run/provision-options.ts";
import { writeMetrics } from "../status/metrics.ts";

/**
 * The camera's state for Prometheus, written at each end of a run; with `--wait` at the end of each of its runs. That it
 * cannot be written is told once, and changes nothing else: monitoring reads it, the provisioning does not depend on it.
 */
export class MetricsFile {
  readonly #file: string;
  readonly #complain: (text: string) => void;
  #written: Promise<void> = Promise.resolve();
  #complained = false;

  constructor(file: string, complain: (text: string) => void) {
    this.#file = file;
    this.#complain = complain;
  }

  /** The same options, of a run whose ends are written. */
  watching(options: ProvisionOptions): ProvisionOptions {
    return {
      ...options,
      onStatus: (status) => {
        options.onStatus?.(status);
        if (isFinal(status.currentState)) void this.write(options);
      },
    };
  }

  /** Writes what the files say now; one after the other, so that the last one says the latest. */
  write({ directory, clock }: Pick<ProvisionOptions, "directory" | "clock">): Promise<void> {
    const of = { ...(directory === undefined ? {} : { directory }), ...(clock === undefined ? {} : { clock }) };
    this.#written = this.#written
      .then(async () => writeMetrics(this.#file, await inspect(of)))
      .catch((error: unknown) => this.#tell(ProvisioningError.from(error)));
    return this.#written;
  }

  #tell({ errorCode, message }: ProvisioningError): void {
    if (!this.#complained) this.#complain(`the metrics are not written: ${errorCode}: ${message}`);
    this.#complained = true;
  }
}
