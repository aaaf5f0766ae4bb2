import { type Duration, milliseconds } from "./base/duration.ts";
import { nodeVersion } from "./base/require-supported-node.ts";
import { attempt } from "./check/attempt.ts";
import { checkCamera } from "./check/camera.ts";
import { checkClock } from "./check/clock.ts";
import { checkDisk } from "./check/disk.ts";
import { checkFiles, type FilesFound } from "./check/files.ts";
import {
  type CheckGroup,
  type CheckLine,
  type CheckStatus,
  failed,
  isFailed,
  skipped,
  skippedBecause,
  statusOf,
} from "./check/line.ts";
import { checkWay, longestStep, type Way } from "./check/network.ts";
import { askServer, tryCredentials } from "./check/questions.ts";
import { nodeSystem, type System } from "./files/system.ts";
import type { ConfiguredCredentials } from "./model/thermal-config.ts";
import { readConfigured } from "./run/camera-state.ts";
import { endpointToAsk } from "./run/client-certificate.ts";
import { endpointOf } from "./run/endpoint.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { type Surroundings, surroundings as withDefaults } from "./run/surroundings.ts";
import type { Endpoint } from "./transport/link.ts";

/** What a check may be told. All of it may be left out. */
export interface CheckOptions
  extends Pick<ProvisionOptions, "requireTls" | "caFile" | "serverName" | "pinnedPublicKeys" | "proxy"> {
  /** The camera's folder. Default: the working directory. */
  readonly directory?: string;
  /**
   * Ask the server whether it knows key and secret, by a request whose device name is too long to be stored. Default
   * false.
   */
  readonly askServer?: boolean;
  /** Log in with the camera's own credentials, which ends a session that the camera has. Default false. */
  readonly tryCredentials?: boolean;
  /** Ends the check. Default: nothing does. */
  readonly signal?: AbortSignal;
  /** Gets each line as soon as it is known. */
  readonly onLine?: (line: CheckLine) => void;
  /** As in `provision`, for tests. */
  readonly surroundings?: Pick<
    ProvisionOptions,
    "files" | "clock" | "randomness" | "connect" | "diagnose" | "bodyFile"
  >;
  /** What the operating system tells. Default: this one. */
  readonly system?: System;
}

type Questions = Required<Pick<CheckOptions, "askServer" | "tryCredentials">>;

/** Everything that was looked at, and the exit status that the command gives for it. */
export interface Check {
  readonly lines: readonly CheckLine[];
  /** 0 with warnings only, else that of the worst failure: 78, then 73 and 74, 77, 75. */
  readonly exitStatus: CheckStatus;
}

/**
 * Looks at everything that can be wrong with a camera and the way to its server, before anything is asked. Makes no
 * device, writes nothing, takes no lock, and may run beside a running camera.
 *
 * ```ts
 * import { check } from "thermal-provision";
 *
 * const { lines, exitStatus } = await check({ directory: "/var/lib/camera" });
 * for (const { state, group, name, found } of lines) if (state === "failed") console.error(group, name, found);
 * process.exitCode = exitStatus;
 * ```
 *
 * @throws ProvisioningError USAGE for options that there are not; INTERRUPTED and the like when `signal` ends it
 */
export async function check(options: CheckOptions = {}): Promise<Check> {
  const {
    askServer = false,
    tryCredentials = false,
    onLine = () => {},
    surroundings: given,
    system = nodeSystem,
    ...others
  } = options;
  const surroundings = withDefaults({ ...given, ...others });
  const lines: CheckLine[] = [];
  for await (const line of look(surroundings, system, { askServer, tryCredentials })) {
    // What failed because somebody stopped the check is no finding.
    surroundings.signal.throwIfAborted();
    lines.push(line);
    onLine(line);
  }
  return { lines, exitStatus: statusOf(lines) };
}

async function* look(surroundings: Surroundings, system: System, questions: Questions): AsyncGenerator<CheckLine> {
  const { files, directory, clock } = surroundings;
  const found = checkFiles(surroundings);
  yield* found.lines;
  if (found.survey === undefined)
    return yield* consequences("files", ["disk", "camera", "name", "way", "TLS", "server"]);
  yield* checkDisk({ files, directory, system });
  yield* await checkCamera({ ...surroundings, system, nodeVersion }, found.survey);
  const configured = readConfigured(files, directory);
  const to = target(surroundings, found, configured === "unknown" ? undefined : configured);
  const time = checkClock(clock.now(), to !== undefined && "endpoint" in to && to.endpoint.tls !== undefined);
  yield time;
  if (to === undefined) return yield* consequences("files", ["name", "way", "TLS", "server"]);
  if ("line" in to) return yield* [to.line, ...consequences("files", ["name", "way", "TLS", "server"])];
  const asking = endpointForAsking(surroundings, to.endpoint, found, configured === "unknown" ? undefined : configured);
  const way: Way = { ...surroundings, endpoint: to.endpoint, asking, within: to.within, lookUp: lookUpOnUse };
  // No certificate can be judged without the date.
  const withTls = !isFailed(time);
  let stoppedBy: CheckGroup | undefined;
  for await (const line of checkWay(way, { withTls })) {
    if (line.state === "failed") stoppedBy ??= line.group;
    yield line;
  }
  const known = configured === "unknown" ? undefined : configured;
  if (withTls) yield* ask(way, found, known, { ...questions, stoppedBy, ...surroundings });
}

/** What needs to be asked for, since it says something to the server. */
async function* ask(
  way: Way,
  { inputs }: FilesFound,
  configured: ConfiguredCredentials | undefined,
  {
    stoppedBy,
    askServer: asks,
    tryCredentials: tries,
    files,
    directory,
  }: Questions & Pick<Surroundings, "files" | "directory"> & { readonly stoppedBy: CheckGroup | undefined },
): AsyncGenerator<CheckLine> {
  const questions = ["key and secret", "credentials"] as const;
  if (stoppedBy !== undefined) {
    for (const name of questions) yield skippedBecause("server", name, stoppedBy);
    return;
  }
  if (!asks) yield skipped("server", "key and secret", "not asked; --ask-server does");
  else if (inputs === undefined) yield skipped("server", "key and secret", "there is no provision.json to ask with");
  else if (inputs.credentials.isWithoutKey === true) {
    yield skipped("server", "key and secret", "there are none: the server makes the device by its certificate");
  } else yield await askServer(way, inputs.credentials, { files, directory });
  if (!tries)
    yield skipped("server", "credentials", "not tried; --try-credentials does, and ends the camera's own session");
  else yield await tryCredentials(way, configured, { files, directory });
}

/** Where the camera belongs: as provision.json says, else where its configuration has it. */
function target(
  surroundings: Surroundings,
  { inputs }: FilesFound,
  configured: ConfiguredCredentials | undefined,
): { readonly endpoint: Endpoint; readonly within: Duration } | { readonly line: CheckLine } | undefined {
  if (inputs !== undefined) {
    const endpoint = attempt(() => endpointOf(surroundings, inputs.credentials));
    if ("problem" in endpoint) {
      // Of the caller's own making: no finding.
      if (endpoint.problem.errorCode === "USAGE") throw endpoint.problem;
      return { line: failed("files", "TLS options", endpoint.problem) };
    }
    return { endpoint: endpoint.value, within: milliseconds(Math.min(longestStep, inputs.credentials.timeout)) };
  }
  if (configured?.serverPort === undefined || configured.serverPort === null) return undefined;
  const { host, serverPort: port, useSsl } = configured;
  return { endpoint: { host, port, ...(useSsl === true ? { tls: {} } : {}) }, within: longestStep };
}

/** What is wrong with the files of a certificate is told among the files. */
function endpointForAsking(
  surroundings: Surroundings,
  endpoint: Endpoint,
  { inputs }: FilesFound,
  configured: ConfiguredCredentials | undefined,
): Endpoint {
  const kind = inputs?.credentials.credentialsType ?? configured?.credentials.type;
  if (kind !== "X509_CERTIFICATE" || endpoint.tls === undefined) return endpoint;
  const given = inputs?.credentials.clientCertificate;
  const own =
    given === undefined
      ? configured?.credentials
      : ({ type: "X509_CERTIFICATE", ...given, certificate: null } as const);
  if (own === undefined) return endpoint;
  const shown = attempt(() => endpointToAsk(surroundings, endpoint, own));
  return "value" in shown ? shown.value : endpoint;
}

function consequences(of: CheckGroup, groups: readonly CheckGroup[]): readonly CheckLine[] {
  return groups.map((group) => skippedBecause(group, "everything", of));
}

/** Loaded on the first use, as what connects is. */
const lookUpOnUse: Way["lookUp"] = async (endpoint) => (await import("./transport/look-up.ts")).lookUp(endpoint);
