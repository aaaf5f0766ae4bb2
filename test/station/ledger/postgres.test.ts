import { expect, test } from "vitest";
import { openPostgres } from "../../../src/station/ledger/postgres.ts";

test.each([
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
])("a connection that pg has lost is a ledger that is away: %s", (words) => {
  const { meaningOf } = openPostgres("postgres://station@localhost/ledger", undefined);
  expect(meaningOf(new Error(words))).toMatchObject({ errorCode: "LEDGER_AWAY" });
});
