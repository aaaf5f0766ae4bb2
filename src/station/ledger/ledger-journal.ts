import { decodeIntent, decodeReceived, encodeIntent, encodeReceived } from "../../files/journal/journal-records.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { Intent, Journal, Received } from "../../model/journal.ts";
import type { JournalPort } from "../../run/journal-port.ts";
import { type Claim, leaseLost } from "./claims.ts";
import { NotUnique } from "./database.ts";
import type { Ledger } from "./ledger.ts";
import type { Sealing } from "./sealing.ts";

/** The journal of a camera that was claimed, in the ledger. Its secrets are sealed, each for its own place. */
export function ledgerJournal(ledger: Ledger, sealing: Sealing, claim: Claim, host: string): JournalPort {
  return {
    read: async () => ({ ...(await readLedgerJournal(ledger, sealing, claim.serial)), warnings: [] }),
    writeIntent: (intent) => writeIntent(ledger, sealing, claim, intent),
    // A ledger is one server's, whatever its name is.
    writeSent() {},
    // A database has no room that could be kept.
    reserveReceived() {},
    writeReceived: (received) => writeReceived(ledger, sealing, claim, received, host),
  };
}

/** What the ledger remembers of a camera: its name with its secret, and what the server gave. */
export async function readLedgerJournal(ledger: Ledger, sealing: Sealing, serial: string): Promise<Journal> {
  return ledger.use(async (db) => {
    const row = await db.selectFrom("camera").select("intent").where("serial", "=", serial).executeTakeFirst();
    const answers = await db
      .selectFrom("answer")
      .select(["number", "answer"])
      .where("serial", "=", serial)
      .orderBy("number")
      .execute();
    const intent = row?.intent ?? undefined;
    return {
      intents: intent === undefined ? [] : [intentIn(sealing.open(intent, intentPlace(serial)), serial)],
      received: answers.map(({ number, answer }) =>
        opened(decodeReceived(sealing.open(answer, answerPlace(serial, number))), serial),
      ),
    };
  });
}

/** Once, and only by whom the camera belongs to: after that the secret of this camera never changes. */
async function writeIntent(ledger: Ledger, sealing: Sealing, claim: Claim, intent: Intent) {
  const { serial, fence } = claim;
  const sealed = sealing.seal(encodeIntent(intent), intentPlace(serial));
  const written = await ledger
    .use((db) =>
      db
        .updateTable("camera")
        .set({ intent: sealed, attempt_id: intent.attemptId, device_name: intent.deviceName, changed_at: ledger.now })
        .where("serial", "=", serial)
        .where("fence", "=", fence)
        .where("intent", "is", null)
        .returning("serial")
        .execute(),
    )
    .catch((error: unknown) => {
      throw error instanceof NotUnique ? nameTaken(intent) : error;
    });
  if (written.length > 0) return "written";
  const row = await ledger.use((db) =>
    db.selectFrom("camera").select(["fence", "intent"]).where("serial", "=", serial).executeTakeFirst(),
  );
  if (row?.intent === undefined || row.intent === null) throw leaseLost(claim);
  return "exists";
}

/**
 * No matter who has the camera by now: a server may say this only once. A camera that was given up meanwhile has something to
 * go on with again; and a station that has the camera and does not know of this loses it, for it would give the camera up.
 */
async function writeReceived(
  ledger: Ledger,
  sealing: Sealing,
  { serial, fence }: Claim,
  received: Received,
  host: string,
): Promise<Received> {
  for (let { number } = received; ; number++) {
    const numbered = { ...received, number };
    const answer = sealing.seal(encodeReceived(numbered, host), answerPlace(serial, number));
    const isWritten = await ledger.use(
      (db) =>
        db.transaction().execute(async (transaction) => {
          const rows = await transaction
            .insertInto("answer")
            .values({ serial, number, answer })
            .onConflict((conflict) => conflict.columns(["serial", "number"]).doNothing())
            .returning("number")
            .execute();
          await transaction
            .updateTable("camera")
            .set((row) => ({
              state: "waiting",
              leased_until: 0,
              not_before: 0,
              fence: row("fence", "+", 1),
              changed_at: ledger.now,
            }))
            .where("serial", "=", serial)
            .where((row) =>
              row.or([row("state", "=", "failed"), row.and([row("state", "=", "running"), row("fence", "!=", fence)])]),
            )
            .returning("serial")
            .execute();
          return rows.length > 0;
        }),
      { atAnyPrice: true },
    );
    if (isWritten) return numbered;
  }
}

/** Without what a folder's journal keeps besides: a ledger has no records of sending, as it is for one server. */
function intentIn(bytes: Uint8Array, serial: string): Intent {
  const { sendingIsRecorded: _, ...intent } = opened(decodeIntent(bytes), serial);
  return intent;
}

function intentPlace(serial: string): string {
  return `the intent of ${serial}`;
}

function answerPlace(serial: string, number: number): string {
  return `answer ${number} to ${serial}`;
}

function opened<Value>(read: { readonly kind: string } & ({ readonly value: Value } | object), serial: string): Value {
  if ("value" in read) return read.value;
  throw new ProvisioningError("LEDGER_UNUSABLE", `what the ledger keeps for ${serial} is ${read.kind}`);
}

function nameTaken({ deviceName }: Intent): ProvisioningError {
  return new ProvisioningError(
    "DEVICE_CONFLICT",
    `another camera of this ledger has the device name ${deviceName} already`,
  );
}
