import type { Clock } from "../base/clock.ts";
import type { Randomness } from "../base/randomness.ts";
import type { FileSystem } from "../files/disk/file-system.ts";
import type { ProvisioningError } from "../model/errors.ts";

/** Which ledger a station has, and every effect that it has besides. */
export interface StationOptions extends Partial<Effects> {
  /** A file (SQLite), or `postgres://user@host/database`, without a password. */
  readonly ledger: string;
  /** The password of PostgreSQL, in a file for its owner only. Default: libpq's own (PGPASSFILE, ~/.pgpass). */
  readonly ledgerPasswordFile?: string;
  /** 32 bytes in base64, in a file for its owner only; needed for whatever has to do with secrets. */
  readonly ledgerKeyFile?: string;
  /** Somebody else sees to it that nobody reads the key file: systemd. Default false. */
  readonly keyIsKept?: boolean;
  /** Keep the secrets in the ledger as they are. Default false. */
  readonly plainLedger?: boolean;
  /** Make a ledger file that is missing. Default false. */
  readonly create?: boolean;
  /** Told each time that the ledger is away and waited for. */
  readonly onLedgerAway?: (error: ProvisioningError) => void;
}

export interface Effects {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Stops what is under way; the next run goes on. */
  readonly signal: AbortSignal;
}
