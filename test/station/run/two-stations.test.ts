import { type KyselyPlugin, OperationNodeTransformer, ValueNode } from "kysely";
import { expect, test } from "vitest";
import { countCameras } from "../../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../../src/station/ledger/ledger.ts";
import { StationRun } from "../../../src/station/run/station-run.ts";
import type { HttpExchange } from "../../../src/transport/http-exchange.ts";
import { Bench } from "../bench.ts";
import { endLeases } from "../leases.ts";
import { describeWithLedger } from "../node-sqlite.ts";
import { Stopping } from "../stopping.ts";

/** More than one camera takes: whoever waits for another has looked some times by then. */
const many = 25;
const never = Number.POSITIVE_INFINITY;

interface Walk {
  readonly bench: Bench;
  readonly ledger: Ledger;
  readonly method: "provisioning" | "registration";
}

function start(name: string, stopping: Stopping, { bench, ledger, method }: Walk, meddle = asItIs) {
  const exchange = bench.exchange();
  const registry = bench.registry(meddle(stopping.exchange(exchange)));
  const setup = bench.setup(stopping.ledger(ledger), {
    ...{ station: name, concurrency: 1, clock: stopping.clock, connect: stopping.connect },
    ...(method === "registration" ? { registry } : {}),
  });
  return new StationRun(setup).run().finally(() => exchange[Symbol.dispose]());
}

function asItIs(exchange: HttpExchange): HttpExchange {
  return exchange;
}

/**
 * One station freezes before its step `first`, and its lease ends; another one takes over and freezes before its step
 * `second`; then the first one wakes and believes that it still has the camera, and later the second one does.
 */
async function bothFreeze(first: number, second: number, walk: Walk): Promise<{ one: boolean; other: boolean }> {
  const [one, other] = [new Stopping(first), new Stopping(second)];
  const running = start("one", one, walk);
  const isOneDone = await Promise.race([running.then(() => true), one.stopped.then(() => false)]);
  await endLeases(walk.ledger, "one");
  const runningToo = start("other", other, walk);
  const isOtherDone = await Promise.race([runningToo.then(() => true), other.stopped.then(() => false)]);
  await endLeases(walk.ledger, "other");
  await Promise.race([running, one.wake(many)]);
  void other.wake();
  await Promise.all([running, runningToo]);
  return { one: isOneDone, other: isOtherDone };
}

async function census(bench: Bench, ledger: Ledger) {
  const { proved } = await countCameras(ledger);
  return { devices: bench.simulator.devices.length, proved, right: bench.right.length };
}

describeWithLedger("two stations that both believe to have a camera", () => {
  test.each(["provisioning", "registration"] as const)(
    "make one device and prove it, wherever the one and the other are frozen, by %s",
    async (method) => {
      await using bench = await Bench.start();
      const walk = { bench, ledger: await bench.ledger(), method };
      let cameras = 0;
      for (let first = 1, isOver = false; !isOver; first++) {
        for (let second = 1, isThrough = false; !isThrough; second++) {
          await bench.import(walk.ledger, ++cameras);
          ({ one: isOver, other: isThrough } = await bothFreeze(first, second, walk));
        }
      }
      expect(cameras).toBeGreaterThan(100);
      expect(await census(bench, walk.ledger)).toEqual({ devices: cameras, proved: cameras, right: cameras });
    },
    240_000,
  );

  test("keep what is proved when the frozen one wakes to refusals", async () => {
    expect(await wakesToRefusals((ledger) => ledger)).toEqual({ failed: 0 });
  }, 60_000);

  test("lose it when nobody looks at the fence", async () => {
    const { failed } = await wakesToRefusals(withoutFence);
    expect(failed).toBeGreaterThan(0);
  }, 60_000);
});

/** One is frozen before each of its steps; another proves the camera; the first wakes, and the server refuses it all. */
async function wakesToRefusals(meddle: (ledger: Ledger) => Ledger): Promise<{ failed: number }> {
  await using bench = await Bench.start();
  const ledger = await bench.ledger();
  const walk = { bench, ledger, method: "registration" } as const;
  for (let first = 1, isOver = false; !isOver; first++) {
    await bench.import(ledger, first);
    const one = new Stopping(first);
    let refuses = false;
    const refusing = (exchange: HttpExchange): HttpExchange => {
      const ask = async (...question: Parameters<HttpExchange>) => {
        const answer = await exchange(...question);
        return refuses ? { status: 403, retryAfter: undefined, body: new TextEncoder().encode("{}") } : answer;
      };
      return Object.assign(ask, { [Symbol.dispose]: () => exchange[Symbol.dispose]() });
    };
    const running = start("one", one, { ...walk, ledger: meddle(ledger) }, refusing);
    isOver = await Promise.race([running.then(() => true), one.stopped.then(() => false)]);
    await endLeases(ledger, "one");
    await start("other", new Stopping(never), walk);
    refuses = true;
    void one.wake();
    await running;
  }
  const { failed } = await countCameras(ledger);
  return { failed };
}

/** The ledger, but what is to be true of a row's fence is true of every row. */
function withoutFence(ledger: Ledger): Ledger {
  const transformer = new (class extends OperationNodeTransformer {
    override transformBinaryOperation(...[node, id]: Parameters<OperationNodeTransformer["transformBinaryOperation"]>) {
      const isFence = JSON.stringify(node.leftOperand).includes('"name":"fence"');
      const isEquality = JSON.stringify(node.operator).includes('"="');
      if (!isFence || !isEquality) return super.transformBinaryOperation(node, id);
      const one = ValueNode.createImmediate(1);
      return { ...node, leftOperand: one, rightOperand: one };
    }
  })();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
  const use: Ledger["use"] = (act, options) => ledger.use((db) => act(db.withPlugin(plugin)), options);
  return new Proxy(ledger, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return name === "use" ? use : value;
    },
  });
}
