import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemRandomness } from "../../../src/base/randomness.ts";
import { plainSealing, type Sealing, sealingWith } from "../../../src/station/ledger/sealing.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { Bench } from "../bench.ts";
import { describeWithLedger } from "../node-sqlite.ts";

/** How many of the tokens of five cameras stand in the ledger's files, as they are or in base64. */
async function tokensFound(sealing: Sealing): Promise<number> {
  await using bench = await Bench.start();
  const ledger = await bench.ledger();
  await bench.import(ledger, 5);
  const end = await new StationRun(bench.setup(ledger, { sealing, registry: bench.registry() })).run();
  expect(end.exitStatus).toBe(0);
  const files = [bench.ledgerFile, `${bench.ledgerFile}-wal`].filter((path) => existsSync(path));
  const text = files.map((path) => readFileSync(path, "latin1")).join("");
  const decoded =
    text.match(/[A-Za-z0-9+/]{40,}/g)?.map((word) => Buffer.from(word, "base64").toString("latin1")) ?? [];
  const all = [text, ...decoded].join("\n");
  return bench.simulator.devices.filter(({ credentials }) => all.includes(credentials.credentialsId)).length;
}

describeWithLedger("the files of a ledger", () => {
  test("do not hold a token of a camera when they have a key", async () => {
    expect(await tokensFound(sealingWith(systemRandomness.bytes(32), systemRandomness))).toBe(0);
  });

  test("hold them all without a key: they would have been found", async () => {
    expect(await tokensFound(plainSealing)).toBe(5);
  });
});
