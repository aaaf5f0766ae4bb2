import type { Kysely } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { isUniqueViolation } from "./conflicts.ts";
import { type Database, NotUnique } from "./database.ts";
import { migrate } from "./migrations.ts";
import type { Sealing } from "./sealing.ts";
import type { Tables } from "./tables.ts";

/** How long a station waits for a ledger that was there when it began. */
const patience = seconds(60);
const pause = seconds(1);
/** Another that writes is done in some milliseconds. */
const pauseWhenBusy = milliseconds(15);

/** What a statement is given besides the database. */
interface UseOptions {
  /** Wait for the ledger for as long as it takes: what would be lost else, a server says only once. */
  readonly atAnyPrice?: boolean;
}

/** The ledger, open: every statement of it goes through `use`. */
export class Ledger implements AsyncDisposable {
  readonly now: Database["now"];
  readonly skipsLocked: boolean;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onAway: (error: ProvisioningError) => void;
  /** What is being done at any price. */
  readonly #owed = new Set<Promise<unknown>>();
  #isOpen = false;

  private constructor(database: Database, { clock, signal, onAway }: LedgerOptions) {
    this.#database = database;
    this.now = database.now;
    this.skipsLocked = database.skipsLocked;
    this.#clock = clock;
    this.#signal = signal;
    this.#onAway = onAway ?? (() => {});
  }

  /**
   * Takes the ledger into use, and brings it up to date.
   *
   * @throws ProvisioningError LEDGER_AWAY, LEDGER_REFUSED, LEDGER_UNUSABLE; those of the disk
   */
  static async open(database: Database, options: LedgerOptions): Promise<Ledger> {
    const ledger = new Ledger(database, options);
    try {
      await ledger.use((db) => migrate(db, database.lockMigrations));
    } catch (error) {
      await ledger[Symbol.asyncDispose]();
      throw error;
    }
    ledger.#isOpen = true;
    return ledger;
  }

  /**
   * Does `act` with the database. One that is away is waited for, once it was there: nothing is sent meanwhile.
   *
   * @throws NotUnique, and ProvisioningError as `open`
   */
  async use<Result>(act: (db: Kysely<Tables>) => Promise<Result>, { atAnyPrice = false }: UseOptions = {}) {
    const used = this.#use(act, atAnyPrice);
    if (!atAnyPrice) return used;
    this.#owed.add(used);
    return used.finally(() => this.#owed.delete(used));
  }

  /** Settles when all that is done at any price by now is done, or given up as the run was stopped. */
  get settled(): Promise<unknown> {
    return Promise.allSettled([...this.#owed]);
  }

  async #use<Result>(act: (db: Kysely<Tables>) => Promise<Result>, atAnyPrice: boolean): Promise<Result> {
    for (const end = this.#clock.elapsed() + patience; ; ) {
      try {
        return await act(this.#database.db);
      } catch (error) {
        const isOver = this.#clock.elapsed() >= end && !atAnyPrice;
        if (this.#database.isBusy(error) && !isOver) {
          await this.#clock.sleep(pauseWhenBusy);
          continue;
        }
        const failure = this.#failure(error);
        if (!isAway(failure) || !this.#isOpen || isOver || this.#signal.aborted) throw failure;
        this.#onAway(failure);
        await this.#clock.sleep(pause, this.#signal).catch(() => {});
      }
    }
  }

  /**
   * Whether the secrets in the ledger are sealed with this key. The first key, and the word that there is none, counts.
   *
   * @throws ProvisioningError LEDGER_KEY_WRONG
   */
  async checkKey({ fingerprint }: Sealing): Promise<void> {
    const first = await this.#settle("key", fingerprint);
    if (first === fingerprint) return;
    const message =
      first === "plain"
        ? "the ledger was begun with --plain-ledger, and a key was given now"
        : fingerprint === "plain"
          ? "the ledger was begun with a key, and --plain-ledger was given now"
          : "the ledger was begun with another key";
    throw new ProvisioningError("LEDGER_KEY_WRONG", message);
  }

  /**
   * Whether the ledger is for `host`: the secrets of one server are never offered to another.
   *
   * @throws ProvisioningError LEDGER_UNUSABLE
   */
  async checkServer(host: string): Promise<void> {
    const first = await this.#settle("server", host);
    if (first === host) return;
    throw new ProvisioningError("LEDGER_UNUSABLE", `the ledger is for the server ${first}, not for ${host}`);
  }

  setting(name: "key" | "server"): Promise<string | undefined> {
    return this.use(async (db) => {
      const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();
      return row?.value;
    });
  }

  async #settle(name: "key" | "server", value: string): Promise<string> {
    await this.use((db) =>
      db
        .insertInto("setting")
        .values({ name, value })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .execute(),
    );
    return (await this.setting(name)) ?? "";
  }

  #failure(error: unknown): unknown {
    if (ProvisioningError.is(error)) return error;
    if (isUniqueViolation(error)) return new NotUnique("it is there already", { cause: error });
    return this.#database.meaningOf(error) ?? error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.db.destroy().catch(() => {});
  }
}

export interface LedgerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told each time that the ledger is away and waited for. */
  readonly onAway?: (error: ProvisioningError) => void;
}

function isAway(error: unknown): error is ProvisioningError {
  return ProvisioningError.is(error) && error.errorCode === "LEDGER_AWAY";
}
