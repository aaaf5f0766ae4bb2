import { expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { milliseconds, seconds } from "../../../src/base/duration.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { ProvisioningError } from "../../../src/model/errors.ts";
import { accessToken } from "../../../src/simulator/index.ts";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Database } from "../../../src/station/ledger/database.ts";
import { Ledger } from "../../../src/station/ledger/ledger.ts";
import { readLedgerJournal } from "../../../src/station/ledger/ledger-journal.ts";
import { plainSealing } from "../../../src/station/ledger/sealing.ts";
import { openSqlite } from "../../../src/station/ledger/sqlite.ts";
import { Pace } from "../../../src/station/pace/pace.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Bench, registeredProfile } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { Stopping } from "../stopping.ts";

const hour = seconds(3600);

/** A database that can go away, and a clock of its own, on which whoever waits has waited at once. */
class Absent {
  #elapsed = 0;
  #backAt = 0;

  readonly clock: Clock = {
    now: () => new Date(this.#elapsed),
    elapsed: () => milliseconds(this.#elapsed),
    sleep: async (duration, signal) => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      this.#elapsed += duration;
    },
  };

  goAway(): void {
    this.#backAt = this.#elapsed + hour;
  }

  comeBack(): void {
    this.#backAt = 0;
  }

  get isAway(): boolean {
    return this.#elapsed < this.#backAt;
  }

  database(database: Database): Database {
    const away = new ProvisioningError("LEDGER_AWAY", "the ledger: nobody answers");
    const db = () => {
      if (this.isAway) throw away;
      return database.db;
    };
    return {
      ...database,
      get db() {
        return db();
      },
    };
  }
}

/** One camera, whose token a server says once, and a ledger that goes away for an hour when it has said it. */
async function awayWithAnAnswerInHand(bench: Bench) {
  bench.simulator.addDevice({ name: "thermal-camera-C-1", credentials: accessToken("StoredOnTheServer001") });
  const absent = new Absent();
  const file = await openSqlite(nodeFileSystem, bench.ledgerFile, { create: true });
  const stopped = new AbortController();
  const ledger = await Ledger.open(absent.database(file), { clock: absent.clock, signal: stopped.signal });
  await bench.import(ledger, 1);
  const stop = bench.simulator.onStateChange(() => {
    stop();
    absent.goAway();
  });
  return { absent, ledger, stopped };
}

describeWithLedger("a ledger that is away for an hour", () => {
  test("ends the run with 75, but not before what the server says once is written down", async () => {
    await using bench = await Bench.start({ profiles: [registeredProfile] });
    const { absent, ledger } = await awayWithAnAnswerInHand(bench);
    await using _ = ledger;
    const { clock } = new Stopping(Number.POSITIVE_INFINITY);
    const end = await new StationRun(bench.setup(ledger, { clock })).run();
    expect(absent.isAway).toBe(false);
    expect(end).toMatchObject({ exitStatus: 75, error: { errorCode: "LEDGER_AWAY" } });
    expect((await readLedgerJournal(ledger, plainSealing, "C-1")).received).toHaveLength(1);
    await endLeases(ledger, "bench-1");
    const next = await new StationRun(bench.setup(ledger)).run();
    expect(next).toMatchObject({ exitStatus: 0, counts: { proved: 1 } });
    expect(bench.right).toEqual(["C-1"]);
  }, 60_000);

  test("is given up, with the answer, when somebody stops the run", async () => {
    await using bench = await Bench.start({ profiles: [registeredProfile] });
    const { absent, ledger, stopped } = await awayWithAnAnswerInHand(bench);
    await using _ = ledger;
    const run = new StationRun(bench.setup(ledger, { signal: stopped.signal })).run();
    while (!absent.isAway) await systemClock.sleep(milliseconds(1));
    stopped.abort(new ProvisioningError("INTERRUPTED", "stopped"));
    expect(await run).toMatchObject({ exitStatus: 130 });
    expect(absent.isAway).toBe(true);
    absent.comeBack();
  }, 60_000);

  test("makes nothing: with it all cameras go on", async () => {
    await using bench = await Bench.start();
    const absent = new Absent();
    const file = await openSqlite(nodeFileSystem, bench.ledgerFile, { create: true });
    const { signal } = bench.control;
    await using ledger = await Ledger.open(absent.database(file), { clock: absent.clock, signal });
    await bench.import(ledger, 12);
    const run = {
      ...{ registry: bench.registry(), concurrency: 3, pace: new Pace(systemClock, () => 0, 3) },
      onCamera: () => absent.goAway(),
    };
    const end = await new StationRun(bench.setup(ledger, run)).run();
    absent.comeBack();
    expect(end).toMatchObject({ exitStatus: 75, error: { errorCode: "LEDGER_AWAY" } });
    const made = bench.simulator.devices.length;
    expect(made).toBeLessThan(12);
    const healthy = await bench.ledger();
    await endLeases(healthy, "bench-1");
    const next = await new StationRun(bench.setup(healthy, { registry: bench.registry() })).run();
    expect(next.exitStatus).toBe(0);
    expect(await countCameras(healthy)).toMatchObject({ proved: 12 });
    expect(bench.simulator.devices).toHaveLength(12);
    expect(bench.right).toHaveLength(12);
  }, 60_000);
});
