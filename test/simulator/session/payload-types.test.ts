import { expect, test } from "vitest";
import type { DeviceProfile } from "../../../src/simulator/index.ts";
import { open, publish, subscribe, withDevice } from "../client.ts";

const protobuf: DeviceProfile = {
  name: "plain",
  provisionType: "DISABLED",
  transportType: "MQTT",
  payloadType: "PROTOBUF",
};
const compatible: DeviceProfile = { ...protobuf, acceptsJsonAsWell: true };
const downlink: DeviceProfile = { ...compatible, answersInJson: true };
const inJson = '{"sharedKeys":"limit"}';
/** `AttributesRequest` with shared keys. */
const inProtobuf = Buffer.from("12056c696d6974", "hex");
/** The end of a `GetAttributeResponseMsg` of request 1: the shared attribute `limit` is the LONG 5. */
const answerInProtobuf = "0a056c696d697410012005";

async function ask(profile: DeviceProfile, topic: string, payload: string | Buffer) {
  await using server = await withDevice({ profiles: [profile] });
  server.simulator.setAttributes("cam", { limit: 5 });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(subscribe("v1/devices/me/attributes"), publish(topic, payload));
  return { received: client.received.slice(2), ended: client.ended };
}

const long = "v1/devices/me/attributes/request/1";

test("a profile of protobuf closes the session after CONNACK and SUBACK when JSON comes on a long topic", async () => {
  expect(await ask(protobuf, long, inJson)).toEqual({ received: [], ended: true });
});

test.each([
  { profile: protobuf, topic: long, payload: inProtobuf, answers: "v1/devices/me/attributes/response/1" },
  { profile: compatible, topic: long, payload: inProtobuf, answers: "v1/devices/me/attributes/response/1" },
  { profile: compatible, topic: long, payload: inJson, answers: "v1/devices/me/attributes/response/1" },
  { profile: protobuf, topic: "v2/a/req/1", payload: inProtobuf, answers: "v2/a/res/1" },
  { profile: downlink, topic: "v2/a/req/1", payload: inJson, answers: "v2/a/res/1" },
  { profile: protobuf, topic: "v2/a/req/p/1", payload: inProtobuf, answers: "v2/a/res/p/1" },
])("$topic is answered in protobuf on $answers", async ({ profile, topic, payload, answers }) => {
  const { received, ended } = await ask(profile, topic, payload);
  const answer = received[1] ?? "";
  expect([received[0], ended]).toEqual(["40020001", false]);
  expect(Buffer.from(answer, "hex").toString("latin1")).toContain(answers);
  expect(answer.slice(answer.indexOf(Buffer.from(answers).toString("hex")) + 2 * answers.length)).toMatch(
    new RegExp(`^00010801....08.{12}....${answerInProtobuf}$`),
  );
});

test.each([
  { profile: downlink, topic: long, payload: inJson },
  { profile: downlink, topic: long, payload: inProtobuf },
  { profile: protobuf, topic: "v2/a/req/j/1", payload: inJson },
])("$topic is answered in JSON where the topic or the profile says so", async ({ profile, topic, payload }) => {
  const { received } = await ask(profile, topic, payload);
  expect(Buffer.from(received[1] ?? "", "hex").toString()).toContain('{"shared":{"limit":5}}');
});

test("telemetry in protobuf is acknowledged, not stored, and the log says that it is left out", async () => {
  await using server = await withDevice({ profiles: [compatible] });
  const told: string[] = [];
  server.simulator.on((event) => {
    if (event.type === "left out") told.push(event.what);
  });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(
    publish("v2/t/p", inProtobuf),
    publish("v1/devices/me/telemetry", inProtobuf, 1, 2),
    publish("v1/devices/me/telemetry", '{"t":1}', 1, 3),
    publish("v2/t/j", '{"u":2}', 1, 4),
  );
  expect(client.received.slice(1)).toEqual(["40020001", "40020002", "40020003", "40020004"]);
  expect(server.simulator.devices[0]?.telemetry).toEqual({ t: 1, u: 2 });
  expect(told).toHaveLength(2);
});

test("what is neither protobuf nor JSON is invalid for every profile", async () => {
  for (const profile of [protobuf, compatible, downlink]) {
    expect(await ask(profile, "v1/devices/me/telemetry", "{bad")).toEqual({ received: [], ended: true });
  }
});
