import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Secret } from "../../base/secret.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

/** Any number that no other program of the database locks by. */
const migrationLock = 7_355_608;

const milliseconds = { toConnect: 10_000, toAnswer: 30_000 };

/** What SQLSTATEs and Node's codes mean here; classes of SQLSTATEs by their first two characters. */
const meanings: Readonly<Record<string, { readonly code: ErrorCode; readonly words: string }>> = {
  "28": { code: "LEDGER_REFUSED", words: "the user or its password is refused" },
  "3D": { code: "LEDGER_UNUSABLE", words: "there is no such database" },
  "42501": { code: "LEDGER_REFUSED", words: "the user has not the right to" },
  "53100": { code: "NO_SPACE", words: "the disk of the database is full" },
  "53": { code: "LEDGER_AWAY", words: "it has no room for one more" },
  "57": { code: "LEDGER_AWAY", words: "it is shutting down or starting" },
  "08": { code: "LEDGER_AWAY", words: "the connection was lost" },
  "40": { code: "LEDGER_AWAY", words: "another transaction was in the way" },
  "58": { code: "LEDGER_AWAY", words: "its machine has failed" },
  "25006": { code: "LEDGER_AWAY", words: "it is read-only, as a standby is" },
  ECONNREFUSED: { code: "LEDGER_AWAY", words: "nothing listens there" },
  ENOENT: { code: "LEDGER_AWAY", words: "nothing listens there" },
  ECONNRESET: { code: "LEDGER_AWAY", words: "the connection was lost" },
  EPIPE: { code: "LEDGER_AWAY", words: "the connection was lost" },
  ETIMEDOUT: { code: "LEDGER_AWAY", words: "nobody answers" },
  EHOSTUNREACH: { code: "LEDGER_AWAY", words: "there is no way to it" },
  ENETUNREACH: { code: "LEDGER_AWAY", words: "there is no way to it" },
  ENOTFOUND: { code: "LEDGER_AWAY", words: "no address was found for its name" },
  EAI_AGAIN: { code: "LEDGER_AWAY", words: "no address was found for its name" },
};

/** Opens the ledger at `url`. Without a password, libpq's password file is asked (PGPASSFILE, ~/.pgpass). */
export function openPostgres(url: string, password: Secret | undefined): Database {
  const pool = new pg.Pool({
    connectionString: url,
    ...(password === undefined ? {} : { password: password.reveal() }),
    application_name: "thermal-provision station",
    max: 8,
    connectionTimeoutMillis: milliseconds.toConnect,
    query_timeout: milliseconds.toAnswer,
    idleTimeoutMillis: 0,
    keepAlive: true,
  });
  // Of a connection that nobody uses at the moment; the next use finds out.
  pool.on("error", () => {});
  // Of one that is in use, between two statements: without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  const place = withoutPassword(url);
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::double precision`,
    skipsLocked: true,
    async lockMigrations(transaction) {
      await sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(transaction);
    },
    isBusy: () => false,
    meaningOf: (error) => postgresError(place, error),
  };
}

/** Whether `url` carries a password, which everybody on the machine could see in the list of processes. */
export function hasPassword(url: string): boolean {
  return URL.canParse(url) && (new URL(url).password !== "" || new URL(url).searchParams.has("password"));
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return "in PostgreSQL";
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

function postgresError(place: string, error: unknown): ProvisioningError | undefined {
  if (!(error instanceof Error)) return undefined;
  const name = "code" in error && typeof error.code === "string" ? error.code : "";
  const meaning = meanings[name] ?? (/^[0-9A-Z]{5}$/.test(name) ? meanings[name.slice(0, 2)] : undefined);
  if (meaning !== undefined) {
    return new ProvisioningError(meaning.code, `the ledger ${place}: ${meaning.words} (${name})`, { cause: error });
  }
  // pg has no codes for its own: a connection that ended, one that could not be made in time, no password to be had.
  if (/password must be a string|SASL/i.test(error.message)) {
    return new ProvisioningError("LEDGER_REFUSED", `the ledger ${place}: it wants a password`, { cause: error });
  }
  if (/terminated|timeout|closed|ended|not queryable/i.test(error.message)) {
    return new ProvisioningError("LEDGER_AWAY", `the ledger ${place}: the connection was lost`, { cause: error });
  }
  if (name === "") return undefined;
  return new ProvisioningError("LEDGER_UNUSABLE", `the ledger ${place}: the database says ${name}`, { cause: error });
}
