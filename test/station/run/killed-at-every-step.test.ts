import { expect, test } from "vitest";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import type { StationSetup } from "../../../src/station/run/station-options.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import type { HttpExchange } from "../../../src/transport/http-exchange.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { hasPostgres, PostgresServer } from "../postgres-server.ts";
import { Stopping } from "../stopping.ts";

type Method = "provisioning" | "registration";
type Meddle = (setup: StationSetup, exchange: HttpExchange) => { setup: StationSetup; exchange: HttpExchange };

const asItIs: Meddle = (setup, exchange) => ({ setup, exchange });

interface Killing {
  readonly bench: Bench;
  readonly ledger: Ledger;
  readonly method: Method;
  readonly concurrency: number;
  readonly meddle?: Meddle;
}

/** Starts a station and kills it before its step `at`. Gives true when it came to its end before that. */
async function killAt(at: number, { bench, ledger, method, concurrency, meddle = asItIs }: Killing): Promise<boolean> {
  const stopping = new Stopping(at);
  const station = `killed-${at}`;
  const plain = bench.exchange();
  const plainSetup = bench.setup(stopping.ledger(ledger), {
    ...{ station, concurrency, clock: stopping.clock, connect: stopping.connect },
  });
  const { setup, exchange } = meddle(plainSetup, stopping.exchange(plain));
  const run = new StationRun({
    ...setup,
    ...(method === "registration" ? { registry: bench.registry(exchange) } : {}),
  }).run();
  const isDone = await Promise.race([run.then(() => true), stopping.stopped.then(() => false)]);
  plain[Symbol.dispose]();
  await endLeases(ledger, station);
  return isDone;
}

/** What there is of every camera. */
async function census(bench: Bench, ledger: Ledger) {
  const { proved, failed } = await countCameras(ledger);
  return { devices: bench.simulator.devices.length, proved, failed, right: bench.right.length };
}

function exactly(cameras: number) {
  return { devices: cameras, proved: cameras, failed: 0, right: cameras };
}

/** For each step a camera of its own: killed there, and brought to its end by another station. */
async function killAtEveryStep(method: Method, { meddle = asItIs, place }: { meddle?: Meddle; place?: string } = {}) {
  await using bench = await Bench.start();
  const ledger = await bench.ledger(place);
  for (let at = 1; ; at++) {
    await bench.import(ledger, at);
    const isDone = await killAt(at, { bench, ledger, method, concurrency: 1, meddle });
    await killAt(Number.POSITIVE_INFINITY, { bench, ledger, method, concurrency: 1 });
    if (isDone) return { found: await census(bench, ledger), wanted: exactly(at) };
  }
}

describeWithLedger("a station that is killed before a step", () => {
  test.each<Method>(["provisioning", "registration"])(
    "is followed by another one that makes no second device, whichever step it was, by %s",
    async (method) => {
      const { found, wanted } = await killAtEveryStep(method);
      expect(found).toEqual(wanted);
      expect(wanted).not.toEqual(exactly(0));
    },
    120_000,
  );

  test.runIf(hasPostgres)(
    "is followed by another one with a ledger in PostgreSQL, too",
    async () => {
      await using server = await PostgresServer.start();
      const { found, wanted } = await killAtEveryStep("registration", { place: server.database("ledger") });
      expect(found).toEqual(wanted);
    },
    120_000,
  );

  test("is followed by another one that is killed a step later, until all cameras are there once", async () => {
    const cameras = 300;
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, cameras);
    let killed = 0;
    while (!(await killAt(killed + 1, { bench, ledger, method: "registration", concurrency: 4 }))) killed++;
    expect(await census(bench, ledger)).toEqual(exactly(cameras));
    expect(killed).toBeGreaterThan(20);
  }, 120_000);

  test("shows when the secret is written down only after the request", async () => {
    const { found, wanted } = await killAtEveryStep("registration", { meddle: secretAfterTheRequest });
    expect(found).toMatchObject({ failed: 1 });
    expect(wanted).toMatchObject({ failed: 0 });
  }, 120_000);
});

/** The mistake that the ledger is there to prevent: the intent is committed when the server has answered. */
function secretAfterTheRequest(setup: StationSetup, exchange: HttpExchange): ReturnType<Meddle> {
  let isNext = false;
  let commit = async () => {};
  const sealing = {
    ...setup.sealing,
    seal(bytes: Uint8Array, place: string) {
      isNext = place.startsWith("the intent");
      return setup.sealing.seal(bytes, place);
    },
  };
  const { ledger } = setup;
  const use: Ledger["use"] = async (act, options) => {
    if (!isNext) return ledger.use(act, options);
    isNext = false;
    commit = async () => void (await ledger.use(act, options));
    // Rows that nobody looks into: the write seems to have happened.
    return JSON.parse('[{"serial":""}]');
  };
  const late = async (...question: Parameters<HttpExchange>) => {
    const answer = await exchange(...question);
    await commit();
    commit = async () => {};
    return answer;
  };
  return {
    setup: {
      ...setup,
      sealing,
      ledger: new Proxy(ledger, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          return name === "use" ? use : value;
        },
      }),
    },
    exchange: Object.assign(late, { [Symbol.dispose]: () => exchange[Symbol.dispose]() }),
  };
}
