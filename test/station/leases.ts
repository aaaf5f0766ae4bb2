import type { Ledger } from "../../src/station/ledger/ledger.ts";

/** As if the stations whose names begin so had been silent for longer than a lease lasts. */
export async function endLeases(ledger: Ledger, station: string): Promise<void> {
  await ledger.use((db) =>
    db
      .updateTable("camera")
      .set({ leased_until: 0 })
      .where("station", "like", `${station}%`)
      .where("state", "=", "running")
      .returning("serial")
      .execute(),
  );
}
