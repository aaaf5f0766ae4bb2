/**
 * What a factory line costs: cameras by registration at one station with a ledger in a file, then by the provisioning
 * conversation at eight stations on one PostgreSQL, one of which is killed again and again. Gives time, peak memory of
 * a station and the size of the ledger, and ends with 1 unless devices, proved rows and files are as many as the
 * cameras. `npm run bench:station [-- CAMERAS]`; on a Node.js with SQLite.
 */
import { readFileSync, statSync } from "node:fs";
import { sql } from "kysely";
import { countCameras } from "../src/station/ledger/cameras.ts";
import { Factory, listOf, runWithKills } from "../test/station/factory.ts";
import { hasPostgres, PostgresServer } from "../test/station/postgres-server.ts";

const cameras = Number(process.argv[2] ?? 10_000);
const kills = 40;

process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}, ${cameras} cameras\n`);
await oneStation();
if (hasPostgres) await eightStations();

async function oneStation(): Promise<void> {
  await using factory = await Factory.start();
  await importList(factory);
  const began = performance.now();
  const { child, ended } = factory.start("run", ...factory.registration);
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid));
  }, 200);
  const { status, err } = await ended;
  clearInterval(look);
  const seconds = inSeconds(performance.now() - began);
  if (status !== 0) fail(`the run ended with ${status}: ${err}`);
  const size = megabytes(statSync(factory.place).size);
  await census(factory);
  process.stdout.write(`one station, SQLite: ${seconds} s, peak memory ${peak} MB, ledger ${size} MB\n`);
}

async function eightStations(): Promise<void> {
  await using server = await PostgresServer.start();
  await using factory = await Factory.start(server.database("ledger"));
  await importList(factory);
  const began = performance.now();
  const every = Math.max(5, Math.floor(cameras / (kills + 10)));
  const killed = await runWithKills(factory, {
    stations: 8,
    kills,
    every,
    parameters: ["--ledger-key-file", "ledger.key"],
  });
  const seconds = inSeconds(performance.now() - began);
  const ledger = await factory.bench.ledger(factory.place);
  const size = await ledger.use(async (db) => {
    const { rows } = await sql<{ size: string }>`select pg_database_size(current_database()) as size`.execute(db);
    return Number(rows[0]?.size ?? 0);
  });
  await census(factory);
  process.stdout.write(`eight stations, PostgreSQL, ${killed} killed: ${seconds} s, database ${megabytes(size)} MB\n`);
}

async function importList(factory: Factory): Promise<void> {
  factory.writeList(listOf(cameras));
  const began = performance.now();
  const { status, err } = await factory.run("import", "list.csv");
  if (status !== 0) fail(`the import ended with ${status}: ${err}`);
  process.stdout.write(`import: ${inSeconds(performance.now() - began)} s\n`);
}

async function census(factory: Factory): Promise<void> {
  const { proved } = await countCameras(await factory.bench.ledger(factory.place));
  const { devices, folders, right } = factory.census();
  process.stdout.write(`devices ${devices}, proved ${proved}, folders ${folders}, with the right token ${right}\n`);
  if ([devices, proved, folders, right].some((count) => count !== cameras)) fail("that is not every camera once");
}

/** In megabytes; 0 where the process is not there any more. */
function peakMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function fail(why: string): never {
  throw new Error(why);
}
