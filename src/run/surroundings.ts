import { resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import { systemRandomness } from "../base/randomness.ts";
import { bodyFile as deviceTreeBody } from "../files/body.ts";
import { nodeFileSystem } from "../files/disk/file-system.ts";
import { written } from "../model/specification-form.ts";
import type { Connect, Diagnose } from "../transport/link.ts";
import { checkOptions } from "./check-options.ts";
import { Listeners } from "./listeners.ts";
import type { Exchange, ProvisionOptions } from "./provision-options.ts";

/** What has no default. */
type Choices = "caFile" | "serverName" | "pinnedPublicKeys" | "credentialsDirectory" | "proxy";

export type Surroundings = Required<Omit<ProvisionOptions, Choices>> &
  Pick<ProvisionOptions, Choices> & { readonly listeners: Listeners };

/** @throws ProvisioningError USAGE for options that there are not, and for values of another kind */
export function surroundings(options: ProvisionOptions): Surroundings {
  checkOptions(options);
  const ignore = () => {};
  // What is undefined has its default, too.
  const { onStatus = ignore, onWarning = ignore, onRetry = ignore, onExchange = ignore } = options;
  const { onTry = ignore, directory = ".", caFile } = options;
  const { signal = new AbortController().signal, wait = false, newIdentity = false, requireTls = false } = options;
  const { strictFiles = false, deviceIdWithin = seconds(2), files = nodeFileSystem, clock = systemClock } = options;
  const {
    credentialsDirectory,
    allowSharedFolder = false,
    noBody = false,
    bodyReplaced = false,
    bodyFile = deviceTreeBody,
  } = options;
  const { randomness = systemRandomness, connect = connectOverNetwork, serverName, pinnedPublicKeys, proxy } = options;
  const { diagnose = options.connect === undefined ? diagnoseOverNetwork : asItIs } = options;
  const listeners = new Listeners();
  return {
    ...{ signal, wait, newIdentity, requireTls, strictFiles, deviceIdWithin, files, clock, randomness, connect },
    ...{ allowSharedFolder, noBody, bodyReplaced, bodyFile, diagnose },
    ...(caFile === undefined ? {} : { caFile }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
    ...(pinnedPublicKeys === undefined ? {} : { pinnedPublicKeys }),
    // Whole, because it stands in messages and logs, far from where the program was started.
    directory: resolve(directory),
    onStatus: listeners.guard("onStatus", (status) => onStatus(written(status))),
    onWarning: listeners.guard("onWarning", onWarning),
    onRetry: listeners.guard("onRetry", onRetry),
    onExchange: listeners.guard<Exchange>("onExchange", onExchange),
    onTry: listeners.guard("onTry", onTry),
    listeners,
  };
}

/** Loaded on the first use: a run with nothing to do needs no network, and start-up is what a small camera feels. */
export const connectOverNetwork: Connect = async (endpoint, signal) => {
  const { connect } = await import("../transport/connect.ts");
  return connect(endpoint, signal);
};

const diagnoseOverNetwork: Diagnose = async (endpoint, error, tools) => {
  const { diagnose } = await import("../transport/diagnose.ts");
  return diagnose(endpoint, error, tools);
};

const asItIs: Diagnose = async (_endpoint, error) => error;
