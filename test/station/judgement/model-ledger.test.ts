import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { systemRandomness } from "../../../src/base/randomness.ts";
import { generateCredentials } from "../../../src/model/credentials.ts";
import type { Intent } from "../../../src/model/journal.ts";
import { retryCameras } from "../../../src/station/ledger/cameras.ts";
import { type Claim, Claims, type Result } from "../../../src/station/ledger/claims.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { ledgerJournal, readLedgerJournal } from "../../../src/station/ledger/ledger-journal.ts";
import { plainSealing } from "../../../src/station/ledger/sealing.ts";
import { Luck } from "../../faults/memory-disk/luck.ts";
import { tokenOf } from "../../model/tokens.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { hasPostgres, PostgresServer } from "../postgres-server.ts";
import * as model from "./model-ledger.ts";
import { stationNames } from "./world.ts";

const serial = "C-1";
const isLost = /another station has taken it over/;

const results = {
  proved: { state: "proved", deviceId: null, credentialsType: "ACCESS_TOKEN" },
  failed: { state: "failed", code: "DEVICE_REFUSED", message: "no" },
  waiting: { state: "waiting", code: "NO_ANSWER", message: "silence", wait: milliseconds(0) },
} as const satisfies Record<string, Result>;

/** The same statements to a ledger and to its model, by two stations that may believe whatever they like. */
class Pair {
  readonly #ledger: Ledger;
  readonly #luck: Luck;
  readonly #claims: Claim[] = [];
  #row = model.newRow;

  constructor(ledger: Ledger, luck: Luck) {
    this.#ledger = ledger;
    this.#luck = luck;
  }

  /** Gives what was done, what the ledger said, and what the model says. */
  async step(): Promise<{ readonly did: string; readonly said: unknown; readonly meant: unknown }> {
    const station = oneOf(this.#luck, stationNames);
    const claims = new Claims(this.#ledger, station);
    const claim = this.#claims.length === 0 ? undefined : oneOf(this.#luck, this.#claims);
    const did = claim === undefined ? "claim" : oneOf(this.#luck, statements);
    switch (did) {
      case "claim": {
        const [got] = await claims.claim(1);
        if (got !== undefined) this.#claims.push(got);
        const row = model.claim(this.#row, station);
        this.#row = row ?? this.#row;
        return { did, said: got?.fence, meant: row?.fence };
      }
      case "renew": {
        const lost = claim === undefined ? [] : await claims.renew([claim]);
        const row = model.renew(this.#row, station);
        this.#row = row ?? this.#row;
        return { did, said: lost.length === 0, meant: row !== undefined };
      }
      case "give back":
        await claims.giveBack(claim === undefined ? [] : [claim]);
        this.#row = model.giveBack(this.#row, station);
        return { did, said: undefined, meant: undefined };
      case "end leases":
        await endLeases(this.#ledger, station);
        if (this.#row.station === station) this.#row = model.endLease(this.#row);
        return { did, said: undefined, meant: undefined };
      case "retry":
        await retryCameras(this.#ledger);
        this.#row = model.retry(this.#row);
        return { did, said: undefined, meant: undefined };
      case "intent":
      case "answer":
      case "finish":
        return { did, ...(claim === undefined ? { said: 0, meant: 0 } : await this.#write(did, claim)) };
    }
  }

  async #write(what: "intent" | "answer" | "finish", claim: Claim) {
    const journal = ledgerJournal(this.#ledger, plainSealing, claim, "server.example");
    const intent = freshIntent();
    const { attemptId, deviceName, credentials } = intent;
    const token = tokenOf(credentials);
    const { fence } = claim;
    if (what === "intent") {
      const said = await orLost(async () => journal.writeIntent(intent));
      const { row, said: meant } = model.writeIntent(this.#row, fence, token);
      this.#row = row;
      return { said, meant };
    }
    if (what === "answer") {
      // Nobody asks, and so nobody answers, before a secret is written down.
      if (this.#row.intent === null) return { said: undefined, meant: undefined };
      const number = this.#row.answers.length + 1;
      const facts = { number, attemptId, deviceName, deviceId: null, credentials };
      const answer = { ...facts, receivedAt: new Date(0), contradicts: null };
      await journal.writeReceived(answer);
      this.#row = model.writeReceived(this.#row, fence, token);
      return { said: undefined, meant: undefined };
    }
    const result = oneOf(this.#luck, Object.values(results));
    const said = await orLost(() => new Claims(this.#ledger, "any").finish(claim, result));
    const row = model.finish(this.#row, fence, result.state);
    this.#row = row ?? this.#row;
    return { said, meant: row === undefined ? "lease lost" : undefined };
  }

  get model(): model.Row {
    return this.#row;
  }
}

const statements = [
  ...(["claim", "claim", "intent", "intent", "answer", "finish"] as const),
  ...(["renew", "give back", "end leases", "end leases", "retry"] as const),
];

function oneOf<Item>(luck: Luck, items: readonly Item[]): Item {
  const item = items[luck.upTo(items.length - 1)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
}

async function orLost<Said>(act: () => Promise<Said>): Promise<Said | "lease lost"> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Error && isLost.test(error.message)) return "lease lost";
    throw error;
  }
}

function freshIntent(): Intent {
  const credentials = generateCredentials("ACCESS_TOKEN", systemRandomness);
  return {
    ...{ number: 1, attemptId: "00000000-0000-4000-8000-000000000001", host: "server.example" },
    ...{ deviceName: "thermal-camera-C-1", credentials, replaces: null, newIdentity: false, body: null },
    knownInAdvance: false,
    createdAt: new Date(0),
  };
}

/** The row as the model has it. */
async function rowOf(ledger: Ledger): Promise<model.Row> {
  const { state, station, leased_until, fence } = await ledger.use((db) =>
    db
      .selectFrom("camera")
      .select(["state", "station", "leased_until", "fence"])
      .where("serial", "=", serial)
      .executeTakeFirstOrThrow(),
  );
  const { intents, received } = await readLedgerJournal(ledger, plainSealing, serial);
  const [intent = null] = intents.map(({ credentials }) => tokenOf(credentials));
  const answers = received.map(({ credentials }) => tokenOf(credentials));
  return { state, intent, answers, station, isLeased: leased_until > 0, fence };
}

async function compare(bench: Bench, ledger: Ledger, histories: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let seed = 1; seed <= histories; seed++) {
    await ledger.use((db) => db.deleteFrom("answer").returning("serial").execute());
    await ledger.use((db) => db.deleteFrom("camera").returning("serial").execute());
    await bench.import(ledger, 1);
    const pair = new Pair(ledger, new Luck(seed));
    const story: string[] = [];
    for (let step = 0; step < 30; step++) {
      const { did, said, meant } = await pair.step();
      story.push(did);
      expect({ said, row: await rowOf(ledger) }, `seed ${seed}: ${story.join(", ")}`).toEqual({
        said: meant,
        row: pair.model,
      });
      seen.add(`${did}: ${String(said)}`).add(pair.model.state);
    }
  }
  return seen;
}

const everything = [
  "intent: written",
  "intent: exists",
  "intent: lease lost",
  "finish: lease lost",
  "proved",
  "failed",
];

describeWithLedger("the ledger that the walk of two stations rests on", () => {
  test("is the one in a file, statement by statement", async () => {
    await using bench = await Bench.start();
    const seen = await compare(bench, await bench.ledger(), 60);
    expect([...seen]).toEqual(expect.arrayContaining(everything));
  }, 120_000);

  test.runIf(hasPostgres)(
    "is the one in PostgreSQL, too",
    async () => {
      await using server = await PostgresServer.start();
      await using bench = await Bench.start();
      const seen = await compare(bench, await bench.ledger(server.database("ledger")), 60);
      expect([...seen]).toEqual(expect.arrayContaining(everything));
    },
    120_000,
  );
});
