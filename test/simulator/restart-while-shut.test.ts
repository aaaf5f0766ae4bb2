import { once } from "node:events";
import { expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.ts";

it("a server that is started again accepts, although it had stopped to for a while", async () => {
  await using simulator = await Simulator.start({
    scenario: [{ on: "connection", do: "stopAccepting", for: 3_600_000 }],
  });
  simulator.connect();
  const [refused] = await once(simulator.connect(), "error");
  expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  await simulator.restart();
  const again = simulator.connect();
  await new Promise((resolve) => setImmediate(resolve));
  expect(again.destroyed).toBe(false);
});
