import { expect, test } from "vitest";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Luck } from "../../faults/memory-disk/luck.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { hasPostgres, PostgresServer } from "../postgres-server.ts";
import { Stopping } from "../stopping.ts";

const cameras = 300;
/** The longest that a station lives, in things that it asks of ledger and network: some thirty cameras. */
const longestLife = 300;

interface Death {
  readonly station: string;
  readonly step: number;
}

/**
 * Three stations at a time on one ledger, each killed before a step that `luck` chooses, one after the other, until a
 * station finds nothing left to do. Gives who died where.
 */
async function killAtRandom(bench: Bench, ledger: Ledger, luck: Luck): Promise<readonly Death[]> {
  const deaths: Death[] = [];
  let [stations, isDone] = [0, false];
  const place = async () => {
    while (!isDone) {
      const step = 1 + luck.upTo(longestLife - 1);
      const stopping = new Stopping(step);
      const station = `station-${++stations}`;
      const exchange = bench.exchange();
      const setup = bench.setup(stopping.ledger(ledger), {
        ...{ station, concurrency: 4, clock: stopping.clock, connect: stopping.connect },
        registry: bench.registry(stopping.exchange(exchange)),
      });
      const ended = new StationRun(setup).run();
      const isOver = await Promise.race([ended.then(() => true), stopping.stopped.then(() => false)]);
      exchange[Symbol.dispose]();
      if (isOver) isDone = true;
      else {
        deaths.push({ station, step });
        await endLeases(ledger, station);
      }
    }
  };
  await Promise.all([place(), place(), place()]);
  return deaths;
}

async function census(bench: Bench, ledger: Ledger) {
  const { proved } = await countCameras(ledger);
  return { devices: bench.simulator.devices.length, proved, folders: bench.folders.length, right: bench.right.length };
}

const allOfThem = { devices: cameras, proved: cameras, folders: cameras, right: cameras };

describeWithLedger("three hundred cameras and stations that are killed at random", () => {
  // In PostgreSQL where there is one: in a file they meet stations that are killed one step later each time.
  test.each([1])(
    "are there once each (seed %d)",
    async (seed) => {
      await using server = hasPostgres ? await PostgresServer.start() : undefined;
      await using bench = await Bench.start();
      const ledger = await bench.ledger(server?.database("ledger"));
      await bench.import(ledger, cameras);
      const deaths = await killAtRandom(bench, ledger, new Luck(seed));
      const story = deaths.map(({ station, step }) => `${station} before step ${step}`).join(", ");
      expect(await census(bench, ledger), `seed ${seed}: ${story}`).toEqual(allOfThem);
      expect(deaths.length).toBeGreaterThan(5);
    },
    240_000,
  );
});
