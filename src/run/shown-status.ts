import { milliseconds } from "../base/duration.ts";
import { writeStatus } from "../files/status-file.ts";
import { isAtRest, isFinal, type ProvisioningStatus } from "../model/provisioning-status.ts";
import type { Setting } from "./setting.ts";

/** A state that has passed by then is not worth a write to flash; one that lasts longer is seen. */
const passing = milliseconds(200);

/**
 * The status file of a run. A status at rest and the wait for the answer are written at once; with any other the file is
 * at most 200 ms behind.
 */
export class ShownStatus {
  readonly #setting: Pick<Setting, "files" | "directory" | "clock">;
  readonly #onFailure: (error: unknown) => void;
  #status: ProvisioningStatus | undefined;
  #isOpen = false;
  #waiting: AbortController | undefined;

  constructor(setting: Pick<Setting, "files" | "directory" | "clock">, onFailure: (error: unknown) => void) {
    this.#setting = setting;
    this.#onFailure = onFailure;
  }

  /** From here on the file is this run's: only the holder of the lock writes it. */
  open(status: ProvisioningStatus): void {
    this.#isOpen = true;
    this.show(status);
  }

  show(status: ProvisioningStatus): void {
    this.#status = status;
    if (!this.#isOpen) return;
    const { currentState } = status;
    if (isAtRest(currentState) || currentState === "WAITING_RESPONSE") this.#write();
    else this.#waiting ??= this.#writeLater();
  }

  /** Nothing more comes: what has not been written is written. */
  close(): void {
    if (this.#waiting !== undefined) this.#write();
    this.#isOpen = false;
  }

  #writeLater(): AbortController {
    const waiting = new AbortController();
    this.#setting.clock.sleep(passing, waiting.signal).then(
      () => this.#write(),
      () => {},
    );
    return waiting;
  }

  #write(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    if (!this.#isOpen || this.#status === undefined) return;
    try {
      writeStatus(this.#setting.files, this.#setting.directory, this.#status, {
        final: isFinal(this.#status.currentState),
      });
    } catch (error) {
      // People and monitoring read this file; the provisioning does not depend on it.
      this.#isOpen = false;
      this.#onFailure(error);
    }
  }
}
