import { expect, test } from "vitest";
import { seconds } from "../../../src/base/duration.ts";
import { faults } from "../../../src/simulator/faults/faults.ts";
import type { Key, Keys } from "../../../src/simulator/faults/keys.ts";
import { type OccasionKind, occasionKinds } from "../../../src/simulator/faults/occasions.ts";
import { accessToken, type Behaviour, parseScenario, type Simulator } from "../../../src/simulator/index.ts";
import { type Client, open, publish, request, requestBody, startSimulator, subscribe, success } from "../client.ts";

/** A value that stands under a key; the smallest, so that there is something to cut off. */
function sample(key: Key): unknown {
  switch (key.kind) {
    case "milliseconds":
      return 1;
    case "text":
      return "x";
    case "number":
      return Math.max(key.least, 1);
    case "choice":
    case "choice or later":
      return key.of[0];
  }
}

const rows = Object.entries(faults).map(([name, { keys, occasions, meaning }]) => {
  const ofRow: Keys = keys;
  const values = Object.fromEntries(Object.entries(ofRow).map(([key, kind]) => [key, sample(kind)]));
  return { name, occasions, meaning, values };
});

/** Does what the occasion is. A fault that turns packets round needs two: MQTT 5 says DISCONNECT after a refusal. */
async function meet(on: OccasionKind, simulator: Simulator, fault: string): Promise<Client> {
  const refused = fault === "reorder" ? ({ level: 5, userName: "nobody" } as const) : undefined;
  switch (on) {
    case "connection":
    case "connect":
      return open(simulator, refused ?? { userName: "provision" });
    case "probe":
      return open(simulator, refused ?? { userName: "known" });
    case "subscribe": {
      const client = await open(simulator, { userName: "known" });
      await client.send(subscribe("v1/devices/me/attributes"));
      return client;
    }
    case "request": {
      const client = await open(simulator);
      await client.send(request(requestBody({ token: "tok" })));
      return client;
    }
    case "attributes": {
      const client = await open(simulator, { userName: "known" });
      await client.send(publish("v1/devices/me/attributes/request/1", "{}"));
      return client;
    }
  }
}

async function play(behaviours: readonly unknown[]) {
  const checked = parseScenario({ description: "A test.", behaviours });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const { simulator, clock } = await startSimulator({ scenario: checked.value.behaviours });
  simulator.addDevice({ name: "other", credentials: accessToken("known") });
  return { simulator, clock, [Symbol.asyncDispose]: () => simulator.close() };
}

const places = rows.flatMap(({ name, occasions, values }) => occasions.map((on) => ({ name, on, values })));

test.each(places)("$name on $on happens, and the scenario is finished then", async ({ name, on, values }) => {
  await using played = await play([{ on, do: name, ...values }]);
  expect(() => played.simulator.assertScenarioFinished()).toThrow(name);
  await meet(on, played.simulator, name);
  await played.clock.advance(seconds(21));
  expect(() => played.simulator.assertScenarioFinished()).not.toThrow();
});

test("a fault is refused at every other occasion", () => {
  for (const { name, occasions, values } of rows) {
    for (const on of occasionKinds) {
      const checked = parseScenario({ description: "A test.", behaviours: [{ on, do: name, ...values }] });
      expect([name, on, checked.ok]).toEqual([name, on, occasions.includes(on)]);
    }
  }
});

test.each<{ readonly why: string; readonly behaviour: Behaviour; readonly body?: string; readonly qos?: 0 }>([
  { why: "the answer is shorter", behaviour: { on: "request", do: "truncate", bytes: 10_000 } },
  { why: "there is one packet only", behaviour: { on: "request", do: "reorder" }, qos: 0 },
  { why: "nothing is created", behaviour: { on: "request", do: "createButFail" }, body: "{" },
  { why: "it is refused anyway", behaviour: { on: "request", do: "createButFail" }, body: requestBody({ hash: "h" }) },
  { why: "it is of another device", behaviour: { on: "request", deviceName: "cam-2", do: "lose" } },
])("$behaviour.do does not count when $why", async ({ behaviour, body, qos }) => {
  await using played = await play([behaviour]);
  const client = await open(played.simulator);
  await client.send(request(body ?? requestBody({ token: "tok" }), qos));
  expect(() => played.simulator.assertScenarioFinished()).toThrow(behaviour.do);
});

test("of two faults at one occasion the first happens, and the second has not", async () => {
  await using played = await play([
    { on: "request", do: "refuse", status: "FAILURE" },
    { on: "request", do: "garble" },
  ]);
  const client = await open(played.simulator);
  await client.send(request());
  expect(() => played.simulator.assertScenarioFinished()).toThrow(/^[^{]*\{"on":"request","do":"garble"\}$/);
});

test("credentials of another device, where there is none, do not count: the answer is as untrue", async () => {
  const { simulator } = await startSimulator({ scenario: [{ on: "request", do: "answerForAnotherDevice" }] });
  const client = await open(simulator);
  await client.send(request(requestBody({ token: "tok" })));
  expect(client.payloads).toHaveLength(1);
  expect(client.payloads).not.toEqual([success]);
  expect(() => simulator.assertScenarioFinished()).toThrow("answerForAnotherDevice");
  await simulator.close();
});

test("an answer that the client does not wait for is not doubled", async () => {
  const { simulator, clock } = await startSimulator({
    scenario: [{ on: "request", do: "double" }],
    latency: { request: 1000 },
  });
  const client = await open(simulator);
  await client.send(request());
  await client.leave();
  await clock.advance(seconds(2));
  expect(() => simulator.assertScenarioFinished()).toThrow("double");
  await simulator.close();
});
