import { resolve } from "node:path";
import { isSystemError } from "../../base/system-error.ts";
import { defaultProfile, NotUnique, Simulator, type SimulatorOptions, WrongOptions } from "../../simulator/index.ts";
import type { SimulatorConfig } from "../../simulator/options/config-schema.ts";
import { type ExitStatus, UsageError } from "../command/command.ts";
import type { Io } from "../io.ts";
import { devicesOf, profileOf, type SimulatorChoices, strategyOf, tlsOf } from "./choices.ts";
import { Mistakes } from "./mistakes.ts";
import { watcher } from "./watcher.ts";

/** What reads and writes files is loaded where files are wanted: it takes time at the start. */
const files = () => import("../bundles/simulator-files.ts");

/** Runs a simulator until it is told to stop; or lists the ready scenarios. */
export async function simulate(choices: SimulatorChoices, io: Io): Promise<ExitStatus> {
  if (choices.listScenarios) {
    (await files()).listScenarios(io, choices);
    return 0;
  }
  const { state, record } = choices;
  const mistakes = new Mistakes();
  await mistakes.of(() => requireWritable("--state", state));
  using _lock = await mistakes.of(() => lockOf(state));
  const read = await readChoices(choices, io, mistakes);
  await mistakes.of(() => requireWritable("--record", record));
  mistakes.tell();
  const { profile, scenario } = read;
  warnOfHttp(choices, io);
  await using simulator = await start(read.options);
  const watch = watcher(choices, io, { simulator, profile, strategy: strategyOf(profile), scenario });
  const recorder = record === undefined ? undefined : simulator.record(scenario?.description ?? "A rehearsal.");
  watch.begin();
  simulator.on(watch.event);
  if (state === undefined) await aborted(io.signal);
  else await (await files()).keepState(state, simulator, io.clock, io.signal);
  if (record !== undefined) {
    const { nodeFileSystem, writeJsonFile } = await files();
    writeJsonFile(nodeFileSystem, resolve(record), recorder?.stop(), true);
  }
  return 0;
}

async function lockOf(state: string | undefined): Promise<Disposable | undefined> {
  if (state === undefined) return undefined;
  const { lockState, nodeFileSystem } = await files();
  return lockState(nodeFileSystem, resolve(state));
}

/** The simulator that was asked for. */
async function readChoices(choices: SimulatorChoices, io: Io, mistakes: Mistakes) {
  const { host, port, httpPort, httpHost, version, state } = choices;
  const scenario = await mistakes.of(async () =>
    choices.scenario === undefined ? undefined : (await files()).loadScenario(choices.scenario, io),
  );
  const saved = await mistakes.of(async () => (state === undefined ? undefined : (await files()).loadState(state)));
  const tls = await mistakes.of(() => tlsOf(choices));
  const config = await mistakes.of(async () =>
    choices.config === undefined ? undefined : (await files()).loadConfig(choices.config),
  );
  await mistakes.of(() => requireOnePlace(choices, config));
  const [profile = defaultProfile] = config?.profiles ?? [await mistakes.of(() => profileOf(choices))];
  const devices = await mistakes.of(() => devicesOf(choices));
  await mistakes.of(() => {
    if (httpHost !== undefined && httpPort === undefined) throw new UsageError("--http-host belongs to --http");
  });
  const options: SimulatorOptions = {
    host,
    port: port ?? (tls === undefined ? 1883 : 8883),
    ...config,
    profiles: config?.profiles ?? [profile],
    devices: [...(config?.devices ?? []), ...(devices ?? [])],
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(httpHost === undefined ? {} : { httpHost }),
    ...(version === undefined ? {} : { version }),
    ...(tls === undefined ? {} : { tls }),
    ...(scenario === undefined ? {} : { scenario: scenario.behaviours }),
    ...(saved === undefined ? {} : { state: saved }),
  };
  return { profile, scenario, options };
}

/** What a configuration says must not be said on the command line as well. */
function requireOnePlace(
  { strategy, key, secret, authority, version }: SimulatorChoices,
  config: SimulatorConfig | undefined,
): void {
  const given = Object.entries({ strategy, key, secret, authority }).flatMap(([name, value]) =>
    value === undefined || config?.profiles === undefined ? [] : [`--${name}`],
  );
  if (version !== undefined && config?.version !== undefined) given.push("--version-of-server");
  if (given.length > 0) throw new UsageError(`${given.join(", ")}: --config says that already; leave one of them out`);
}

function warnOfHttp({ httpHost = "127.0.0.1" }: SimulatorChoices, io: Io): void {
  if (/^(127\..*|::1|localhost)$/.test(httpHost)) return;
  io.err(
    `warning: --http-host ${httpHost}: everybody who reaches this address sees every key, secret and token, and can reset\n`,
  );
}

/** Now, and not after an hour of rehearsing. */
async function requireWritable(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const { nodeFileSystem, whyNotWritable } = await files();
  const reason = whyNotWritable(nodeFileSystem, resolve(path));
  if (reason !== undefined) throw new UsageError(`${option}: ${path} cannot be written (${reason})`);
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  try {
    return await Simulator.start(options);
  } catch (error) {
    const { ofHttp, port, host, option } = listenerOf(error, options);
    if (isSystemError(error, "EADDRINUSE")) {
      throw new UsageError(`port ${port} of ${host} is in use; ${option} 0 takes any free one`);
    }
    if (isSystemError(error, "EACCES")) {
      throw new UsageError(`this user may not listen at port ${port}; take one above 1023 with ${option}`);
    }
    if (isSystemError(error, "EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN")) {
      throw new UsageError(`${ofHttp ? "--http-host" : "--host"}: ${host} is not an address of this machine`);
    }
    if (error instanceof NotUnique) throw new UsageError(`--device, --state: ${error.message}`);
    if (error instanceof WrongOptions) throw new UsageError(error.message);
    // What OpenSSL says of a certificate or a key; it quotes neither.
    if (options.tls !== undefined)
      throw new UsageError("--tls-cert, --tls-key: OpenSSL refuses this certificate or key");
    throw error;
  }
}

/** Which of the two ports an error is about. */
function listenerOf(error: unknown, { port, host, httpPort, httpHost }: SimulatorOptions) {
  const ofHttp = error instanceof Error && "listener" in error && error.listener === "http";
  return ofHttp
    ? { ofHttp, port: httpPort, host: httpHost ?? "127.0.0.1", option: "--http" }
    : { ofHttp, port, host, option: "--port" };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
