import { Kysely, SqliteDialect, sql } from "kysely";
import { isSystemError } from "../../base/system-error.ts";
import { fileError } from "../../files/disk/file-error.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

/**
 * How long, in milliseconds, SQLite itself waits for another that writes: nothing else happens here meanwhile. The ledger
 * asks again.
 */
const patience = 50;
const patienceAtTheStart = 5000;

/** The primary result codes of SQLite (its page rescode.html) that mean something special here. */
const meanings: Readonly<Record<number, { readonly code: ErrorCode; readonly words: string }>> = {
  5: { code: "LEDGER_AWAY", words: "another process is writing to it" },
  6: { code: "LEDGER_AWAY", words: "another process is writing to it" },
  8: { code: "PERMISSION_DENIED", words: "it cannot be written" },
  10: { code: "FILE_IO", words: "the disk reported an error" },
  11: { code: "LEDGER_UNUSABLE", words: "it is damaged" },
  13: { code: "NO_SPACE", words: "the disk is full" },
  14: { code: "LEDGER_UNUSABLE", words: "it cannot be opened" },
  26: { code: "LEDGER_UNUSABLE", words: "it is not a SQLite file" },
};

/** Opens the ledger in the file `path`; `create` makes one that is missing. */
export async function openSqlite(fs: FileSystem, path: string, { create }: { create: boolean }): Promise<Database> {
  const { DatabaseSync } = await sqliteOfNode();
  makeFile(fs, path, create);
  const meaningOf = (error: unknown) => sqliteError(path, error);
  const open = () => {
    const database = new DatabaseSync(path, { timeout: patienceAtTheStart });
    // Each commit is on the disk before it is one: what was sent afterwards must be found after a power cut.
    database.exec("pragma journal_mode = wal; pragma synchronous = full;");
    database.exec(`pragma busy_timeout = ${patience};`);
    return database;
  };
  let database: ReturnType<typeof open>;
  try {
    database = open();
  } catch (error) {
    throw meaningOf(error) ?? error;
  }
  const prepared = new Map<string, ReturnType<typeof statement>>();
  const statement = (text: string) => {
    const { all } = bound(database.prepare(text));
    return { reader: true, all, run: never, iterate: never };
  };
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(text) {
        // A transaction that begins by reading cannot always go on to write when others are at it, too.
        const known = prepared.get(text) ?? statement(text === "begin" ? "begin immediate" : text);
        prepared.set(text, known);
        return known;
      },
    },
  });
  return {
    db: new Kysely<Tables>({ dialect }),
    now: sql<number>`(unixepoch('subsec') * 1000.0)`,
    skipsLocked: false,
    // The transaction is the only one that writes.
    lockMigrations: async () => {},
    isBusy: (error) => codeOf(error) === 5 || codeOf(error) === 6,
    meaningOf,
  };
}

async function sqliteOfNode() {
  try {
    return await import("node:sqlite");
  } catch (error) {
    throw new ProvisioningError(
      "PLATFORM_UNSUPPORTED",
      "a ledger in a file needs Node.js 22.13 or later (node:sqlite); on Debian 13 install the standalone package, " +
        "or use a ledger in PostgreSQL",
      { cause: error },
    );
  }
}

/** For its owner only; SQLite gives the files beside it the same rights. */
function makeFile(fs: FileSystem, path: string, create: boolean): void {
  try {
    if (fs.lstat(path) !== undefined) return;
    if (create) {
      fs.close(fs.open(path, "create", 0o600));
      return;
    }
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    throw fileError(error, `making the ledger ${path}`);
  }
  throw new ProvisioningError("LEDGER_UNUSABLE", `there is no ledger ${path}; "station import" makes one`);
}

type Statement = ReturnType<import("node:sqlite").DatabaseSync["prepare"]>;

function bound(prepared: Statement) {
  return {
    all: (parameters: readonly unknown[]): unknown[] => prepared.all(...parameters.map(parameter)),
  };
}

function parameter(value: unknown): null | number | bigint | string | Uint8Array {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
  throw new TypeError(`a ${typeof value} is nothing that SQLite stores`);
}

/** Every statement of ours gives rows, if only none. */
function never(): never {
  throw new TypeError("statements are run by all()");
}

/** SQLite's primary result code. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

function sqliteError(path: string, error: unknown): ProvisioningError | undefined {
  const result = codeOf(error);
  if (result === undefined) return undefined;
  const meaning = meanings[result];
  const code = meaning?.code ?? "LEDGER_UNUSABLE";
  const words = meaning?.words ?? `SQLite says ${result}`;
  return new ProvisioningError(code, `the ledger ${path}: ${words}`, { cause: error });
}
