/**
 * The table of docs/performance.md: what the program costs as whole processes, each held against an empty Node program
 * that runs right before and right after it, for machines differ and are busy. `npm run bench`. BENCH_BEFORE names the
 * program (dist/cli/thermal-provision.cjs) of another version, which then stands beside this one in every round.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encodeRecord } from "../src/files/journal/records.ts";
import { Simulator } from "../src/simulator/index.ts";
import { defaultProfile } from "../src/simulator/tenant/device-profile.ts";
import { PythonEnvironment } from "../test/strangers/python.ts";
import { run as runForOutput } from "../test/strangers/stranger.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 21);

// With extra certificate authorities Node reads them at every start, which is none of our doing.
const { NODE_EXTRA_CA_CERTS: _leftOut, ...inherited } = process.env;
const { provisionDeviceKey: key, provisionDeviceSecret: secret } = defaultProfile;
const environment = { ...inherited, PROVISION_KEY: key, PROVISION_SECRET: secret };

const program = resolve("dist/cli/thermal-provision.cjs");
const before = process.env["BENCH_BEFORE"];
const folder = mkdtempSync(join(tmpdir(), "thermal-provision-bench-"));
const report = join(folder, "usage");
const hook = join(folder, "usage.cjs");
const simulator = await Simulator.start();
const empty: Row = { name: "an empty program", parameters: () => ["-e", "0"] };

/** A row of the table: a process, and what it is given. */
interface Row {
  readonly name: string;
  readonly parameters: () => readonly string[];
  /** What runs it, and writes its own report; absent: Node.js. */
  readonly interpreter?: string;
}

let cameras = 0;

using python = await PythonEnvironment.make();
try {
  const usage = "JSON.stringify(process.resourceUsage())";
  const write = `require("node:fs").writeFileSync(${JSON.stringify(report)}, ${usage})`;
  writeFileSync(hook, `process.on("exit", () => ${write});\n`);
  const rows: readonly Row[] = [
    empty,
    script("a script that prints a line", `process.stdout.write("a line\\n");`),
    ...ours("`--version`", (each) => [each, "--version"]),
    ...ours("nothing to do, configuration of 1 KiB", (each) => provisioning(each, restingCamera())),
    peer("a bare script: the conversation, and nothing kept", "bare-script.cjs"),
    ...ours("a whole provisioning, configuration of 1 KiB", (each) => provisioning(each, newCamera(1))),
    ...ours("a whole provisioning, configuration of 64 KiB", (each) => provisioning(each, newCamera(64))),
    peer("MQTT.js 5: the conversation, and nothing kept", "mqtt-js.mjs"),
    ...(await thingsBoardPython()),
  ];
  const [processor] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors `);
  process.stdout.write(`(${processor?.model.trim()}), ${date}; ${rounds} rounds\n\n`);
  await table(rows);
} finally {
  await simulator.close();
  rmSync(folder, { recursive: true });
}

/** Every row once a round, between two empty programs. */
async function table(rows: readonly Row[]): Promise<void> {
  const taken = new Map(rows.map(({ name }) => [name, [] as Cost[]]));
  for (let round = -1; round < rounds; round++) {
    let before = await cost(empty);
    for (const row of rows) {
      const own = await cost(row);
      const after = await cost(empty);
      // The first round warms the machine's caches up.
      if (round >= 0) taken.get(row.name)?.push(against(own, before, after));
      before = after;
    }
  }
  process.stdout.write("| process | time | processor time | memory |\n| --- | --- | --- | --- |\n");
  for (const { name } of rows) {
    const costs = taken.get(name) ?? [];
    const [time, processor] = (["time", "processor"] as const).map((kind) => spread(costs.map((one) => one[kind])));
    const memory = quantile(ascending(costs.map((one) => one.memory)), 0.5).toFixed(0);
    process.stdout.write(`| ${name} | ${time} | ${processor} | ${memory} MB more |\n`);
  }
}

/** In milliseconds and megabytes, or as ratios and a difference. */
interface Cost {
  readonly time: number;
  readonly processor: number;
  readonly memory: number;
}

function against(own: Cost, before: Cost, after: Cost): Cost {
  return {
    time: (2 * own.time) / (before.time + after.time),
    processor: (2 * own.processor) / (before.processor + after.processor),
    memory: own.memory - (before.memory + after.memory) / 2,
  };
}

/** The median, and the middle half. */
function spread(numbers: readonly number[]): string {
  const sorted = ascending(numbers);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part).toFixed(2));
  return `${middle} × (${low} to ${high})`;
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((one, other) => one - other);
}

function script(name: string, text: string): Row {
  const path = join(folder, "script.cjs");
  writeFileSync(path, text);
  return { name, parameters: () => [path] };
}

function peer(name: string, file: string): Row {
  return { name, parameters: () => [resolve("bench/peers", file), String(simulator.port)] };
}

/** ThingsBoard's own client for Python, where it can be installed. */
async function thingsBoardPython(): Promise<readonly Row[]> {
  if (python.missing !== undefined) {
    process.stdout.write(`tb-mqtt-client is left out: ${python.missing}\n`);
    return [];
  }
  const tell =
    "import platform, importlib.metadata as m; print(m.version('tb-mqtt-client'), platform.python_version())";
  const [version, ofPython] = (await runForOutput(python.python, ["-c", tell])).trim().split(" ");
  const name = `tb-mqtt-client ${version} with Python ${ofPython}: the conversation, and nothing kept`;
  const parameters = () => [resolve("bench/peers/tb-mqtt-client.py"), String(simulator.port), report];
  return [{ name, parameters, interpreter: python.python }];
}

function ours(what: string, parametersFor: (program: string) => readonly string[]): readonly Row[] {
  const now = { name: `**thermal-provision** ${what}`, parameters: () => parametersFor(program) };
  return before === undefined ? [now] : [now, { name: `before: ${what}`, parameters: () => parametersFor(before) }];
}

/** The server tells the id with its first answer: an idle wait for it would say nothing of the program. */
function provisioning(path: string, directory: string): readonly string[] {
  return [path, "provision", "--directory", directory, "--json"];
}

/** The folder of a camera that is to be provisioned, with a configuration of that size. */
function newCamera(kibibytes: number): string {
  const directory = join(folder, `camera-${cameras++}`);
  mkdirSync(directory, { mode: 0o700 });
  const spot = { name: "bearing", x: 120, y: 84, warn_above: 75.5 };
  const spots = Array.from({ length: (kibibytes * 1024) / JSON.stringify(spot).length }, () => spot);
  const credentials = { provision_device_key: key, provision_device_secret: secret, use_ssl: false };
  const server = { server_url: "127.0.0.1", server_port: simulator.port };
  write(directory, "thermal_config.json", { measurement_spots: spots });
  write(directory, "provision.json", { ...server, ...credentials });
  writeFileSync(join(directory, "provision.txt"), "");
  return directory;
}

/** The folder of one that is provisioned, with the record of it. */
function restingCamera(): string {
  const directory = newCamera(1);
  rmSync(join(directory, "provision.txt"));
  const sections = {
    device: { device_id: null, device_name: "TC-1", access_token: "aToken", credentials_type: "ACCESS_TOKEN" },
    server: { url: "127.0.0.1", port: simulator.port, use_ssl: false },
    provisioning: { provisioned_at: "2026-10-23T14:30:00Z", attempt_id: "5ee78c50-97c4-41f0-a4f5-3bd4ea3ae6c6" },
  };
  mkdirSync(join(directory, ".thermal-provision"), { mode: 0o700 });
  const record = join(directory, ".thermal-provision", "last-success.json");
  writeFileSync(record, encodeRecord(sections), { mode: 0o600 });
  write(directory, "thermal_config.json", {
    ...sections,
    measurement_spots: Array.from({ length: 14 }, () => ({ name: "bearing", x: 120, y: 84, warn_above: 75.5 })),
  });
  return directory;
}

function write(directory: string, name: string, value: unknown): void {
  writeFileSync(join(directory, name), JSON.stringify(value), { mode: 0o600 });
}

/** Of one run; what the process alone knows it writes down at its end. */
async function cost({ parameters, interpreter }: Row): Promise<Cost> {
  const [program, before] = interpreter === undefined ? [process.execPath, ["--require", hook]] : [interpreter, []];
  const given = [...before, ...parameters()];
  const started = performance.now();
  await run(program, given);
  const time = performance.now() - started;
  const { userCPUTime, systemCPUTime, maxRSS }: NodeJS.ResourceUsage = JSON.parse(readFileSync(report, "utf8"));
  return { time, processor: userCPUTime + systemCPUTime, memory: maxRSS / 1024 };
}

/** Not waited for in one piece: the simulator lives in this process. */
function run(program: string, parameters: readonly string[]): Promise<void> {
  return new Promise((ended, failed) => {
    const child = spawn(program, parameters, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stdout.resume();
    child.stderr.on("data", (text: Buffer) => {
      errors += text.toString();
    });
    child.once("error", failed).once("close", (status) => {
      if (status === 0) ended();
      else failed(new Error(`${program} ${parameters.join(" ")} ended with ${status}: ${errors}`));
    });
  });
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
}
