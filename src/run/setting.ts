import { resolve } from "node:path";
import { type Clock, systemClock } from "../base/clock.ts";
import { type Randomness, systemRandomness } from "../base/randomness.ts";
import { type FileSystem, nodeFileSystem } from "../files/disk/file-system.ts";
import { written } from "../model/specification-form.ts";
import { checkOptions } from "./check-options.ts";
import { Listeners } from "./listeners.ts";
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
