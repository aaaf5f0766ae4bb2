/**
 * What the simulator costs: the time from its start until it listens, held against an empty Node program, and its memory
 * with 10,000 devices and 1,000 connections, before and after an hour's worth of telemetry (one message from each
 * connection every ten seconds), sent as fast as it goes. `node scripts/run.mjs bench/simulator.ts`, after a build.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "mqtt-packet";

const pairs = 20;
const devices = 10_000;
const connections = 1_000;
const messages = 360;
const telemetry = generate({
  cmd: "publish",
  topic: "v1/devices/me/telemetry",
  payload: '{"t":21.5}',
  qos: 1,
  messageId: 1,
  dup: false,
  retain: false,
});
const program = "dist/cli/thermal-provision.cjs";

// With extra certificate authorities Node reads them at every start, which is none of our doing.
const { NODE_EXTRA_CA_CERTS: _leftOut, ...env } = process.env;

const times: { readonly ours: number; readonly empty: number }[] = [];
for (let count = 0; count < pairs + 2; count++) times.push({ ours: await untilReady(), empty: emptyProgram() });
const [ours, empty] = [median(times.slice(2).map((one) => one.ours)), median(times.slice(2).map((one) => one.empty))];
process.stdout.write(
  `Node ${process.version}, median of ${pairs} pairs: ready after ${ours.toFixed(0)} ms, ` +
    `an empty program ends after ${empty.toFixed(0)} ms: ${(ours / empty).toFixed(2)} ×\n`,
);

const folder = mkdtempSync(join(tmpdir(), "simulator-bench-"));
try {
  const state = join(folder, "state.json");
  writeFileSync(state, JSON.stringify(stateWith(devices)));
  const simulator = await start("--state", state);
  tell(`${devices} devices`, simulator.child);
  const sockets: Socket[] = [];
  for (let index = 0; index < connections; index++) sockets.push(await logIn(simulator.port, `token-${index * 10}`));
  tell(`and ${connections} connections`, simulator.child);
  const before = performance.now();
  for (let quarter = 1; quarter <= 4; quarter++) {
    for (let count = 0; count < messages / 4; count++) await Promise.all(sockets.map(publish));
    tell(`and ${(connections * messages * quarter) / 4} messages`, simulator.child);
  }
  const perSecond = (connections * messages) / ((performance.now() - before) / 1000);
  process.stdout.write(`${perSecond.toFixed(0)} acknowledged messages a second\n`);
  simulator.child.kill("SIGTERM");
  await once(simulator.child, "exit");
} finally {
  rmSync(folder, { recursive: true });
}

async function start(...parameters: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [program, "simulator", "--port", "0", "--json", ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  const port = await new Promise<number>((resolve) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (text.length < 200) text += chunk.toString("utf8").slice(0, 200);
      const [, found] = /"port":(\d+)/.exec(text) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { child, port };
}

async function untilReady(): Promise<number> {
  const started = performance.now();
  const { child } = await start();
  const elapsed = performance.now() - started;
  child.kill("SIGKILL");
  await once(child, "exit");
  return elapsed;
}

function emptyProgram(): number {
  const started = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { env });
  return performance.now() - started;
}

function stateWith(count: number) {
  const attributes = { client: {}, server: {}, shared: {} };
  const common = { tenant: "tenant", profile: "thermal-camera", gateway: false, attributes, telemetry: {} };
  return {
    format: "thermal-provision simulator state 1",
    devices: Array.from({ length: count }, (_, index) => ({
      ...common,
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      name: `camera-${index}`,
      credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: `token-${index}` },
      createdAt: "2026-01-01T00:00:00.000Z",
    })),
  };
}

async function logIn(port: number, username: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write(generate({ cmd: "connect", clientId: username, username, clean: true, keepalive: 0 }));
  const [connack]: unknown[] = await once(socket, "data");
  if (!(connack instanceof Buffer) || connack.toString("hex") !== "20020000") throw new Error("not let in");
  return socket;
}

/** Ends when it is acknowledged. */
async function publish(socket: Socket): Promise<void> {
  const acknowledged = once(socket, "data");
  socket.write(telemetry);
  await acknowledged;
}

function tell(what: string, { pid }: ChildProcess): void {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  process.stdout.write(`${what}: ${(Number(kilobytes) / 1024).toFixed(0)} MB\n`);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return ((sorted[Math.ceil(sorted.length / 2 - 1)] ?? 0) + (sorted[Math.floor(sorted.length / 2)] ?? 0)) / 2;
}
