import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { accessToken, defaultProfile, mqttBasic, NotUnique } from "../../../src/simulator/index.ts";
import { open, publish, request, requestBody, startSimulator, subscribe, withDevice } from "../client.ts";

test("CONNECT, two SUBSCRIBEs and an attribute request in one flight are answered in that order", async () => {
  await using server = await withDevice();
  server.simulator.setAttributes("cam", { deviceId: "id" });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(
    subscribe("v1/devices/me/attributes"),
    subscribe("v1/devices/me/attributes/response/+"),
    publish("v1/devices/me/attributes/request/1", '{"sharedKeys":"deviceId"}'),
  );
  expect(client.take().slice(0, 4)).toEqual(["20020000", "9003000901", "9003000901", "40020001"]);
  server.simulator.setAttributes("cam", { limit: 5 });
  server.simulator.deleteAttributes("cam", ["limit"]);
  await client.send({ cmd: "pingreq" });
  expect(client.payloads).toEqual(['{"limit":5}', '{"deleted":["limit"]}']);
});

test("the rule chain tells a new device its id: after provisioning to its subscription, later on request", async () => {
  const { simulator, clock } = await startSimulator({ profiles: [{ ...defaultProfile, deviceIdAfter: 40 }] });
  await (await open(simulator)).send(request(requestBody({ token: "tok" })));
  const client = await open(simulator, { userName: "tok" });
  const ask = publish("v1/devices/me/attributes/request/1", '{"sharedKeys":"deviceId"}');
  await client.send(subscribe("v1/devices/me/attributes"), ask);
  await clock.advance(milliseconds(40));
  await client.send(ask);
  const id = simulator.devices[0]?.id;
  expect(client.payloads).toEqual(["{}", `{"deviceId":"${id}"}`, `{"shared":{"deviceId":"${id}"}}`]);
  await client.send(publish("v1/devices/me/rpc/request/1", '{"method":"getDeviceId","params":{}}'));
  expect(client.payloads.at(-1)).toBe(`{"deviceId":"${id}"}`);
  await simulator.close();
});

test("short topics are answered on short topics", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(
    publish("v2/t/j", '{"t":1}'),
    publish("v2/a", '{"a":"1.10"}', 1, 2),
    publish("v2/a/req/j/7", "{}", 1, 3),
  );
  expect(client.received.slice(1, 4)).toEqual(["40020001", "40020002", "40020003"]);
  expect(Buffer.from(client.received[4] ?? "", "hex").toString()).toContain("v2/a/res/j/7");
  expect(client.payloads).toEqual(['{"client":{"a":1.1}}']);
  expect(server.simulator.devices[0]?.telemetry).toEqual({ t: 1 });
});

test("a newer session with the same token takes over; the older one is told so in MQTT 5", async () => {
  await using server = await withDevice();
  const first = await open(server.simulator, { userName: "tok", level: 5 });
  const second = await open(server.simulator, { userName: "tok", level: 5 });
  expect([first.received.at(-1), first.ended, second.ended]).toEqual(["e0028e00", true, false]);
  expect(server.simulator.sessions).toEqual([{ connection: 2, deviceName: "cam" }]);
});

test("changed credentials and deletion end the session with 0x98; a token of another device is refused", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok", level: 5 });
  server.simulator.setCredentials("cam", "tok");
  await client.send({ cmd: "pingreq" });
  expect(client.ended).toBe(false);
  server.simulator.setCredentials("cam", "tok2");
  await client.send({ cmd: "pingreq" });
  expect([client.received.at(-1), client.ended]).toEqual(["e0029800", true]);
  server.simulator.addDevice({ name: "cam2", credentials: accessToken("taken") });
  expect(() => server.simulator.setCredentials("cam", "taken")).toThrow(NotUnique);
  server.simulator.removeDevice("cam");
  expect((await open(server.simulator, { userName: "tok2" })).received).toEqual(["20020005"]);
  expect(() => server.simulator.removeDevice("cam")).toThrow("There is no device cam.");
});

test("credentials saved again unchanged end the session on a server before 4.2.1.1", async () => {
  await using server = await withDevice({ version: "4.0.2" });
  const client = await open(server.simulator, { userName: "tok" });
  server.simulator.setCredentials("cam", "tok");
  await client.send({ cmd: "pingreq" });
  expect(client.ended).toBe(true);
});

test("a session is closed after ten minutes without a packet, and not before", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  await server.clock.advance(milliseconds(590_000));
  await client.send({ cmd: "pingreq" });
  await server.clock.advance(milliseconds(599_000));
  expect(client.ended).toBe(false);
  await server.clock.advance(milliseconds(1_001));
  expect(client.ended).toBe(true);
});

test("a request of a tenant reaches a device that has subscribed, and no other", async () => {
  await using server = await withDevice();
  expect(server.simulator.sendRpc("cam", "reboot", {})).toBe(false);
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(subscribe("v1/devices/me/rpc/request/+"));
  expect(server.simulator.sendRpc("cam", "reboot", { delay: 1 })).toBe(true);
  await client.send(publish("v1/devices/me/rpc/response/0", "{}"));
  expect(client.payloads).toEqual(['{"method":"reboot","params":{"delay":1}}']);
});

test("the requests of a tenant are counted for each device, those that reach nobody included", async () => {
  await using server = await withDevice();
  server.simulator.addDevice({ name: "other", credentials: accessToken("other") });
  server.simulator.sendRpc("cam", "unheard", {});
  for (const [name, userName] of [["cam", "tok"] as const, ["other", "other"] as const]) {
    const client = await open(server.simulator, { userName });
    await client.send(subscribe("v1/devices/me/rpc/request/+"));
    server.simulator.sendRpc(name, "reboot", {});
    await client.send({ cmd: "pingreq" });
    const number = name === "cam" ? 1 : 0;
    expect(Buffer.from(client.received[2] ?? "", "hex").toString("latin1")).toContain(`rpc/request/${number}\0`);
  }
});

test("a request that no rule chain answers times out after 60 s; limits are told at once", async () => {
  await using server = await withDevice({ rateLimits: { messages: "10:1", telemetryMessages: "20:60" } });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(publish("v1/devices/me/rpc/request/1", '{"method":"getDeviceId","params":{}}'));
  await client.send(publish("v1/devices/me/rpc/request/2", '{"method":"getSessionLimits","params":{}}'));
  const limits = '"rateLimits":{"messages":"10:1","telemetryMessages":"20:60","telemetryDataPoints":null}';
  expect(client.payloads).toEqual([`{"maxPayloadSize":65536,"maxInflightMessages":100,${limits}}`]);
  await server.clock.advance(milliseconds(60_000));
  expect(client.payloads.at(-1)).toBe('{"error":"timeout"}');
});

test("only the filters of the device API are granted, at most QoS 1", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  const filters = [
    "v1/devices/me/attributes",
    "v2/r/req/+",
    "v1/gateway/rpc",
    "#",
    "v1/devices/me/telemetry",
    "/provision/response",
  ];
  const subscriptions = filters.map((topic) => ({ topic, qos: 2 as const }));
  await client.send({ cmd: "subscribe", messageId: 3, subscriptions });
  expect(client.received[1]).toBe("90080003010101808080");
  await client.send({ cmd: "unsubscribe", messageId: 4, unsubscriptions: ["v2/r/req/+"] });
  expect(client.received[2]).toBe("b0020004");
  expect(server.simulator.sendRpc("cam", "reboot", {})).toBe(false);
});

test.each([
  {
    stored: { clientId: "c", userName: "u", password: "p" },
    sent: { clientId: "c", userName: "u", password: "p" },
    code: "00",
  },
  {
    stored: { clientId: "c", userName: "u", password: "p" },
    sent: { clientId: "c", userName: "u", password: "x" },
    code: "05",
  },
  { stored: { clientId: "c", userName: "u" }, sent: { clientId: "c", userName: "u", password: "any" }, code: "00" },
  { stored: { userName: "u", password: "p" }, sent: { clientId: "any", userName: "u", password: "p" }, code: "00" },
  { stored: { userName: "u", password: "p" }, sent: { userName: "u" }, code: "05" },
  { stored: { clientId: "c" }, sent: { clientId: "c" }, code: "00" },
  { stored: { clientId: "c" }, sent: { clientId: "d" }, code: "02" },
])("MQTT_BASIC $stored with $sent: code $code", async ({ stored, sent, code }) => {
  await using server = await withDevice();
  server.simulator.addDevice({ name: "basic", credentials: mqttBasic(stored) });
  expect((await open(server.simulator, sent)).received).toEqual([`200200${code}`]);
});
