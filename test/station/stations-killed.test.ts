import { expect, test } from "vitest";
import { Factory, listOf, runWithKills } from "./factory.ts";
import { describeWithLedger, hasSqlite } from "./node-sqlite.ts";
import { hasPostgres, PostgresServer } from "./postgres-server.ts";

describeWithLedger("stations that are killed", () => {
  test("on one ledger in a file make each device once, and every camera gets its own token", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(40));
    expect(await factory.run("import", "list.csv")).toMatchObject({
      status: 0,
      out: expect.stringContaining("40 added"),
    });
    const killed = await runWithKills(factory, { stations: 2, kills: 2, parameters: factory.registration });
    expect(killed).toBe(2);
    expect(factory.census()).toEqual({ devices: 40, folders: 40, right: 40 });
  }, 240_000);

  test.runIf(hasPostgres)(
    "on one PostgreSQL, by the provisioning conversation, too",
    async () => {
      await using server = await PostgresServer.start();
      await using factory = await Factory.start(server.database("ledger"));
      factory.writeList(listOf(40));
      expect((await factory.run("import", "list.csv")).status).toBe(0);
      // Of each camera that a killed station has not asked for yet the next one is refused once, and a station allows
      // itself three refusals a minute.
      const parameters = ["--ledger-key-file", "ledger.key", "--concurrency", "2"];
      const killed = await runWithKills(factory, { stations: 3, kills: 2, parameters });
      expect(killed).toBe(2);
      expect(factory.census()).toEqual({ devices: 40, folders: 40, right: 40 });
    },
    240_000,
  );
});

test.runIf(!hasSqlite)("a Node without SQLite says what is needed, in one sentence", async () => {
  await using factory = await Factory.start();
  factory.writeList(listOf(1));
  const { status, out } = await factory.run("import", "list.csv");
  expect([status, out]).toEqual([78, expect.stringContaining("needs Node.js 22.13 or later")]);
});
