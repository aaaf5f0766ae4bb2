/**
 * How many round trips a provisioning takes: its time over what one of them takes, as a line through 0, 50, 100 and 200 ms.
 * The camera and the simulator are in network namespaces of their own, between which every IP packet is late: those of
 * TCP's handshake and of the resolver, too. `npm run bench:round-trips`, as root on Linux, with iproute2 and Python 3.
 * BENCH_ROUNDS says how often each delay is tried; the quickest counts, since what else the machine does only adds.
 * BENCH_PROGRAM names the program of another version.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { Simulator } from "../src/simulator/index.ts";
import { defaultProfile } from "../src/simulator/tenant/device-profile.ts";
import { authorityFile, identity } from "../test/fixtures/tls/certificates.ts";
import { answerNames } from "./round-trips/name-server.ts";
import { addresses, at, SlowWire } from "./round-trips/slow-wire.ts";

const delays = [0, 50, 100, 200];
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const program = process.env["BENCH_PROGRAM"] ?? resolve("dist/cli/thermal-provision.cjs");
const port = 8883;

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly tls?: "1.2" | "1.3";
  /** Of the server's name; absent: it is called by its address. */
  readonly found?: readonly string[];
}

const { server, nobody } = addresses;
const rows: readonly Row[] = [
  { name: "plain text" },
  { name: "TLS 1.3", tls: "1.3" },
  { name: "TLS 1.2", tls: "1.2" },
  { name: "plain text, and a name to look up", found: [server.v4] },
  { name: "TLS 1.3, and a name to look up", tls: "1.3", found: [server.v4] },
  { name: "TLS 1.3, a name with two addresses", tls: "1.3", found: [server.v6, server.v4] },
  { name: "TLS 1.3, and nothing comes from the IPv4 address", tls: "1.3", found: [server.v6, nobody.v4] },
  { name: "TLS 1.3, and nothing comes from the IPv6 address", tls: "1.3", found: [nobody.v6, server.v4] },
];

/** A line of the program that tells how far it is. */
const status = v.object({ type: v.literal("status"), current_state: v.string() });
let cameras = 0;

if (process.send === undefined) await measure();
else await serve();

/** The simulator's process: whether it speaks TLS, then the addresses of its name. */
async function serve(): Promise<void> {
  const [secure, ...found] = process.argv.slice(2);
  const profiles = [{ ...defaultProfile, deviceIdAfter: 0 }];
  await using _simulator = await Simulator.start({
    host: "::",
    port,
    profiles,
    ...(secure === "TLS" ? { tls: identity("server") } : {}),
  });
  await answerNames(server.v4, found);
  process.send?.("ready");
  await once(process, "disconnect");
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "round-trips-"));
  const resolver = join(folder, "resolv.conf");
  writeFileSync(resolver, `nameserver ${server.v4}\n`);
  process.stdout.write(`Node ${process.version}, the quickest of ${rounds} for each of ${delays.join(", ")} ms\n\n`);
  process.stdout.write("| | to verified credentials | to the configuration on the disk |\n| --- | --- | --- |\n");
  try {
    await using wire = await SlowWire.lay();
    for (const row of rows) {
      const simulator = await startSimulator(row, resolver);
      const taken = await overDelays(wire, () => provisionOne(newCamera(folder, row), resolver));
      const [verified, saved] = (["verified", "saved"] as const).map((moment) => {
        const { slope, intercept } = line(
          taken.map(({ delay, times }) => [delay, Math.min(...times.map((one) => one[moment]))]),
        );
        return `${slope.toFixed(2)} round trips and ${intercept.toFixed(0)} ms`;
      });
      process.stdout.write(`| ${row.name} | ${verified} | ${saved} |\n`);
      simulator.disconnect();
      await once(simulator, "exit");
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function startSimulator({ tls, found = [] }: Row, resolver: string): Promise<ChildProcess> {
  const [command = "", ...parameters] = at("server", resolver);
  const most = tls === "1.2" ? ["--tls-max-v1.2"] : [];
  const script = [...most, "scripts/run.mjs", "bench/round-trips.ts", tls === undefined ? "plain" : "TLS", ...found];
  const child = spawn(command, [...parameters, process.execPath, ...script], { stdio: ["ignore", 1, 2, "ipc"] });
  await once(child, "message");
  return child;
}

/** When what was done, in milliseconds from the start of the process. */
interface Times {
  readonly verified: number;
  readonly saved: number;
}

/** The delays take turns, so that what else the machine does falls on all of them. */
async function overDelays(wire: SlowWire, work: () => Promise<Times>) {
  const taken = delays.map((delay) => ({ delay, times: [] as Times[] }));
  // The first round warms the machine's caches up.
  for (let round = -1; round < rounds; round++) {
    for (const { delay, times } of taken) {
      await wire.delay(delay);
      const took = await work();
      if (round >= 0) times.push(took);
    }
  }
  return taken;
}

/** One run of the program; its states tell how far it is. */
async function provisionOne(directory: string, resolver: string): Promise<Times> {
  const [command = "", ...parameters] = at("camera", resolver);
  const run = [process.execPath, program, "provision", "--directory", directory, "--json"];
  const started = performance.now();
  const child = spawn(command, [...parameters, ...run], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const when = new Map<string, number>();
  const lines: string[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    lines.push(text);
    const told = v.safeParse(status, JSON.parse(text));
    if (told.success) when.set(told.output.current_state, performance.now() - started);
  }
  await ended;
  const [verified, saved] = [when.get("UPDATING_CONFIG"), when.get("COMPLETED")];
  if (verified === undefined || saved === undefined) throw new Error(`not provisioned:\n${lines.join("\n")}`);
  return { verified, saved };
}

function newCamera(folder: string, { tls, found }: Row): string {
  const directory = join(folder, `camera-${cameras++}`);
  const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
  const keys = { provision_device_key: provisionDeviceKey, provision_device_secret: provisionDeviceSecret };
  const url = found === undefined ? server.v4 : "tb.example";
  const secure =
    tls === undefined ? { use_ssl: false } : { use_ssl: true, ca_file: "authority.pem", server_name: "localhost" };
  mkdirSync(directory, { mode: 0o700 });
  copyFileSync(authorityFile(), join(directory, "authority.pem"));
  const text = JSON.stringify({ server_url: url, server_port: port, ...keys, ...secure });
  writeFileSync(join(directory, "provision.json"), text, { mode: 0o600 });
  writeFileSync(join(directory, "thermal_config.json"), `{"measurement_spots":[]}`, { mode: 0o600 });
  writeFileSync(join(directory, "provision.txt"), "");
  return directory;
}

/** Least squares. */
function line(points: readonly (readonly [x: number, y: number])[]): { slope: number; intercept: number } {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = mean(points.map((one) => (one[0] - x) * (one[1] - y))) / mean(points.map((one) => (one[0] - x) ** 2));
  return { slope, intercept: y - slope * x };
}
