import { type ExpressionBuilder, type Selectable, type SqlBool, sql } from "kysely";
import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Ledger } from "./ledger.ts";
import type { CameraTable, Tables } from "./tables.ts";

/** How long a station has a camera to itself without saying so again. */
export const leaseTime = seconds(30);

/** A wait that is longer than any was meant to be comes from a clock that has jumped. */
const longestWait = seconds(3600);

/** A camera that this station has claimed. The fence tells this claim from every earlier and later one. */
export interface Claim {
  readonly serial: string;
  readonly deviceName: string | null;
  readonly label: string | null;
  readonly fence: number;
  readonly tries: number;
}

/** How a camera ends for good, or for now. */
export type Result =
  | { readonly state: "proved"; readonly deviceId: string | null; readonly credentialsType: string }
  | { readonly state: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly state: "waiting"; readonly code: ErrorCode; readonly message: string; readonly wait: Duration };

type Condition = (row: ExpressionBuilder<Tables, "camera">) => ReturnType<typeof sql<SqlBool>> | SqlBoolExpression;
type SqlBoolExpression = ReturnType<ExpressionBuilder<Tables, "camera">["and"]>;

/** The cameras of one station: claimed for a time, and given back with what came of them. */
export class Claims {
  readonly station: string;
  readonly #ledger: Ledger;

  /** `station` is the name of this run alone: of two runs on one bench each has its own. */
  constructor(ledger: Ledger, station: string) {
    this.#ledger = ledger;
    this.station = station;
  }

  /**
   * Claims at most `count` cameras: those that were left behind or may be tried again first, then new ones. Those of
   * `without` are for others.
   */
  async claim(count: number, without: readonly string[] = []): Promise<readonly Claim[]> {
    const { now } = this.#ledger;
    const isFree: Condition = (row) =>
      row.or([row("leased_until", "<=", now), row("leased_until", ">", sql<number>`${now} + ${leaseTime}`)]);
    const isDue: Condition = (row) =>
      row.or([row("not_before", "<=", now), row("not_before", ">", sql<number>`${now} + ${longestWait}`)]);
    const left = await this.#claimWhere(count, (row) =>
      row.or([
        row.and([row("state", "=", "running"), isFree(row)]),
        row.and([row("state", "=", "waiting"), isDue(row), ...unlessIn(row, without)]),
      ]),
    );
    if (left.length === count) return left;
    return [...left, ...(await this.#claimWhere(count - left.length, (row) => row.and([row("state", "=", "new")])))];
  }

  async #claimWhere(count: number, condition: Condition): Promise<readonly Claim[]> {
    const { now, skipsLocked } = this.#ledger;
    const rows = await this.#ledger.use((db) =>
      db
        .with("picked", (query) => {
          const picked = query.selectFrom("camera").select("serial").where(condition).orderBy("position").limit(count);
          return skipsLocked ? picked.forUpdate().skipLocked() : picked;
        })
        .updateTable("camera")
        .set((row) => ({
          state: "running" as const,
          station: this.station,
          leased_until: sql<number>`${now} + ${leaseTime}`,
          fence: row("fence", "+", 1),
          tries: row("tries", "+", 1),
          changed_at: now,
        }))
        .where("serial", "in", (row) => row.selectFrom("picked").select("serial"))
        .returning(["serial", "device_name", "label", "fence", "tries", "position"])
        .execute(),
    );
    return rows.toSorted((one, other) => one.position - other.position).map(claimOf);
  }

  /** Says that the claims are still at work. Gives the serial numbers that others have taken over. */
  async renew(claims: readonly Claim[]): Promise<readonly string[]> {
    if (claims.length === 0) return [];
    const { now } = this.#ledger;
    const serials = claims.map(({ serial }) => serial);
    const kept = await this.#ledger.use((db) =>
      db
        .updateTable("camera")
        .set({ leased_until: sql<number>`${now} + ${leaseTime}` })
        .where("serial", "in", serials)
        .where("station", "=", this.station)
        .where("state", "=", "running")
        .returning("serial")
        .execute(),
    );
    const names = new Set(kept.map(({ serial }) => serial));
    return serials.filter((serial) => !names.has(serial));
  }

  /** Gives claims back without a result: anybody may go on at once. */
  async giveBack(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const serials = claims.map(({ serial }) => serial);
    await this.#ledger.use((db) =>
      db
        .updateTable("camera")
        .set({
          state: sql`case when intent is null then 'new' else 'waiting' end`,
          leased_until: 0,
          not_before: 0,
          changed_at: this.#ledger.now,
        })
        .where("serial", "in", serials)
        .where("station", "=", this.station)
        .where("state", "=", "running")
        .returning("serial")
        .execute(),
    );
  }

  /**
   * Writes what came of a claim, unless somebody else has claimed the camera since.
   *
   * @throws ProvisioningError LEASE_LOST
   */
  async finish(claim: Claim, result: Result): Promise<void> {
    const { now } = this.#ledger;
    const rows = await this.#ledger.use((db) =>
      db
        .updateTable("camera")
        .set({
          state: result.state,
          leased_until: 0,
          not_before: result.state === "waiting" ? sql<number>`${now} + ${result.wait}` : 0,
          cause: result.state === "proved" ? null : result.code,
          cause_message: result.state === "proved" ? null : result.message,
          changed_at: now,
          ...(result.state === "proved"
            ? { device_id: result.deviceId, credentials_type: result.credentialsType }
            : {}),
        })
        .where("serial", "=", claim.serial)
        .where("fence", "=", claim.fence)
        .returning("serial")
        .execute(),
    );
    if (rows.length === 0) throw leaseLost(claim);
  }

  /** Whether there is anything that this run could still wait for: cameras of others, or such as may be tried later. */
  async outlook(without: readonly string[] = []): Promise<Outlook> {
    const { now } = this.#ledger;
    const row = await this.#ledger.use((db) =>
      db
        .selectFrom("camera")
        .select((each) => [
          each.fn.count<string | number>("serial").filterWhere("state", "=", "running").as("running"),
          each.fn.count<string | number>("serial").filterWhere("state", "=", "waiting").as("waiting"),
          sql<
            number | null
          >`min(case when state = 'waiting' then not_before - ${now} when state = 'running' then leased_until - ${now} end)`.as(
            "next",
          ),
        ])
        .where((each) =>
          each.or([
            each("state", "=", "running"),
            each.and([each("state", "=", "waiting"), ...unlessIn(each, without)]),
          ]),
        )
        .executeTakeFirstOrThrow(),
    );
    const next = Math.min(Math.max(0, row.next ?? 0), longestWait);
    return { running: Number(row.running), waiting: Number(row.waiting), next: milliseconds(next) };
  }
}

/** What is left that cannot be claimed at the moment. */
export interface Outlook {
  readonly running: number;
  readonly waiting: number;
  /** Until the first of them may be. */
  readonly next: Duration;
}

function unlessIn(row: ExpressionBuilder<Tables, "camera">, serials: readonly string[]) {
  return serials.length === 0 ? [] : [row("serial", "not in", serials)];
}

export function leaseLost({ serial }: Pick<Claim, "serial">): ProvisioningError {
  return new ProvisioningError("LEASE_LOST", `${serial}: another station has taken it over`);
}

function claimOf(row: Pick<Selectable<CameraTable>, "serial" | "device_name" | "label" | "fence" | "tries">): Claim {
  const { serial, device_name: deviceName, label, fence, tries } = row;
  return { serial, deviceName, label, fence, tries };
}
