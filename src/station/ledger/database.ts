import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { ProvisioningError } from "../../model/errors.ts";
import type { Tables } from "./tables.ts";

/** A database for a ledger. The two kinds are the same but for what stands here. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** The database's clock, in milliseconds since 1970: leases do not depend on the clocks of the benches. */
  readonly now: RawBuilder<number>;
  /** Several claim at once, and rows that another is just claiming are to be passed over. */
  readonly skipsLocked: boolean;
  /** Keeps every other program from migrating until the transaction ends. */
  lockMigrations(transaction: Transaction<Tables>): Promise<void>;
  /** Whether another is just writing: it is asked again at once. */
  isBusy(error: unknown): boolean;
  /** What a failure of the database means; undefined where it is none of the database. */
  meaningOf(error: unknown): ProvisioningError | undefined;
}

/** What a database says when a value that must be there once is there already. */
export class NotUnique extends Error {
  override readonly name = "NotUnique";
}
