import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/clock.ts";
import { type Duration, seconds } from "../base/duration.ts";
import { type Randomness, systemRandomness } from "../base/randomness.ts";
import { bodyFile as deviceTreeBody } from "../files/body.ts";
import { type FileSystem, nodeFileSystem } from "../files/disk/file-system.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { ProvisioningStatus } from "../model/provisioning-status.ts";
import { written } from "../model/specification-form.ts";
import type { Warning } from "../model/warnings.ts";
import type { Connect, Diagnose } from "../transport/link.ts";
import { checkOptions } from "./check-options.ts";
import { Listeners } from "./listeners.ts";

/** A wait before another try, for a countdown. */
export interface Retry {
  readonly wait: Duration;
  readonly because: ErrorCode;
  /** The message of the error that made it necessary. */
  readonly message: string;
}

/** A request that is sent, with the specification's `created_at`, or an answer, with its `received_at`. No secrets. */
export type Exchange =
  | { readonly kind: "request"; readonly deviceName: string; readonly createdAt: Date }
  | { readonly kind: "response"; readonly deviceName: string; readonly status: string; readonly receivedAt: Date };

/** A try begins: from opening the connection to the verified answer. */
export interface Try {
  /** It ends within this time, and another one may follow. */
  readonly within: Duration;
}

/** What `provision` is asked to do, who listens, and every effect that it has. All of it has a default. */
export interface ProvisionOptions {
  /** The folder of the camera's files. Default: the current one. */
  readonly directory?: string;
  /** Stops the run; the next one goes on where it stopped. */
  readonly signal?: AbortSignal;
  /** Keep trying what may pass until it is done or `signal` aborts. Default false. */
  readonly wait?: boolean;
  /** Make a new device on purpose, although the credentials of the present one may work. Default false. */
  readonly newIdentity?: boolean;
  /**
   * Do not record which board this is: for images and benches, whose cards go into other cameras. Default false: a hash of
   * the device tree's serial number is kept, where there is one.
   */
  readonly noBody?: boolean;
  /** Accept what another board began, or has: this camera's board was replaced. Default false. */
  readonly bodyReplaced?: boolean;
  /** The file with the board's serial number. Default: the device tree's. */
  readonly bodyFile?: string;
  /** Refuse to speak plain text. Default false. */
  readonly requireTls?: boolean;
  /** PEM files of certificate authorities, `system` for the system's; outranks `ca_file` of provision.json. */
  readonly caFile?: string | readonly string[];
  /** The name that the server's certificate must have, instead of the host; outranks `server_name`. */
  readonly serverName?: string;
  /** `sha256/…`, of which one must be in the server's certificate chain; outranks `pinned_public_keys`. */
  readonly pinnedPublicKeys?: readonly string[];
  /** Make errors of the warnings FILES_NOT_KEPT and FILES_NOT_PRIVATE. Default false. */
  readonly strictFiles?: boolean;
  /** How long to wait for the device id on the verified connection; 0: take what the first answer says. Default 2 s. */
  readonly deviceIdWithin?: Duration;

  /**
   * Told as it happens, and not waited for, each time a frozen copy. One that throws, or rejects, does not disturb the run: the outcome has the
   * warning LISTENER_FAILED.
   */
  readonly onStatus?: (status: ProvisioningStatus) => void;
  /** As `onStatus`. */
  readonly onWarning?: (warning: Warning) => void;
  /** As `onStatus`. */
  readonly onRetry?: (retry: Retry) => void;
  /** As `onStatus`. */
  readonly onTry?: (begun: Try) => void;

  /** As `onStatus`: each request and each answer, with its moment. */
  readonly onExchange?: (exchange: Exchange) => void;

  /**
   * Every call to the disk. Default: `nodeFileSystem`, of which a test can replace one call:
   *
   * ```ts
   * import { nodeFileSystem, provision } from "thermal-provision";
   *
   * const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
   * const files = { ...nodeFileSystem, write: () => { throw full; } };
   * await provision({ directory: "camera", files });
   * ```
   */
  readonly files?: FileSystem;
  /** Default: `systemClock`. */
  readonly clock?: Clock;
  /** Default: `systemRandomness`. */
  readonly randomness?: Randomness;
  /** Opens the connections. Default: `connect`, over TCP and TLS. */
  readonly connect?: Connect;
  /** Looks what a failure comes from, by connections of its own. Default: with the default of `connect`, else not. */
  readonly diagnose?: Diagnose;
}

/** What has no default. */
type Choices = "caFile" | "serverName" | "pinnedPublicKeys";

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
  const { noBody = false, bodyReplaced = false, bodyFile = deviceTreeBody } = options;
  const { randomness = systemRandomness, connect = connectOverNetwork, serverName, pinnedPublicKeys } = options;
  const { diagnose = options.connect === undefined ? diagnoseOverNetwork : asItIs } = options;
  const listeners = new Listeners();
  return {
    ...{ signal, wait, newIdentity, requireTls, strictFiles, deviceIdWithin, files, clock, randomness, connect },
    ...{ noBody, bodyReplaced, bodyFile, diagnose },
    ...(caFile === undefined ? {} : { caFile }),
    ...(serverName === undefined ? {} : { serverName }),
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
