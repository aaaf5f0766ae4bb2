import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { Secret } from "../../../src/base/secret.ts";
import { ProvisioningError } from "../../../src/model/errors.ts";
import { listCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { Pace } from "../../../src/station/pace/pace.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import { DeviceApi } from "../../../src/station/server/device-api.ts";
import type { HttpAnswer, HttpExchange, HttpQuestion } from "../../../src/transport/http-exchange.ts";
import { Bench } from "../bench.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { Stopping } from "../stopping.ts";

async function states(ledger: Ledger): Promise<(string | null)[][]> {
  const found: (string | null)[][] = [];
  for await (const { serial, state, cause } of listCameras(ledger)) found.push([serial, state, cause]);
  return found;
}

/** The exchange, with what `meddle` makes of each call, the first having the number 1. */
function meddling(
  exchange: HttpExchange,
  meddle: (call: number, question: HttpQuestion, ask: () => Promise<HttpAnswer>) => Promise<HttpAnswer>,
): HttpExchange {
  let call = 0;
  const lying = (question: HttpQuestion, signal: AbortSignal) =>
    meddle(++call, question, () => exchange(question, signal));
  return Object.assign(lying, { [Symbol.dispose]: () => exchange[Symbol.dispose]() });
}

function answer(status: number, body: object, retryAfter?: string): HttpAnswer {
  return { status, retryAfter, body: new TextEncoder().encode(JSON.stringify(body)) };
}

const lost = () => new ProvisioningError("CONNECTION_LOST", "the connection broke before the answer came");

describeWithLedger("registration", () => {
  test.each([[1], [2], [1, 2], [1, 3], [2, 3], [1, 2, 3], [1, 2, 4], [1, 3, 4]].map((which) => ({ which })))(
    "survives the loss of the answers to the calls $which",
    async ({ which }) => {
      await using bench = await Bench.start();
      const ledger = await bench.ledger();
      await bench.import(ledger, 1);
      let calls = 0;
      const exchange = meddling(bench.exchange(), async (call, _, ask) => {
        calls = call;
        const answered = await ask();
        if (which.includes(call)) throw lost();
        return answered;
      });
      const registry = bench.registry(exchange);
      const { clock } = new Stopping(Number.POSITIVE_INFINITY);
      const end = await new StationRun(bench.setup(ledger, { registry, clock })).run();
      expect(end).toMatchObject({ exitStatus: 0, counts: { proved: 1 } });
      expect(calls).toBeGreaterThan(Math.max(...which));
      expect(bench.simulator.devices).toMatchObject([{ name: "thermal-camera-C-1", label: "camera 1" }]);
      const [device] = bench.simulator.devices;
      expect(device?.attributes.shared).toEqual({ deviceId: device?.id });
      expect(bench.right).toEqual(["C-1"]);
    },
  );

  test("never changes a device of another's: a name with another token is for a person", async () => {
    await using bench = await Bench.start({ devices: [{ name: "thermal-camera-C-1" }] });
    const before = bench.simulator.device("thermal-camera-C-1");
    const ledger = await bench.ledger();
    await bench.import(ledger, 2);
    const end = await new StationRun(bench.setup(ledger, { registry: bench.registry() })).run();
    expect(end).toMatchObject({ exitStatus: 77, counts: { proved: 1, failed: 1 } });
    expect(await states(ledger)).toEqual([
      ["C-1", "failed", "DEVICE_CONFLICT"],
      ["C-2", "proved", null],
    ]);
    expect(bench.simulator.device("thermal-camera-C-1")).toEqual(before);
  });

  test("takes the limit's word only after it has looked: what is made already is proved, the rest is for a person", async () => {
    await using bench = await Bench.start({ deviceLimit: 1 });
    const ledger = await bench.ledger();
    await bench.import(ledger, 2);
    const exchange = meddling(bench.exchange(), async (call, _, ask) => {
      // The device is made, nobody hears of it, and a look comes too early: the repetition is told of the limit.
      if (call === 2) return answer(404, { message: "Requested item wasn't found!", errorCode: 32 });
      const answered = await ask();
      if (call === 1) throw lost();
      return answered;
    });
    const setup = bench.setup(ledger, { registry: bench.registry(exchange), pace: new Pace(systemClock, () => 0, 1) });
    const end = await new StationRun(setup).run();
    expect(end.exitStatus).toBe(77);
    expect(await states(ledger)).toEqual([
      ["C-1", "proved", null],
      ["C-2", "failed", "DEVICE_LIMIT_REACHED"],
    ]);
  });

  test("stops when the API key is revoked in the middle, gives back what is under way, and goes on with a new one", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, 5);
    const refusal = answer(401, { message: "Invalid username or password", errorCode: 10 });
    const exchange = meddling(bench.exchange(), async (call, _, ask) => (call > 5 ? refusal : ask()));
    const end = await new StationRun(bench.setup(ledger, { registry: bench.registry(exchange) })).run();
    expect(end).toMatchObject({
      exitStatus: 77,
      counts: { failed: 0, running: 0 },
      error: { errorCode: "API_KEY_REFUSED" },
    });
    const next = await new StationRun(bench.setup(ledger, { registry: bench.registry() })).run();
    expect(next).toMatchObject({ exitStatus: 0, counts: { proved: 5 } });
    expect(bench.simulator.devices).toHaveLength(5);
  });

  test("obeys Retry-After of a 429, halves what it does at once, and asks again", async () => {
    await using bench = await Bench.start();
    const waits: number[] = [];
    const clock = { ...systemClock, sleep: async (wait: number) => void waits.push(wait) };
    let now = 0;
    const pace = new Pace({ ...clock, elapsed: () => seconds(now++) }, () => 0, 20);
    const exchange = meddling(bench.exchange(), async (call, _, ask) =>
      call === 1 ? answer(429, { errorCode: 33 }, "7") : ask(),
    );
    const api = new DeviceApi(exchange, { base: "", key: bench.key, pace });
    expect(await api.usage(new AbortController().signal)).toEqual({ devices: 0, maxDevices: 0 });
    expect(pace.limit).toBe(20);
    expect(waits[0]).toBeLessThanOrEqual(7000);
    expect(waits[0]).toBeGreaterThan(5000);
  });

  test("refuses a key that the server does not know before anything is sent", async () => {
    await using bench = await Bench.start();
    const pace = new Pace(systemClock, () => 0, 1);
    const api = new DeviceApi(bench.exchange(), { base: "", key: new Secret("wrong"), pace });
    await expect(api.usage(new AbortController().signal)).rejects.toMatchObject({ errorCode: "API_KEY_REFUSED" });
  });
});

describeWithLedger("a run", () => {
  test("that is stopped gives back what it has, and the next one goes on with the same names and tokens", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, 30);
    const stopped = new AbortController();
    const reason = new ProvisioningError("INTERRUPTED", "stopped");
    const setup = bench.setup(ledger, {
      signal: stopped.signal,
      onCamera: (camera) => {
        bench.ended.push(camera);
        if (bench.ended.length === 5) stopped.abort(reason);
      },
    });
    const end = await new StationRun(setup).run();
    expect(end.exitStatus).toBe(130);
    const counts = (await states(ledger)).map(([, state]) => state);
    expect(counts).not.toContain("running");
    const next = await new StationRun(bench.setup(ledger)).run();
    expect(next).toMatchObject({ exitStatus: 0, counts: { proved: 30 } });
    expect(bench.simulator.devices).toHaveLength(30);
  });

  test("whose output cannot be written ends with 73, and no camera is called proved", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, 3);
    const error = new ProvisioningError("FOLDER_READ_ONLY", "the file system is mounted read-only");
    const folders = {
      check() {},
      write: () => {
        throw error;
      },
    };
    const setup = bench.setup(ledger);
    if (setup.folders !== undefined) Object.assign(setup.folders, folders);
    const end = await new StationRun(setup).run();
    expect(end).toMatchObject({
      exitStatus: 73,
      counts: { proved: 0, failed: 0 },
      error: { errorCode: "FOLDER_READ_ONLY" },
    });
  });

  test("two stations at once make each device once, and a frozen one does not overwrite what the other proved", async () => {
    await using bench = await Bench.start();
    const ledger = await bench.ledger();
    await bench.import(ledger, 40);
    const runs = ["one", "two"].map(async (station) =>
      new StationRun(bench.setup(await bench.ledger(), { station })).run(),
    );
    const ends = await Promise.all(runs);
    expect(ends.map(({ exitStatus }) => exitStatus)).toEqual([0, 0]);
    expect(bench.simulator.devices).toHaveLength(40);
    expect(new Set(bench.ended.map(({ serial }) => serial)).size).toBe(40);
    expect(bench.ended).toHaveLength(40);
  });
});
