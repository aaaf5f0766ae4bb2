import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import { openLedger } from "../../../src/station/ledger/open-ledger.ts";
import { Pace } from "../../../src/station/pace/pace.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Place, system } from "../../faults/strange-disk/mounts.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";

/** Whether this user may mount: in most containers not even root may. */
function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "none", folder]);
  if (status === 0) system("umount", folder);
  rmdirSync(folder);
  return status === 0;
}

describeWithLedger("a partition that is full", () => {
  test.runIf(canMount()).each([
    { what: "the ledger", folder: "ledger", size: "300k" },
    { what: "the output", folder: "cameras", size: "120k" },
  ])(
    "with $what on it ends the run with 73, and with room again the next run goes on",
    async ({ folder, size }) => {
      const cameras = 60;
      await using bench = await Bench.start();
      using place = new Place();
      const target = join(bench.folder, folder);
      place.mount(target, "-t", "tmpfs", "-o", `size=${size}`, "none");
      const file = folder === "ledger" ? join(target, "station.sqlite") : bench.ledgerFile;
      const options = { clock: systemClock, signal: bench.control.signal };
      await using ledger = await openLedger(nodeFileSystem, { place: file, create: true }, options);
      await bench.import(ledger, cameras);
      const registry = bench.registry();
      const setup = bench.setup(ledger, { registry, pace: new Pace(systemClock, () => 0, 4) });
      const end = await new StationRun(setup).run();
      expect(end).toMatchObject({ error: { errorCode: "NO_SPACE" }, exitStatus: 73 });
      system("mount", "-o", "remount,size=50m", target);
      const { failed, proved } = await countCameras(ledger);
      expect(failed).toBe(0);
      expect(proved).toBeLessThan(cameras);
      // A full ledger cannot take a claim back either.
      await endLeases(ledger, setup.station);
      const next = await new StationRun(bench.setup(ledger, { registry })).run();
      expect(next).toMatchObject({ exitStatus: 0, counts: { proved: cameras } });
      expect(bench.simulator.devices).toHaveLength(cameras);
      expect(bench.right).toHaveLength(cameras);
    },
    120_000,
  );
});
