import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { systemRandomness } from "../../../src/base/randomness.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { generateCredentials } from "../../../src/model/credentials.ts";
import type { Intent } from "../../../src/model/journal.ts";
import {
  addCameras,
  type Camera,
  countCameras,
  forgetCamera,
  listCameras,
  retryCameras,
  takenNames,
} from "../../../src/station/ledger/cameras.ts";
import { type Claim, Claims } from "../../../src/station/ledger/claims.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { ledgerJournal, readLedgerJournal } from "../../../src/station/ledger/ledger-journal.ts";
import { openLedger } from "../../../src/station/ledger/open-ledger.ts";
import { parseLedgerKey, plainSealing, sealingWith } from "../../../src/station/ledger/sealing.ts";
import { tokenOf } from "../../model/tokens.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { hasPostgres, PostgresServer } from "../postgres-server.ts";

let server: PostgresServer;
let folder: string;
let place: string;
let databases = 0;
const opened: Ledger[] = [];
const signal = new AbortController().signal;

async function open(): Promise<Ledger> {
  const ledger = await openLedger(nodeFileSystem, { place, create: true }, { clock: systemClock, signal });
  opened.push(ledger);
  return ledger;
}

function row(serial: string, deviceName?: string, line = 2) {
  return { serial, deviceName, label: undefined, others: { batch: "7" }, line };
}

async function rowsOf(ledger: Ledger): Promise<Camera[]> {
  const cameras: Camera[] = [];
  for await (const camera of listCameras(ledger)) cameras.push(camera);
  return cameras;
}

function intentOf(deviceName: string): Intent {
  return {
    number: 1,
    attemptId: "00000000-0000-4000-8000-000000000001",
    host: "tb.example",
    deviceName,
    credentials: generateCredentials("ACCESS_TOKEN", systemRandomness),
    replaces: null,
    body: null,
    knownInAdvance: false,
    newIdentity: false,
    createdAt: new Date(),
  };
}

async function only(claims: Promise<readonly Claim[]>): Promise<Claim> {
  const [claim, ...others] = await claims;
  if (claim === undefined || others.length > 0) throw new Error("not one claim");
  return claim;
}

/** As if the station had been silent for longer than its lease. */
async function endLeases(ledger: Ledger): Promise<void> {
  await ledger.use((db) => db.updateTable("camera").set({ leased_until: 0 }).returning("serial").execute());
}

const kinds = hasPostgres ? ["SQLite", "PostgreSQL"] : ["SQLite"];

test("PostgreSQL is there in CI", () => {
  expect(hasPostgres || process.env["CI"] !== "true").toBe(true);
});

describeWithLedger("a ledger", () => {
  beforeAll(async () => {
    if (hasPostgres) server = await PostgresServer.start();
  });

  afterAll(async () => {
    if (hasPostgres) await server[Symbol.asyncDispose]();
  });

  describe.each(kinds)("in %s", (kind) => {
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "ledger-"));
      place = kind === "SQLite" ? join(folder, "station.sqlite") : server.database(`ledger_${++databases}`);
    });

    afterEach(async () => {
      for (const ledger of opened.splice(0)) await ledger[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    });

    test("takes what is new, leaves alone what it has, and says where they differ", async () => {
      const ledger = await open();
      expect(await addCameras(ledger, [row("A"), row("B", "gate")])).toEqual({ added: 2, leftAlone: [] });
      const again = await addCameras(ledger, [row("B", "door"), row("C"), row("A")]);
      expect(again.added).toBe(1);
      expect(again.leftAlone.map(({ row: { serial }, differs }) => [serial, differs])).toEqual([
        ["B", ["device_name"]],
        ["A", []],
      ]);
      expect((await rowsOf(ledger)).map(({ serial, deviceName, others }) => [serial, deviceName, others])).toEqual([
        ["A", null, { batch: "7" }],
        ["B", "gate", { batch: "7" }],
        ["C", null, { batch: "7" }],
      ]);
      expect(await takenNames(ledger, [row("D", "gate"), row("B", "gate")])).toEqual([row("D", "gate")]);
    });

    test("takes a list of ten thousand in one go, in its order", async () => {
      const ledger = await open();
      const rows = Array.from({ length: 10_000 }, (_, index) => row(`S${index}`));
      expect((await addCameras(ledger, rows)).added).toBe(10_000);
      expect((await rowsOf(ledger)).map(({ serial }) => serial)).toEqual(rows.map(({ serial }) => serial));
      expect(await countCameras(ledger)).toEqual({ new: 10_000, running: 0, waiting: 0, proved: 0, failed: 0 });
    });

    test("gives each camera to one of many stations that claim at once", async () => {
      const first = await open();
      await addCameras(
        first,
        Array.from({ length: 60 }, (_, index) => row(`S${index}`)),
      );
      const ledgers = [first, await open(), await open(), await open()];
      const claimed = await Promise.all(ledgers.map((ledger, index) => new Claims(ledger, `bench-${index}`).claim(20)));
      const serials = claimed.flat().map(({ serial }) => serial);
      expect(new Set(serials).size).toBe(serials.length);
      const rest = await new Claims(first, "last").claim(100);
      expect(serials.length + rest.length).toBe(60);
      expect(await new Claims(first, "nobody").claim(100)).toEqual([]);
    });

    test("lets only the newest claim write what came of a camera", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A")]);
      const frozen = new Claims(ledger, "frozen");
      const old = await only(frozen.claim(1));
      expect(await new Claims(ledger, "other").claim(1)).toEqual([]);
      await endLeases(ledger);
      const other = new Claims(ledger, "other");
      const next = await only(other.claim(1));
      expect(next.fence).toBe(old.fence + 1);
      await other.finish(next, { state: "proved", deviceId: null, credentialsType: "ACCESS_TOKEN" });
      const failed = { state: "failed", code: "DEVICE_REFUSED", message: "no" } as const;
      await expect(frozen.finish(old, failed)).rejects.toMatchObject({ errorCode: "LEASE_LOST" });
      expect(await frozen.renew([old])).toEqual(["A"]);
      await frozen.giveBack([old]);
      expect(await rowsOf(ledger)).toMatchObject([{ state: "proved", station: "other", tries: 2, cause: null }]);
    });

    test("keeps a claim that is renewed, gives back at once what is given back, and waits for what may pass", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A"), row("B")]);
      const claims = new Claims(ledger, "bench");
      const [one, two] = await claims.claim(2);
      if (one === undefined || two === undefined) throw new Error("two claims");
      expect(await claims.renew([one, two])).toEqual([]);
      await claims.giveBack([one]);
      const wait = { state: "waiting", code: "NO_ANSWER", message: "silence", wait: seconds(600) } as const;
      await claims.finish(two, wait);
      expect(await claims.outlook()).toMatchObject({ running: 0, waiting: 1 });
      expect(await claims.outlook(["B"])).toMatchObject({ running: 0, waiting: 0 });
      expect((await claims.claim(5)).map(({ serial }) => serial)).toEqual(["A"]);
      await retryCameras(ledger, ["B"]);
      expect((await claims.claim(5)).map(({ serial }) => serial)).toEqual(["B"]);
    });

    test.each([-3600, 3600])("does not believe leases and waits when the clock jumps by %d seconds", async (jump) => {
      const ledger = await open();
      await addCameras(ledger, [row("A"), row("B")]);
      const claims = new Claims(ledger, "bench");
      const [, two] = await claims.claim(2);
      if (two === undefined) throw new Error("two claims");
      await claims.finish(two, { state: "waiting", code: "NO_ANSWER", message: "silence", wait: seconds(60) });
      const back = {
        leased_until: sql<number>`leased_until - ${jump * 1000}`,
        not_before: sql<number>`not_before - ${jump * 1000}`,
      };
      await ledger.use((db) => db.updateTable("camera").set(back).returning("serial").execute());
      const serials = (await new Claims(ledger, "other").claim(5)).map(({ serial }) => serial);
      // A lease that ends later than a lease can is none, and so is a wait of more than an hour.
      expect(serials).toEqual(["A", "B"]);
    });

    test("commits name and secret once, whoever comes later, and opens them with its key only", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A"), row("B")]);
      const sealing = sealingWith(systemRandomness.bytes(32), systemRandomness);
      await ledger.checkKey(sealing);
      const claim = await only(new Claims(ledger, "frozen").claim(1));
      await endLeases(ledger);
      const next = await only(new Claims(ledger, "other").claim(1));
      const intent = intentOf("camera-A");
      const frozen = ledgerJournal(ledger, sealing, claim, "tb.example");
      await expect(frozen.writeIntent(intentOf("camera-A"))).rejects.toMatchObject({ errorCode: "LEASE_LOST" });
      const journal = ledgerJournal(ledger, sealing, next, "tb.example");
      expect(await journal.writeIntent(intent)).toBe("written");
      expect(await journal.writeIntent(intentOf("camera-A"))).toBe("exists");
      expect((await readLedgerJournal(ledger, sealing, "A")).intents).toEqual([intent]);
      const wrong = sealingWith(systemRandomness.bytes(32), systemRandomness);
      for (const other of [wrong, plainSealing]) {
        await expect(ledger.checkKey(other)).rejects.toMatchObject({ errorCode: "LEDGER_KEY_WRONG" });
        await expect(readLedgerJournal(ledger, other, "A")).rejects.toMatchObject({ errorCode: "LEDGER_UNUSABLE" });
      }
      await ledger.use(async (db) => {
        const { intent: sealed } = await db
          .selectFrom("camera")
          .select("intent")
          .where("serial", "=", "A")
          .executeTakeFirstOrThrow();
        await db.updateTable("camera").set({ intent: sealed }).where("serial", "=", "B").returning("serial").execute();
      });
      await expect(readLedgerJournal(ledger, sealing, "B")).rejects.toMatchObject({ errorCode: "LEDGER_UNUSABLE" });
    });

    test("keeps an answer whoever has the camera by then, and goes on with one that was given up", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A")]);
      const frozen = await only(new Claims(ledger, "frozen").claim(1));
      const old = ledgerJournal(ledger, plainSealing, frozen, "tb.example");
      const intent = intentOf("camera-A");
      await old.writeIntent(intent);
      await endLeases(ledger);
      const other = new Claims(ledger, "other");
      await other.finish(await only(other.claim(1)), { state: "failed", code: "DEVICE_REFUSED", message: "no" });
      const { attemptId, deviceName } = intent;
      const credentials = generateCredentials("ACCESS_TOKEN", systemRandomness);
      const answer = {
        number: 1,
        attemptId,
        deviceName,
        deviceId: null,
        credentials,
        receivedAt: new Date(),
        contradicts: null,
      };
      expect(await old.writeReceived(answer)).toMatchObject({ number: 1 });
      expect(await old.writeReceived(answer)).toMatchObject({ number: 2 });
      expect((await readLedgerJournal(ledger, plainSealing, "A")).received).toHaveLength(2);
      expect(await rowsOf(ledger)).toMatchObject([{ state: "waiting" }]);
    });

    test("does not give one device name to two cameras", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A"), row("B", "camera-A")]);
      const claim = await only(new Claims(ledger, "bench").claim(1));
      const journal = ledgerJournal(ledger, plainSealing, claim, "tb.example");
      await expect(journal.writeIntent(intentOf("camera-A"))).rejects.toMatchObject({ errorCode: "DEVICE_CONFLICT" });
    });

    test("is for one server, is made once however many open it, and refuses to be older than it is", async () => {
      const [ledger] = await Promise.all([open(), open(), open()]);
      if (ledger === undefined) throw new Error("a ledger");
      await ledger.checkServer("one.example");
      await expect(ledger.checkServer("two.example")).rejects.toMatchObject({ errorCode: "LEDGER_UNUSABLE" });
      await ledger.use((db) =>
        db.updateTable("setting").set({ value: "99" }).where("name", "=", "version").returning("name").execute(),
      );
      await expect(open()).rejects.toMatchObject({
        errorCode: "LEDGER_UNUSABLE",
        message: expect.stringContaining("newer"),
      });
    });

    test("forgets a camera with all that belongs to it", async () => {
      const ledger = await open();
      await addCameras(ledger, [row("A")]);
      await forgetCamera(ledger, "A");
      expect(await rowsOf(ledger)).toEqual([]);
    });
  });
});

describeWithLedger("a ledger in a file", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-"));
    place = join(folder, "station.sqlite");
  });

  afterEach(async () => {
    for (const ledger of opened.splice(0)) await ledger[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is for its owner only, and holds no token that anybody could read", async () => {
    const ledger = await open();
    await addCameras(ledger, [row("A")]);
    const claim = await only(new Claims(ledger, "bench").claim(1));
    const sealing = sealingWith(systemRandomness.bytes(32), systemRandomness);
    const intent = intentOf("camera-A");
    await ledgerJournal(ledger, sealing, claim, "tb.example").writeIntent(intent);
    await ledger[Symbol.asyncDispose]();
    expect(statSync(place).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(place);
    const token = tokenOf(intent.credentials);
    expect(bytes.includes(token) || bytes.includes(Buffer.from(token).toString("base64").slice(2, 30))).toBe(false);
  });

  test("is not made by who only wants to look", async () => {
    const options = { clock: systemClock, signal };
    await expect(openLedger(nodeFileSystem, { place }, options)).rejects.toMatchObject({
      errorCode: "LEDGER_UNUSABLE",
    });
  });

  test("is no text file", async () => {
    await expect(
      openLedger(nodeFileSystem, { place: "package.json" }, { clock: systemClock, signal }),
    ).rejects.toMatchObject({ errorCode: "LEDGER_UNUSABLE" });
  });
});

test("a key is 32 bytes in base64, and nothing else", () => {
  expect(parseLedgerKey(`${Buffer.alloc(32, 7).toString("base64")}\n`)).toEqual(Buffer.alloc(32, 7));
  for (const text of ["", "x", Buffer.alloc(31).toString("base64"), Buffer.alloc(33).toString("base64")]) {
    expect(parseLedgerKey(text)).toBeUndefined();
  }
});

describe("an hour without the database", () => {
  test.runIf(hasPostgres)("is waited for in the middle, and no reason to wait at the start", async () => {
    await using own = await PostgresServer.start();
    place = own.database("ledger");
    const away: string[] = [];
    const options = {
      clock: systemClock,
      signal,
      onAway: ({ errorCode }: { errorCode: string }) => away.push(errorCode),
    };
    const ledger = await openLedger(nodeFileSystem, { place }, options);
    await own.stop();
    await expect(openLedger(nodeFileSystem, { place }, options)).rejects.toMatchObject({ errorCode: "LEDGER_AWAY" });
    const counted = countCameras(ledger);
    await expect.poll(() => away.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await own.start();
    expect(await counted).toMatchObject({ new: 0 });
    await ledger[Symbol.asyncDispose]();
  });

  test.runIf(hasPostgres)("is told from a user that the database refuses", async () => {
    await using own = await PostgresServer.start();
    place = own.database("ledger").replace("station@", "stranger@");
    const refused = openLedger(nodeFileSystem, { place }, { clock: systemClock, signal });
    await expect(refused).rejects.toMatchObject({ errorCode: "LEDGER_REFUSED", exitStatus: 77 });
  });
});
