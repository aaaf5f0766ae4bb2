import { type Selectable, sql } from "kysely";
import type { ListRow } from "../list/list-row.ts";
import type { Ledger } from "./ledger.ts";
import type { CameraState, CameraTable } from "./tables.ts";

/** A camera as people may see it: without its secret. */
export interface Camera {
  readonly serial: string;
  readonly deviceName: string | null;
  readonly label: string | null;
  readonly others: Readonly<Record<string, string>>;
  readonly state: CameraState;
  readonly deviceId: string | null;
  readonly credentialsType: string | null;
  readonly changedAt: Date | null;
  readonly station: string | null;
  readonly tries: number;
  readonly cause: string | null;
  readonly causeMessage: string | null;
}

/** What an import did. */
export interface Imported {
  readonly added: number;
  /** Rows of the list whose serial number the ledger has already: they were left as they are there. */
  readonly leftAlone: readonly LeftAlone[];
}

export interface LeftAlone {
  readonly row: ListRow;
  /** The columns in which list and ledger differ. */
  readonly differs: readonly string[];
}

/** How many rows go into one statement: SQLite takes 32,766 values. */
const batch = 2000;
const columns = [
  ...["serial", "device_name", "label", "others", "state", "device_id", "credentials_type"],
  ...["changed_at", "station", "tries", "cause", "cause_message", "position"],
] as const;

type Row = Omit<Selectable<CameraTable>, "intent" | "attempt_id" | "leased_until" | "fence" | "not_before">;

/** Rows of a list that cannot be taken, for another camera of the ledger has their device name. */
export async function takenNames(ledger: Ledger, rows: readonly ListRow[]): Promise<readonly ListRow[]> {
  const taken: ListRow[] = [];
  for (const some of inBatches(rows.filter(({ deviceName }) => deviceName !== undefined))) {
    const names = some.map(({ deviceName }) => deviceName ?? "");
    const found = await ledger.use((db) =>
      db.selectFrom("camera").select(["serial", "device_name"]).where("device_name", "in", names).execute(),
    );
    const owners = new Map(found.map((row) => [row.device_name, row.serial]));
    taken.push(...some.filter((row) => (owners.get(row.deviceName ?? "") ?? row.serial) !== row.serial));
  }
  return taken;
}

/** Adds what is new, all or nothing. */
export async function addCameras(ledger: Ledger, rows: readonly ListRow[]): Promise<Imported> {
  return ledger.use((db) =>
    db.transaction().execute(async (transaction) => {
      const last = await transaction
        .selectFrom("camera")
        .select((row) => row.fn.max<number | null>("position").as("position"))
        .executeTakeFirstOrThrow();
      const leftAlone: LeftAlone[] = [];
      let added = 0;
      for (const some of inBatches(rows)) {
        const first = Number(last.position ?? 0) + added + leftAlone.length + 1;
        const inserted = await transaction
          .insertInto("camera")
          .values(
            some.map((row, index) => ({
              serial: row.serial,
              position: first + index,
              device_name: row.deviceName ?? null,
              label: row.label ?? null,
              others: JSON.stringify(row.others),
              changed_at: ledger.now,
            })),
          )
          .onConflict((conflict) => conflict.column("serial").doNothing())
          .returning("serial")
          .execute();
        const isNew = new Set(inserted.map(({ serial }) => serial));
        added += isNew.size;
        const old = some.filter(({ serial }) => !isNew.has(serial));
        if (old.length === 0) continue;
        const serials = old.map(({ serial }) => serial);
        const found = await transaction.selectFrom("camera").select(columns).where("serial", "in", serials).execute();
        const present = new Map(found.map((row) => [row.serial, row]));
        for (const row of old) leftAlone.push({ row, differs: differences(row, present.get(row.serial)) });
      }
      return { added, leftAlone };
    }),
  );
}

function differences(row: ListRow, present: Row | undefined): readonly string[] {
  if (present === undefined) return [];
  return [
    ...(row.deviceName === undefined || row.deviceName === present.device_name ? [] : ["device_name"]),
    ...((row.label ?? null) === present.label ? [] : ["label"]),
  ];
}

export interface Which {
  readonly states?: readonly CameraState[];
  readonly serials?: readonly string[];
}

/** The cameras of the ledger in the order of their import, a thousand at a time: there may be a million. */
export async function* listCameras(ledger: Ledger, { states, serials }: Which = {}): AsyncGenerator<Camera> {
  for (let after = -1; ; ) {
    const rows = await ledger.use((db) => {
      let query = db.selectFrom("camera").select(columns).where("position", ">", after);
      if (states !== undefined) query = query.where("state", "in", states);
      if (serials !== undefined) query = query.where("serial", "in", serials);
      return query.orderBy("position").limit(1000).execute();
    });
    for (const row of rows) yield cameraOf(row);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
  }
}

/** How many cameras are in each state. */
export async function countCameras(ledger: Ledger): Promise<Readonly<Record<CameraState, number>>> {
  const rows = await ledger.use((db) =>
    db
      .selectFrom("camera")
      .select((row) => ["state", row.fn.countAll<string | number>().as("count")])
      .groupBy("state")
      .execute(),
  );
  const counts = { new: 0, running: 0, waiting: 0, proved: 0, failed: 0 };
  for (const { state, count } of rows) counts[state] = Number(count);
  return counts;
}

/** How many cameras failed, or wait, for each cause; the most frequent first. */
export async function countCauses(ledger: Ledger): Promise<readonly { cause: string; count: number }[]> {
  const rows = await ledger.use((db) =>
    db
      .selectFrom("camera")
      .select((row) => ["cause", row.fn.countAll<string | number>().as("count")])
      .where("state", "in", ["failed", "waiting"])
      .where("cause", "is not", null)
      .groupBy("cause")
      .execute(),
  );
  const counts = rows.map(({ cause, count }) => ({ cause: cause ?? "", count: Number(count) }));
  return counts.toSorted((one, other) => other.count - one.count);
}

/** Gives failed cameras, all or those named, one more chance. Gives their serial numbers. */
export async function retryCameras(ledger: Ledger, serials?: readonly string[]): Promise<readonly string[]> {
  const rows = await ledger.use((db) => {
    const query = db
      .updateTable("camera")
      .set((row) => ({
        state: sql`case when intent is null then 'new' else 'waiting' end`,
        not_before: 0,
        // A station that says once more how it ended, since it did not hear that it was written, is too late.
        fence: row("fence", "+", 1),
        changed_at: ledger.now,
      }))
      .where("state", "in", ["failed", "waiting"]);
    const some = serials === undefined ? query.where("state", "=", "failed") : query.where("serial", "in", serials);
    return some.returning("serial").execute();
  });
  return rows.map(({ serial }) => serial);
}

/** Forgets a camera, its secret included. */
export async function forgetCamera(ledger: Ledger, serial: string): Promise<void> {
  await ledger.use((db) =>
    db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("answer").where("serial", "=", serial).returning("serial").execute();
      await transaction.deleteFrom("camera").where("serial", "=", serial).returning("serial").execute();
    }),
  );
}

function* inBatches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += batch) yield items.slice(start, start + batch);
}

function cameraOf(row: Row): Camera {
  return {
    serial: row.serial,
    deviceName: row.device_name,
    label: row.label,
    others: othersOf(row.others),
    state: row.state,
    deviceId: row.device_id,
    credentialsType: row.credentials_type,
    changedAt: row.changed_at === 0 ? null : new Date(row.changed_at),
    station: row.station,
    tries: row.tries,
    cause: row.cause,
    causeMessage: row.cause_message,
  };
}

function othersOf(text: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}
