import { expect, test } from "vitest";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Bench } from "../bench.ts";
import { describeWithLedger } from "../node-sqlite.ts";

describeWithLedger("a run of a station", () => {
  test.each(["provisioning", "registration"])(
    "every camera gets its device and its files, once, by %s",
    async (method) => {
      await using bench = await Bench.start();
      const ledger = await bench.ledger();
      await bench.import(ledger, 50);
      const setup = bench.setup(ledger, method === "registration" ? { registry: bench.registry() } : {});
      const end = await new StationRun(setup).run();
      expect(end).toMatchObject({ exitStatus: 0, error: undefined, counts: { proved: 50, failed: 0, new: 0 } });
      expect(bench.simulator.devices).toHaveLength(50);
      expect(bench.folders).toHaveLength(50);
      expect(bench.ended).toHaveLength(50);
    },
  );
});
