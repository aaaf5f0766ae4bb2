import { resolve } from "node:path";
import { isSystemError, nodeFileSystem } from "../../files/file-system.ts";
import { accessToken, NotUnique, Simulator, type SimulatorOptions } from "../../simulator/index.ts";
import { type ExitStatus, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { watcher } from "../report/simulation.ts";
import { profileOf, type SimulatorChoices, simulatorOptions } from "./choices.ts";

/** What reads and writes files, loaded where files are wanted: it takes time at the start. */
const files = {
  json: () => import("../../files/json-file.ts"),
  scenarios: () => import("./scenarios.ts"),
  state: () => import("./state-file.ts"),
};

/** Runs a simulator until it is told to stop; or lists the ready scenarios. */
export async function simulate(choices: SimulatorChoices, io: Io): Promise<ExitStatus> {
  if (choices.listScenarios) {
    (await files.scenarios()).listScenarios(io, choices);
    return 0;
  }
  const { state, record, devices } = choices;
  const scenario =
    choices.scenario === undefined ? undefined : (await files.scenarios()).loadScenario(choices.scenario, io);
  const saved = state === undefined ? undefined : (await files.state()).loadState(state);
  await requireWritable("--state", state);
  await requireWritable("--record", record);
  const profile = profileOf(choices);
  await using simulator = await start(simulatorOptions(choices, profile, scenario, saved));
  const kept = new Set(saved?.devices.map(({ name }) => name));
  register(simulator, devices, kept);
  const watch = watcher(choices, io, { simulator, profile, strategy: choices.strategy, scenario });
  const recorder = record === undefined ? undefined : simulator.record(scenario?.description ?? "A rehearsal.");
  watch.begin();
  simulator.on(watch.event);
  if (state === undefined) await aborted(io.signal);
  else await (await files.state()).keepState(state, simulator, io.clock, io.signal);
  if (record !== undefined) {
    const { writeJsonFile } = await files.json();
    writeJsonFile(nodeFileSystem, resolve(record), recorder?.stop(), true);
  }
  return 0;
}

/** Now, and not after an hour of rehearsing. */
async function requireWritable(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const { whyNotWritable } = await files.json();
  const reason = whyNotWritable(nodeFileSystem, resolve(path));
  if (reason !== undefined) throw new UsageError(`${option}: ${path} cannot be written (${reason})`);
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  try {
    return await Simulator.start(options);
  } catch (error) {
    if (isSystemError(error, "EADDRINUSE")) {
      throw new UsageError(`port ${portIn(error, options)} of ${options.host} is in use; --port 0 takes any free one`);
    }
    if (isSystemError(error, "EACCES")) {
      throw new UsageError(`this user may not listen at port ${portIn(error, options)}; take one above 1023`);
    }
    if (isSystemError(error, "EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN")) {
      throw new UsageError(`--host: ${options.host} is no address of this machine`);
    }
    if (error instanceof NotUnique) throw new UsageError(`--state: ${error.message}`);
    // What OpenSSL says of a certificate or a key; it quotes neither.
    if (options.tls !== undefined) throw new UsageError("--tls-cert, --tls-key: no certificate with its key (PEM)");
    throw error;
  }
}

/** There are two that may be taken: that of MQTT and that of HTTP. */
function portIn(error: Error, { port }: SimulatorOptions): number | undefined {
  return "port" in error && typeof error.port === "number" ? error.port : port;
}

function register(simulator: Simulator, devices: readonly string[], kept: ReadonlySet<string>): void {
  for (const device of devices) {
    const [, name = "", token] = /^([^=]*)(?:=(.*))?$/s.exec(device) ?? [];
    if (name === "" || token === "") throw new UsageError("--device: expected a name, or name=token");
    if (kept.has(name)) continue;
    try {
      simulator.addDevice({ name, ...(token === undefined ? {} : { credentials: accessToken(token) }) });
    } catch (error) {
      if (!(error instanceof NotUnique)) throw error;
      throw new UsageError(`--device: ${error.message}`);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
