import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { open, publish, withDevice } from "../client.ts";

test("telemetry of all forms is stored; texts that look like numbers become numbers, null is dropped", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  const forms = [
    '{"serial":"00123","n":null}',
    '{"ts":5,"values":{"v":"1.2.3"}}',
    '[{"x":true},{"y":[1]}]',
    "[]",
    "{}",
  ];
  for (const [index, form] of forms.entries())
    await client.send(publish("v1/devices/me/telemetry", form, 1, index + 1));
  expect(client.received.slice(1)).toEqual(["40020001", "40020002", "40020003", "40020005"]);
  expect(server.simulator.devices[0]?.telemetry).toEqual({ serial: 123, v: "1.2.3", x: true, y: [1] });
});

test.each([
  { what: "no JSON", topic: "v1/devices/me/telemetry", payload: "{bad" },
  { what: "attributes that are no object", topic: "v1/devices/me/attributes", payload: "[1]" },
  { what: "an attribute request without payload", topic: "v1/devices/me/attributes/request/1", payload: "" },
  { what: "a request id that is not a number", topic: "v1/devices/me/attributes/request/abc", payload: "{}" },
  { what: "a request id beyond Java's int", topic: "v1/devices/me/attributes/request/2147483648", payload: "{}" },
  { what: "an RPC that is not an object", topic: "v1/devices/me/rpc/request/1", payload: "[]" },
  { what: "an answer to an RPC without a number", topic: "v1/devices/me/rpc/response/x", payload: "{}" },
  { what: "a claim that is not JSON", topic: "v1/devices/me/claim", payload: "{bad" },
  { what: "telemetry in an array in an array", topic: "v1/devices/me/telemetry", payload: '[[{"t":1}]]' },
  { what: "protobuf to a profile of JSON", topic: "v2/t/p", payload: "x" },
])("$what ends an MQTT 3.1.1 session without PUBACK, and gets 0x99 in MQTT 5", async ({ topic, payload }) => {
  await using server = await withDevice();
  const old = await open(server.simulator, { userName: "tok" });
  await old.send(publish(topic, payload));
  expect([old.received.slice(1), old.ended]).toEqual([[], true]);
  const five = await open(server.simulator, { userName: "tok", level: 5 });
  await five.send(publish(topic, payload));
  expect([five.received.slice(1), five.ended]).toEqual([["400400019900"], false]);
  await five.send(publish(topic, payload, 0));
  expect([five.received.slice(2), five.ended]).toEqual([["e0029900"], true]);
});

test.each([
  { what: "an RPC without method", topic: "v1/devices/me/rpc/request/1", payload: '{"params":{}}' },
  { what: "a time that is not a number", topic: "v1/devices/me/telemetry", payload: '{"ts":"now","values":{"t":1}}' },
  { what: "a size of a chunk that is not a number", topic: "v2/fw/request/1/chunk/0", payload: "much" },
])("$what makes the handler fail: the session ends without PUBACK, in MQTT 5 with 0x8B", async ({ topic, payload }) => {
  await using server = await withDevice();
  const old = await open(server.simulator, { userName: "tok" });
  await old.send(publish(topic, payload));
  expect([old.received.slice(1), old.ended]).toEqual([[], true]);
  const five = await open(server.simulator, { userName: "tok", level: 5 });
  await five.send(publish(topic, payload));
  expect([five.received.slice(1), five.ended]).toEqual([["e0028b00"], true]);
});

test("numbers that neither Java's long nor a double can hold stay texts", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  const long = "12345678901234567890";
  const values = { ok: "-42", long, decimals: "0.12345678901234567" };
  await client.send(publish("v1/devices/me/attributes", JSON.stringify(values)));
  await client.send(publish("v1/devices/me/telemetry", `{"number":${long},"power":1e3}`, 1, 2));
  expect(server.simulator.devices[0]?.attributes.client).toEqual({ ...values, ok: -42 });
  expect(server.simulator.devices[0]?.telemetry).toEqual({ number: long, power: 1000 });
});

test("request ids are numbers: an answer goes to the number, a negative one is answered for RPC only", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  const topics = ["v1/devices/me/attributes/request/007", "v1/devices/me/attributes/request/-1"];
  for (const topic of topics) await client.send(publish(topic, "{}"));
  await client.send(publish("v1/devices/me/rpc/request/-3", '{"method":"getSessionLimits"}'));
  const answers = client.received.map((hex) => Buffer.from(hex, "hex").toString("latin1"));
  expect(answers.filter((text) => text.includes("response/"))).toEqual([
    expect.stringContaining("attributes/response/7\0\u0001{}"),
    expect.stringContaining("rpc/response/-3\0\u0002{"),
  ]);
});

test("limits are told on the long topics only", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(publish("v2/r/req/1", '{"method":"getSessionLimits","params":{}}'));
  await server.clock.advance(milliseconds(60_000));
  expect(client.payloads).toEqual(['{"error":"timeout"}']);
});

test.each([
  { topic: "v2/sw/request/1/chunk/0", size: "", error: "NOT_FOUND" },
  { topic: "v2/fw/request/1/chunk/0", size: "65536", error: "NOT_FOUND" },
  { topic: "v2/fw/request/1/chunk/0", size: "65537", error: "PAYLOAD_TOO_LARGE" },
])(
  "$topic in chunks of $size ends the session with $error on the topic of firmware",
  async ({ topic, size, error }) => {
    await using server = await withDevice();
    const client = await open(server.simulator, { userName: "tok" });
    await client.send(publish(topic, size));
    expect(Buffer.from(client.received[1] ?? "", "hex").toString("latin1")).toContain(`v2/fw/error\0\u0001${error}`);
    expect([client.received.length, client.ended]).toEqual([2, true]);
  },
);

test("a profile may have invalid payloads acknowledged instead", async () => {
  const profiles = [{ name: "plain", provisionType: "DISABLED", sendAckOnValidationException: true } as const];
  await using server = await withDevice({ profiles });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(publish("v1/devices/me/telemetry", "{bad"));
  expect([client.received.slice(1), client.ended]).toEqual([["40020001"], false]);
});
