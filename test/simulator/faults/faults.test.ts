import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import type { Action, Behaviour } from "../../../src/simulator/index.ts";
import { settle } from "../../base/fake-clock.ts";
import { failure, notFound, open, request, requestBody, startSimulator, subscribe, success } from "../client.ts";

const puback = "40020001";

/** A camera asks once, under a scenario with one behaviour. */
async function ask(behaviour: Behaviour) {
  const { simulator, clock } = await startSimulator({ scenario: [behaviour] });
  const client = await open(simulator);
  client.take();
  await client.send(request(requestBody({ token: "tok" })));
  const names = () => simulator.devices.map(({ name }) => name);
  return { simulator, clock, client, names, [Symbol.asyncDispose]: () => simulator.close() };
}

function onRequest(action: Action): Behaviour {
  return { on: "request", ...action };
}

test("without a behaviour a request is acknowledged, then answered", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.send(request(requestBody({ token: "tok" })));
  expect(client.received.slice(0, 2)).toEqual(["20020000", puback]);
  expect(client.payloads).toEqual([success]);
  await simulator.close();
});

test("lose: the device is created, the answer never comes, and the session ends after 60 s as if it had", async () => {
  await using asked = await ask(onRequest({ do: "lose" }));
  expect(asked.client.received).toEqual([]);
  expect(asked.names()).toEqual(["cam-1"]);
  await asked.clock.advance(milliseconds(60_001));
  expect(asked.client.ended).toBe(true);
});

test("delay: work and answer take their time", async () => {
  await using asked = await ask(onRequest({ do: "delay", beforeWork: 2000, for: 3000 }));
  await asked.clock.advance(milliseconds(1999));
  expect(asked.names()).toEqual([]);
  await asked.clock.advance(milliseconds(1));
  expect(asked.names()).toEqual(["cam-1"]);
  expect(asked.client.received).toEqual([]);
  await asked.clock.advance(milliseconds(3000));
  expect(asked.client.payloads).toEqual([success]);
});

test.each([
  { when: "before the work", devices: [], packets: 0 },
  { when: "before the answer", devices: ["cam-1"], packets: 0 },
  { when: "after the acknowledgement", devices: ["cam-1"], packets: 1 },
  { when: "after the answer", devices: ["cam-1"], packets: 2 },
] as const)("close $when: $packets packets come", async ({ when, devices, packets }) => {
  for (const act of ["close", "reset"] as const) {
    await using asked = await ask(onRequest({ do: act, when }));
    await settle();
    expect(asked.client.ended).toBe(true);
    expect(asked.names()).toEqual(devices);
    if (act === "close") expect(asked.client.received).toHaveLength(packets);
  }
});

test("truncate: only the first bytes come, then the end", async () => {
  await using asked = await ask(onRequest({ do: "truncate", bytes: 6 }));
  expect(asked.client.received.join("")).toHaveLength(12);
  expect(asked.client.ended).toBe(true);
});

test("double: acknowledgement and answer come twice, with the same packet id", async () => {
  await using asked = await ask(onRequest({ do: "double" }));
  expect(asked.client.received).toHaveLength(4);
  expect(asked.client.received.slice(0, 2)).toEqual(asked.client.received.slice(2));
});

test("reorder: the answer comes before its acknowledgement", async () => {
  await using asked = await ask(onRequest({ do: "reorder" }));
  expect(asked.client.received[1]).toBe(puback);
  expect(asked.client.payloads).toEqual([success]);
});

test("garble: MQTT is right, the payload is nonsense", async () => {
  await using asked = await ask(onRequest({ do: "garble" }));
  expect(asked.client.received[0]).toBe(puback);
  expect(() => JSON.parse(asked.client.payloads[0] ?? "")).toThrow(SyntaxError);
});

test("answer: the payload is the scenario's", async () => {
  await using asked = await ask(onRequest({ do: "answer", payload: '{"status":"SUCCESS"}' }));
  expect(asked.client.payloads).toEqual(['{"status":"SUCCESS"}']);
  expect(asked.names()).toEqual(["cam-1"]);
});

test("malform: what comes is not MQTT", async () => {
  await using asked = await ask(onRequest({ do: "malform" }));
  expect(Buffer.from(asked.client.received.join(""), "hex").toString()).toMatch(/^HTTP\/1\.1 400/);
});

test("flood: packets to other topics come first, the answer last", async () => {
  await using asked = await ask(onRequest({ do: "flood", packets: 200 }));
  await settle();
  expect(asked.client.received).toHaveLength(202);
  expect(asked.client.payloads.at(-1)).toBe(success);
});

test("hugePacket: a PUBLISH of 256 MB begins, and nothing more comes", async () => {
  await using asked = await ask(onRequest({ do: "hugePacket" }));
  expect(asked.client.received).toEqual(["30ffffff7f000178"]);
});

test("wrongPacket: another packet comes instead", async () => {
  await using asked = await ask(onRequest({ do: "wrongPacket", packet: "UNSUBACK" }));
  expect(asked.client.received).toEqual(["b0027777"]);
});

test.each(["FAILURE", "NOT_FOUND"] as const)("refuse: %s without any work", async (status) => {
  await using asked = await ask(onRequest({ do: "refuse", status }));
  expect(asked.client.payloads).toEqual([status === "FAILURE" ? failure : notFound]);
  expect(asked.names()).toEqual([]);
});

test("createButFail: FAILURE is answered although the device is there", async () => {
  await using asked = await ask(onRequest({ do: "createButFail" }));
  expect(asked.client.payloads).toEqual([failure]);
  expect(asked.names()).toEqual(["cam-1"]);
});

test("answerWithoutCreating: SUCCESS is answered although there is no device", async () => {
  await using asked = await ask(onRequest({ do: "answerWithoutCreating" }));
  expect(asked.client.payloads).toEqual([success]);
  expect(asked.names()).toEqual([]);
});

test("answerForAnotherDevice: SUCCESS with the credentials of somebody else", async () => {
  const { simulator } = await startSimulator({ scenario: [onRequest({ do: "answerForAnotherDevice" })] });
  simulator.addDevice({ name: "cam-9", credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: "other" } });
  const client = await open(simulator);
  await client.send(request(requestBody({ token: "tok" })));
  expect(client.payloads).toEqual([success.replace("tok", "other")]);
  await simulator.close();
});

test.each([
  { work: "never", devicesThen: [], devicesLater: [] },
  { work: "at once", devicesThen: ["cam-1"], devicesLater: ["cam-1"] },
  { work: { after: 26_000 }, devicesThen: [], devicesLater: ["cam-1"] },
] as const)("timeOut: acknowledged and closed after 10 to 20 s, the work done $work", async (example) => {
  await using asked = await ask(onRequest({ do: "timeOut", work: example.work }));
  await asked.clock.advance(milliseconds(9999));
  expect(asked.client.received).toEqual([]);
  await asked.clock.advance(milliseconds(10_001));
  expect(asked.client.received).toEqual([puback]);
  expect(asked.client.ended).toBe(true);
  expect(asked.names()).toEqual(example.devicesThen);
  await asked.clock.advance(milliseconds(10_000));
  expect(asked.names()).toEqual(example.devicesLater);
});

test("code: PUBACK, SUBACK and CONNACK carry the scenario's code", async () => {
  const scenario: Behaviour[] = [
    { on: "subscribe", do: "code", code: 0x80 },
    { on: "connect", nth: 2, do: "code", code: 4 },
  ];
  const { simulator } = await startSimulator({ scenario });
  const client = await open(simulator);
  await client.send(subscribe("/provision/response"));
  expect(client.received).toEqual(["20020000", "9003000980"]);
  const refused = await open(simulator);
  expect([refused.received, refused.ended]).toEqual([["20020004"], true]);
  simulator.assertScenarioFinished();
  await simulator.close();
});

test("a behaviour for a device name waits for that device", async () => {
  const { simulator } = await startSimulator({
    scenario: [{ on: "request", deviceName: "cam-2", do: "refuse", status: "FAILURE" }],
  });
  const client = await open(simulator);
  await client.send(request(requestBody({ deviceName: "cam-1", token: "tok" })));
  await client.send(request(requestBody({ deviceName: "cam-2", token: "tok2" })));
  expect(client.payloads).toEqual([success, failure]);
  await simulator.close();
});

test("a behaviour for every occasion is played each time; others once", async () => {
  const { simulator } = await startSimulator({
    scenario: [{ on: "request", nth: "every", do: "refuse", status: "FAILURE" }],
  });
  const client = await open(simulator);
  for (let time = 0; time < 3; time++) await client.send(request());
  expect(client.payloads).toEqual([failure, failure, failure]);
  await simulator.close();
});

test("a scenario that was not played to its end is told", async () => {
  const { simulator } = await startSimulator({ scenario: [{ on: "probe", nth: 2, do: "lose" }] });
  expect(() => simulator.assertScenarioFinished()).toThrow('{"on":"probe","nth":2,"do":"lose"}');
  await simulator.close();
});
