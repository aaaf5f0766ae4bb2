/**
 * Many at once, for docs/performance.md: 10,000 cameras in one process by the library, 100 at a time, against a simulator in
 * a process of its own; and then 10,000 devices that are connected to the simulator together. `npm run bench:crowd`. The
 * folders are in memory where /dev/shm is, so that the disk, whose syncs a run waits for, does not hide the rest;
 * BENCH_FOLDER names another place, BENCH_CAMERAS another number.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { milliseconds } from "../src/base/duration.ts";
import { provision } from "../src/provision.ts";
import { accessToken, Simulator } from "../src/simulator/index.ts";
import { defaultProfile } from "../src/simulator/tenant/device-profile.ts";

const many = Number(process.env["BENCH_CAMERAS"] ?? 10_000);
const place = process.env["BENCH_FOLDER"] ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
const atOnce = 100;
const pieces = 10;

/** What the simulator's process tells of itself. */
const told = v.object({ port: v.number(), processor: v.number(), memory: v.number(), devices: v.number() });
type Told = v.InferOutput<typeof told>;

if (process.send === undefined) {
  process.stdout.write(`Node ${process.version}, ${many} cameras, ${atOnce} at a time, in ${place}\n\n`);
  await provisionAll();
  await connectAll();
} else await serve();

async function serve(): Promise<void> {
  await using simulator = await Simulator.start({ remember: 0 });
  for (let index = 0; index < many; index++) {
    simulator.addDevice({ name: `device ${index}`, credentials: accessToken(tokenOf(index)) });
  }
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    const memory = process.memoryUsage().rss / 1e6;
    process.send?.({
      port: simulator.port,
      processor: (user + system) / 1e6,
      memory,
      devices: simulator.devices.length,
    });
  });
  process.send?.({});
  await once(process, "disconnect");
}

function tokenOf(index: number): string {
  return `token-${index}`;
}

async function withSimulator(work: (ask: () => Promise<Told>) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["scripts/run.mjs", "bench/crowd.ts"], { stdio: ["ignore", 1, 2, "ipc"] });
  const [, status] = [await once(child, "message"), once(child, "exit")];
  try {
    await work(() => ask(child));
  } finally {
    child.disconnect();
    await status;
  }
}

async function ask(child: ChildProcess): Promise<Told> {
  const answer = once(child, "message");
  child.send("how are you");
  return v.parse(told, (await answer)[0]);
}

/** Every camera from its first look at the folder to its configuration on the disk. */
async function provisionAll(): Promise<void> {
  const folder = mkdtempSync(join(place, "thermal-provision-crowd-"));
  try {
    await withSimulator(async (ask) => {
      const { port } = await ask();
      process.stdout.write(
        "| cameras | a second | memory | the simulator's memory | processor: cameras, simulator |\n",
      );
      process.stdout.write("| --- | --- | --- | --- | --- |\n");
      for (let piece = 0; piece < pieces; piece++) {
        const before = await costs(ask);
        const started = performance.now();
        await inLanes(many / pieces, (index) => provisionOne(join(folder, `camera-${piece}-${index}`), port));
        const seconds = (performance.now() - started) / 1000;
        const after = await costs(ask);
        const share = (own: number) => `${((100 * own) / seconds).toFixed(0)} %`;
        const processor = `${share(after.own - before.own)}, ${share(after.simulator - before.simulator)}`;
        const memory = `${after.memory.toFixed(0)} MB | ${after.simulatorMemory.toFixed(0)} MB`;
        const rate = (many / pieces / seconds).toFixed(0);
        process.stdout.write(`| ${((piece + 1) * many) / pieces} | ${rate} | ${memory} | ${processor} |\n`);
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function costs(ask: () => Promise<Told>) {
  const { user, system } = process.cpuUsage();
  const { processor, memory } = await ask();
  const own = { own: (user + system) / 1e6, memory: process.memoryUsage().rss / 1e6 };
  return { ...own, simulator: processor, simulatorMemory: memory };
}

async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function provisionOne(directory: string, port: number): Promise<void> {
  const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
  const server = { server_url: "127.0.0.1", server_port: port, use_ssl: false };
  const credentials = { provision_device_key: provisionDeviceKey, provision_device_secret: provisionDeviceSecret };
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(join(directory, "provision.json"), JSON.stringify({ ...server, ...credentials }), { mode: 0o600 });
  writeFileSync(join(directory, "thermal_config.json"), `{"measurement_spots":[]}`, { mode: 0o600 });
  writeFileSync(join(directory, "provision.txt"), "");
  // No rule chain: the time for the id would be idle, and hide what the rest takes.
  const outcome = await provision({ directory, deviceIdWithin: milliseconds(0) });
  if (outcome.result !== "provisioned") throw new Error(JSON.stringify(outcome));
}

/** As many devices as there are, all of them connected at the same time. */
async function connectAll(): Promise<void> {
  await withSimulator(async (ask) => {
    const before = await ask();
    const started = performance.now();
    const sockets: Socket[] = [];
    await inLanes(many, async (index) => {
      sockets.push(await device(before.port, tokenOf(index)));
    });
    const seconds = (performance.now() - started) / 1000;
    const { memory, processor } = await ask();
    const each = ((memory - before.memory) * 1000) / many;
    const milliseconds = ((processor - before.processor) * 1000) / many;
    process.stdout.write(
      `\n${many} devices connected to one simulator: ${(many / seconds).toFixed(0)} a second, ${memory.toFixed(0)} MB, ` +
        `of these ${each.toFixed(1)} kB for a connection, which takes ${milliseconds.toFixed(2)} ms of its processor time\n`,
    );
    for (const socket of sockets) socket.destroy();
  });
}

/** MQTT's CONNECT with the token as its user name, and CONNACK 0. */
async function device(port: number, token: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  const head = Buffer.from("00044d5154540482003c0000", "hex");
  const body = Buffer.concat([head, Buffer.from([0, token.length]), Buffer.from(token)]);
  socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  const [answer]: unknown[] = await once(socket, "data");
  if (!Buffer.isBuffer(answer) || answer.toString("hex") !== "20020000") throw new Error("the device was refused");
  return socket;
}
