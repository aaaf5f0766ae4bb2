import { resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import { type Randomness, systemRandomness } from "../base/randomness.ts";
import { type FileSystem, nodeFileSystem } from "../files/disk/file-system.ts";
import { written } from "../model/specification-form.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { checkOptions } from "./check-options.ts";
import type { Exchange, ProvisionOptions } from "./provision-options.ts";

type Callback = "onStatus" | "onWarning" | "onRetry" | "onExchange" | "onTry";

/** Where a run takes place and who is told of it: all that one with nothing to do needs. */
export interface Setting extends Required<Pick<ProvisionOptions, Callback>> {
  /** Whole, because it stands in messages and logs, far from where the program was started. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly listeners: Listeners;
}

/** @throws ProvisioningError USAGE for options that there are not, and for values of another kind */
export function setting(options: ProvisionOptions): Setting {
  checkOptions(options);
  const ignore = () => {};
  // What is undefined has its default, too.
  const { onStatus = ignore, onWarning = ignore, onRetry = ignore, onExchange = ignore, onTry = ignore } = options;
  const { directory = ".", signal = new AbortController().signal } = options;
  const { files = nodeFileSystem, clock = systemClock, randomness = systemRandomness } = options;
  const listeners = new Listeners();
  return {
    directory: resolve(directory),
    ...{ signal, files, clock, randomness, listeners },
    onStatus: listeners.guard("onStatus", (status) => onStatus(written(status))),
    onWarning: listeners.guard("onWarning", onWarning),
    onRetry: listeners.guard("onRetry", onRetry),
    onExchange: listeners.guard<Exchange>("onExchange", onExchange),
    onTry: listeners.guard("onTry", onTry),
  };
}

/**
 * Keeps what the callbacks of the caller throw away from the run: a mistake in one must not stop it between the server's
 * answer, which may come only once, and the journal. It is called again the next time all the same.
 */
export class Listeners {
  readonly #failures = new Map<string, Warning>();

  /** A warning for each callback that has thrown, or rejected, so far. */
  get failures(): readonly Warning[] {
    return [...this.#failures.values()];
  }

  /**
   * The callback that `name` is the option of, safe to call at any moment. It gets a copy, dates included: what it writes
   * there is not the run's.
   */
  guard<Told>(name: string, listener: (told: Readonly<Told>) => unknown): (told: Told) => void {
    const failed = (error: unknown) => {
      // Only the kind: its message may quote anything.
      const kind = error instanceof Error ? error.name : `a ${typeof error}`;
      this.#failures.set(name, warning("LISTENER_FAILED", `It is ${name}, with ${kind}.`));
    };
    return (told) => {
      try {
        const returned = listener(Object.freeze(structuredClone(told)));
        if (returned instanceof Promise) returned.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
  }
}
