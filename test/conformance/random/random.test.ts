import { expect, test } from "vitest";
import { accessToken, Simulator } from "../../../src/simulator/index.ts";
import { compareRandomly } from "./compare.ts";

const profile = {
  name: "creating",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: "key",
  provisionDeviceSecret: "secret",
} as const;

async function server(version: string) {
  const devices = [{ name: "own", credentials: accessToken("tok") }];
  const simulator = await Simulator.start({ version, profiles: [profile], devices });
  const { host, port } = simulator;
  return { host, port, key: "key", secret: "secret", [Symbol.asyncDispose]: () => simulator.close() };
}

test.each(["3.4", "3.9.1", "4.0.2", "4.2.1", "4.3.1.3"])(
  "100 random sessions are the same on a simulator of %s over sockets and in memory",
  async (version) => {
    await using target = await server(version);
    const { differences, packets } = await compareRandomly(
      { ...target, version },
      { seed: 1, count: 100, token: "tok", prefix: "r" },
    );
    expect(differences).toEqual([]);
    expect(packets).toBeGreaterThan(250);
  },
  60_000,
);

test("a server that behaves otherwise is noticed, with the seed that shows it", async () => {
  await using target = await server("4.3.1.3");
  const { differences } = await compareRandomly(
    { ...target, version: "3.4" },
    { seed: 1, count: 100, token: "tok", prefix: "r" },
  );
  expect(differences.length).toBeGreaterThan(0);
  expect(differences.join("\n")).toMatch(/^seed [0-9]+: after .*: the simulator says .*, the server .*SUBACK/m);
}, 60_000);
