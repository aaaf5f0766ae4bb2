import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { SimulatorOptions } from "../../src/simulator/options/options.ts";
import { Luck } from "../faults/memory-disk/luck.ts";
import { Bench } from "./bench.ts";
import { endLeases } from "./leases.ts";

const program = resolve("dist/cli/thermal-provision.cjs");

/** How a command ended, and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A server, a folder with all files of a factory, and the command as a process of its own. */
export class Factory implements AsyncDisposable {
  readonly folder: string;
  readonly bench: Bench;
  /** A URL of PostgreSQL, or a file. */
  readonly place: string;
  readonly #ledger: readonly string[];
  readonly #running = new Set<ChildProcess>();

  private constructor(bench: Bench, ledger: string | undefined) {
    this.bench = bench;
    this.folder = mkdtempSync(join(tmpdir(), "factory-"));
    this.place = ledger ?? join(this.folder, "station.sqlite");
    this.#ledger = ledger === undefined ? [] : ["--ledger", ledger];
    const secret = (name: string, text: string) => writeFileSync(join(this.folder, name), `${text}\n`, { mode: 0o600 });
    secret("ledger.key", randomBytes(32).toString("base64"));
    secret("api.key", bench.key.reveal());
    const provision = {
      server_url: "127.0.0.1",
      server_port: bench.simulator.port,
      use_ssl: false,
      provision_device_key: "simulatorKey01234567",
      provision_device_secret: "simulatorSecret01234",
    };
    writeFileSync(join(this.folder, "provision.json"), JSON.stringify(provision), { mode: 0o600 });
  }

  /** `ledger`: a URL of PostgreSQL, else a file. */
  static async start(ledger?: string, options: SimulatorOptions = {}): Promise<Factory> {
    return new Factory(await Bench.start({ remember: 100, ...options }), ledger);
  }

  writeList(text: string): void {
    writeFileSync(join(this.folder, "list.csv"), text);
  }

  /** Starts `station COMMAND`. */
  start(...parameters: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const [command = "", ...others] = parameters;
    return this.startProgram("station", command, ...this.#ledger, ...others);
  }

  /** Starts `thermal-provision PARAMETERS`. */
  startProgram(...parameters: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const words = [program, ...parameters];
    const child = spawn(process.execPath, words, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#running.add(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = new Promise<Ended>((done) =>
      child.once("close", (status) => {
        this.#running.delete(child);
        done({ status, out, err });
      }),
    );
    return { child, ended };
  }

  run(...parameters: readonly string[]): Promise<Ended> {
    return this.start(...parameters).ended;
  }

  /** The words that every `station run` here needs. */
  get registration(): readonly string[] {
    const url = this.bench.simulator.httpUrl ?? "";
    return ["--ledger-key-file", "ledger.key", "--rest-url", url, "--api-key-file", "api.key"];
  }

  /** The token in each camera's configuration, by its serial number. */
  get tokens(): ReadonlyMap<string, string> {
    const cameras = join(this.folder, "cameras");
    return new Map(
      foldersIn(cameras).map((serial) => {
        const text = readFileSync(join(cameras, serial, "thermal_config.json"), "utf8");
        return [serial, /"access_token": "([^"]+)"/.exec(text)?.[1] ?? ""];
      }),
    );
  }

  /** What is there of `count` cameras C-1, C-2, …: devices, folders, and those whose token is their device's. */
  census(): { readonly devices: number; readonly folders: number; readonly right: number } {
    const { tokens } = this;
    const devices = new Map(
      this.bench.simulator.devices.map(({ name, credentials }) => [name, credentials.credentialsId]),
    );
    const right = [...tokens].filter(([serial, token]) => devices.get(`thermal-camera-${serial}`) === token);
    return { devices: devices.size, folders: tokens.size, right: right.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) child.kill("SIGKILL");
    await this.bench[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A station that is killed while it tries the folder leaves a file, which the next one takes away. */
function foldersIn(cameras: string): readonly string[] {
  return readdirSync(cameras, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

export function listOf(count: number): string {
  return [
    "serial,label",
    ...Array.from({ length: count }, (_, index) => `C-${index + 1},camera ${index + 1}`),
    "",
  ].join("\n");
}

/** How many stations there are, how many of them are killed, and with what they are started. */
interface Killing {
  readonly stations: number;
  readonly kills: number;
  /** After so many changes of what the server holds, on average, one is killed. Default 5. */
  readonly every?: number;
  /** Which of those that run is killed, and how many changes later or earlier. Default 1. */
  readonly seed?: number;
  readonly parameters: readonly string[];
}

/**
 * Keeps `stations` runs going and kills any of them after some changes of what the server holds, until a run has
 * found nothing left to do. Gives how many were killed. By the server's changes, and not by the clock: on a fast machine
 * everything would be done before a moment that was chosen ahead. The leases of the dead end at once, as if their time
 * had passed: what is shown does not depend on how long that is.
 */
export async function runWithKills(
  factory: Factory,
  { stations, kills, every = 5, seed = 1, parameters }: Killing,
): Promise<number> {
  let [killed, started, isDone] = [0, 0, false];
  const luck = new Luck(seed);
  const pause = () => 1 + luck.upTo(2 * (every - 1));
  let left = pause();
  const running: ChildProcess[] = [];
  const ledger = await factory.bench.ledger(factory.place);
  const stop = factory.bench.simulator.onStateChange(() => {
    if (--left > 0 || killed >= kills) return;
    const [victim] = running.splice(luck.upTo(running.length - 1), 1);
    if (victim === undefined) return;
    killed++;
    victim.kill("SIGKILL");
    left = pause();
  });
  const bench = async () => {
    while (!isDone) {
      const name = `bench-${++started}`;
      const { child, ended } = factory.start("run", ...parameters, "--station", name);
      running.push(child);
      const { status, err } = await ended;
      if (running.includes(child)) running.splice(running.indexOf(child), 1);
      if (status === 0) isDone = true;
      else if (status === null) await endLeases(ledger, `${name}/`);
      else if (status !== 75) throw new Error(`a station ended with ${status}: ${err}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: stations }, bench));
  } finally {
    stop();
  }
  return killed;
}
