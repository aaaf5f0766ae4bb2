import { describe } from "vitest";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/** Whether this Node has the SQLite of a station's ledger. */
export const hasSqlite = major > 22 || (major === 22 && minor >= 13);

if (!hasSqlite) {
  process.stderr.write(
    `Node ${process.versions.node} has no node:sqlite: the tests of a station's ledger are left out.\n`,
  );
}

/** Tests that need a ledger. */
export const describeWithLedger = describe.runIf(hasSqlite);
