import type { Secret } from "../../base/secret.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import { Ledger, type LedgerOptions } from "./ledger.ts";
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";

/** Where a ledger is. */
export interface LedgerPlace {
  /** A file, or `postgres://…`. */
  readonly place: string;
  /** Of PostgreSQL; absent: libpq's password file is asked. */
  readonly password?: Secret;
  /** Make a file that is missing. Default false. */
  readonly create?: boolean;
}

/**
 * Opens the ledger at `place`, and brings it up to date.
 *
 * @throws ProvisioningError LEDGER_AWAY, LEDGER_REFUSED, LEDGER_UNUSABLE, PLATFORM_UNSUPPORTED; those of the disk
 */
export async function openLedger(
  files: FileSystem,
  { place, password, create = false }: LedgerPlace,
  options: LedgerOptions,
): Promise<Ledger> {
  const database = isPostgres(place) ? openPostgres(place, password) : await openSqlite(files, place, { create });
  return Ledger.open(database, options);
}

export function isPostgres(place: string): boolean {
  return /^postgres(ql)?:\/\//.test(place);
}
