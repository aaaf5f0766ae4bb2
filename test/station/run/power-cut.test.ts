import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { Stopping } from "../stopping.ts";

/** What a power cut leaves of a write-ahead log: `before` was on the disk, and of what came then a part. */
type Loss = (log: Buffer, before: number, atStart: number) => Buffer;

/** A write that nobody had been told the end of. */
const half: Loss = (log, before) => log.subarray(0, before + Math.floor((log.byteLength - before) / 2));
/** Without a sync at each commit, all since the start may be lost. */
const unsynced: Loss = (log, _, atStart) => log.subarray(0, atStart);

/** Cuts the power in the step `at` of a station, and lets another one go on with what is left of the ledger. */
async function cutAt(at: number, loss: Loss) {
  await using bench = await Bench.start();
  const ledger = await bench.ledger();
  await bench.import(ledger, 2);
  const log = `${bench.ledgerFile}-wal`;
  const atStart = statSync(log).size;
  const stopping = new Stopping(at);
  const exchange = bench.exchange();
  const run = new StationRun(
    bench.setup(stopping.ledger(ledger), {
      ...{ station: "cut", concurrency: 1, clock: stopping.clock, connect: stopping.connect },
      registry: bench.registry(stopping.exchange(exchange)),
    }),
  ).run();
  const isDone = await Promise.race([run.then(() => true), stopping.stopped.then(() => false)]);
  const before = statSync(log).size;
  if (!isDone) await Promise.race([run, stopping.goOn()]);
  const left = await ledgerAfter(bench, loss(readFileSync(log), before, atStart));
  exchange[Symbol.dispose]();
  await endLeases(left, "cut");
  await new StationRun(bench.setup(left, { registry: bench.registry() })).run();
  const { proved, failed } = await countCameras(left);
  return { isDone, census: { devices: bench.simulator.devices.length, proved, failed, right: bench.right.length } };
}

async function ledgerAfter(bench: Bench, log: Buffer): Promise<Ledger> {
  const folder = join(bench.folder, "after");
  mkdirSync(folder);
  const file = join(folder, "station.sqlite");
  copyFileSync(bench.ledgerFile, file);
  writeFileSync(`${file}-wal`, log);
  return bench.ledger(file);
}

describeWithLedger("a power cut of a ledger in a file", () => {
  test("in the middle of any commit loses nothing that was sent", async () => {
    for (let at = 1, isOver = false; !isOver; at++) {
      const { isDone, census } = await cutAt(at, half);
      isOver = isDone;
      expect([at, census]).toEqual([at, { devices: 2, proved: 2, failed: 0, right: 2 }]);
    }
  }, 120_000);

  test("would lose it without a sync at each commit", async () => {
    const failed: number[] = [];
    for (let at = 1, isOver = false; !isOver; at++) {
      const { isDone, census } = await cutAt(at, unsynced);
      isOver = isDone;
      failed.push(census.failed);
    }
    expect(Math.max(...failed)).toBeGreaterThan(0);
  }, 120_000);

  test("finds every commit synced", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    const ask = (name: string) => ledger.use((db) => sql`${sql.raw(`pragma ${name}`)}`.execute(db));
    expect((await ask("synchronous")).rows).toEqual([{ synchronous: 2 }]);
    expect((await ask("journal_mode")).rows).toEqual([{ journal_mode: "wal" }]);
  });
});
