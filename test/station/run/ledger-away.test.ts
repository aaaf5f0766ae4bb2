import { sql } from "kysely";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import type { ProvisioningError } from "../../../src/model/errors.ts";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { openLedger } from "../../../src/station/ledger/open-ledger.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import type { HttpExchange } from "../../../src/transport/http-exchange.ts";
import { Bench } from "../bench.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { hasPostgres, PostgresServer } from "../postgres-server.ts";

const signal = new AbortController().signal;

describeWithLedger("a ledger in PostgreSQL", () => {
  test.runIf(hasPostgres)(
    "that goes away in the middle of a run is waited for, and nothing is made twice",
    async () => {
      await using server = await PostgresServer.start();
      await using bench = await Bench.start();
      const told: string[] = [];
      let down: Promise<void> | undefined;
      let up: Promise<void> | undefined;
      // It comes back only when somebody has missed it.
      const onAway = ({ errorCode }: ProvisioningError) => {
        told.push(errorCode);
        up ??= down?.then(() => server.start());
      };
      await using ledger = await openLedger(
        nodeFileSystem,
        { place: server.database("ledger") },
        { clock: systemClock, signal, onAway },
      );
      await bench.import(ledger, 12);
      const exchange = bench.exchange();
      const patient = async (...question: Parameters<HttpExchange>) => {
        await down;
        return exchange(...question);
      };
      const setup = bench.setup(ledger, {
        registry: bench.registry(Object.assign(patient, { [Symbol.dispose]: () => exchange[Symbol.dispose]() })),
        concurrency: 3,
        onCamera: () => {
          down ??= server.stop();
        },
      });
      const end = await new StationRun(setup).run();
      await up;
      expect(end).toMatchObject({ exitStatus: 0, error: undefined, counts: { proved: 12 } });
      expect(bench.simulator.devices).toHaveLength(12);
      expect(bench.right).toHaveLength(12);
      expect(new Set(told)).toEqual(new Set(["LEDGER_AWAY"]));
    },
    120_000,
  );

  test.runIf(hasPostgres)(
    "that is away at the start ends with 75, one that refuses the user with 77",
    async () => {
      await using server = await PostgresServer.start();
      const place = server.database("ledger");
      const options = { clock: systemClock, signal };
      const stranger = place.replace("station@", "nobody@");
      await expect(openLedger(nodeFileSystem, { place: stranger }, options)).rejects.toMatchObject({
        errorCode: "LEDGER_REFUSED",
        exitStatus: 77,
      });
      await server.stop();
      await expect(openLedger(nodeFileSystem, { place }, options)).rejects.toMatchObject({
        errorCode: "LEDGER_AWAY",
        exitStatus: 75,
      });
      await server.start();
    },
    60_000,
  );
});

describeWithLedger("a ledger in a file", () => {
  test("whose disk is full ends the run, and with room again the next run goes on", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, 40);
    await limitPages(ledger, 1);
    const registry = bench.registry();
    const end = await new StationRun(bench.setup(ledger, { registry, concurrency: 4 })).run();
    expect(end).toMatchObject({ error: { errorCode: "NO_SPACE" }, exitStatus: 73 });
    expect((await countCameras(ledger)).failed).toBe(0);
    expect(bench.right.length).toBeLessThan(40);
    await limitPages(ledger, 1_000_000);
    const next = await new StationRun(bench.setup(ledger, { registry })).run();
    expect(next).toMatchObject({ exitStatus: 0, counts: { proved: 40 } });
    expect(bench.simulator.devices).toHaveLength(40);
    expect(bench.right).toHaveLength(40);
  });
});

/** As many pages as there are now, or `most`, if that is more. */
async function limitPages(ledger: Ledger, most: number): Promise<void> {
  await ledger.use((db) => sql`pragma max_page_count = ${sql.raw(String(most))}`.execute(db));
}
