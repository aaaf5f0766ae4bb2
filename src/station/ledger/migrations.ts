import { type Kysely, sql, type Transaction } from "kysely";
import { ProvisioningError } from "../../model/errors.ts";
import type { Tables } from "./tables.ts";

type Migration = (db: Transaction<Tables>) => Promise<void>;

/** What every version of the ledger adds to the one before. A migration that was released is never changed. */
const migrations: readonly Migration[] = [
  async (db) => {
    await db.schema
      .createTable("camera")
      .addColumn("serial", "text", (column) => column.primaryKey())
      .addColumn("position", "integer", (column) => column.notNull())
      .addColumn("device_name", "text", (column) => column.unique())
      .addColumn("label", "text")
      .addColumn("others", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull().defaultTo("new"))
      .addColumn("attempt_id", "text")
      .addColumn("intent", "text")
      .addColumn("device_id", "text")
      .addColumn("credentials_type", "text")
      .addColumn("leased_until", "double precision", (column) => column.notNull().defaultTo(0))
      .addColumn("fence", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("station", "text")
      .addColumn("not_before", "double precision", (column) => column.notNull().defaultTo(0))
      .addColumn("tries", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("cause", "text")
      .addColumn("cause_message", "text")
      .addColumn("changed_at", "double precision", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex("camera_by_state").on("camera").columns(["state", "position"]).execute();
    await db.schema
      .createTable("answer")
      .addColumn("serial", "text", (column) => column.notNull())
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("answer", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("answer_key", ["serial", "number"])
      .execute();
  },
  // A report reads a million cameras in their order, a thousand at a time.
  async (db) => {
    await db.schema.createIndex("camera_by_position").on("camera").column("position").execute();
  },
];

/** Brings the ledger up to date, once, even if another program tries at the same time; a ledger of a newer program is refused untouched. */
export async function migrate(db: Kysely<Tables>, lockMigrations: (db: Transaction<Tables>) => Promise<void>) {
  await db.transaction().execute(async (transaction) => {
    await lockMigrations(transaction);
    await sql`create table if not exists setting (name text primary key, value text not null)`.execute(transaction);
    const version = await versionOf(transaction);
    if (version > migrations.length) {
      throw new ProvisioningError(
        "LEDGER_UNUSABLE",
        `the ledger was made by a newer program: it has version ${version}, this program knows ${migrations.length}`,
      );
    }
    for (const migration of migrations.slice(version)) await migration(transaction);
    if (version === migrations.length) return;
    const value = String(migrations.length);
    await transaction
      .insertInto("setting")
      .values({ name: "version", value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
  });
}

async function versionOf(db: Transaction<Tables>): Promise<number> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", "version").executeTakeFirst();
  const version = Number(row?.value ?? 0);
  if (Number.isSafeInteger(version) && version >= 0) return version;
  throw new ProvisioningError("LEDGER_UNUSABLE", "the ledger does not say which version it has");
}
