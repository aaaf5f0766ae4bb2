import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { accessToken } from "../../../src/simulator/index.ts";
import {
  Client,
  connect,
  open,
  publish,
  request,
  requestBody,
  startSimulator,
  subscribe,
  withDevice,
} from "../client.ts";

const ask = (id: number) => publish(`v1/devices/me/attributes/request/${id}`, "{}", 1, id);

/** The packet ids of the PUBLISH packets with QoS 1 that came. */
function publishedIds(client: Client): number[] {
  return client.received.flatMap((hex) => {
    const bytes = Buffer.from(hex, "hex");
    return bytes.readUInt8(0) === 0x32 ? [bytes.readUInt16BE(4 + bytes.readUInt16BE(2))] : [];
  });
}

test("packet ids count every PUBLISH of a provisioning session, those with QoS 0 included", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "/provision/response", qos: 0 }] });
  await client.send(request(requestBody({ deviceName: "one" })));
  await client.send({ cmd: "unsubscribe", messageId: 2, unsubscriptions: ["/provision/response"] });
  await client.send(request(requestBody({ deviceName: "two" })));
  expect(publishedIds(client)).toEqual([2]);
  await simulator.close();
});

test("packet ids and subscriptions of a device session outlive a second CONNECT", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(subscribe("v1/devices/me/attributes"));
  await client.send(ask(1));
  await client.send(connect({ userName: "tok" }));
  await client.send(ask(2));
  server.simulator.setAttributes("cam", { limit: 5 });
  await client.send({ cmd: "pingreq" });
  expect(publishedIds(client)).toEqual([1, 2, 3]);
  expect(server.simulator.sessions).toEqual([{ connection: 1, deviceName: "cam" }]);
});

test("a second CONNECT as another device ends the session of the first and nothing else", async () => {
  await using server = await withDevice();
  server.simulator.addDevice({ name: "other", credentials: accessToken("other") });
  const client = await open(server.simulator, { userName: "tok" });
  await server.clock.advance(milliseconds(300_000));
  await client.send(connect({ userName: "other" }));
  expect(server.simulator.sessions).toEqual([{ connection: 1, deviceName: "other" }]);
  await server.clock.advance(milliseconds(400_000));
  expect(client.ended).toBe(false);
  await client.leave();
  expect(server.simulator.sessions).toEqual([]);
});

test("a session goes on while its second CONNECT is looked at", async () => {
  await using server = await withDevice({ latency: { connect: 30 } });
  const client = await open(server.simulator, { userName: "tok" });
  await server.clock.advance(milliseconds(30));
  await client.send(connect({ userName: "tok" }), { cmd: "pingreq" });
  expect(client.received).toEqual(["20020000", "d000"]);
  await server.clock.advance(milliseconds(30));
  expect(client.received).toEqual(["20020000", "d000", "20020000"]);
});

test("what came before the CONNECT of a provisioning session is never answered", async () => {
  const { simulator } = await startSimulator();
  const client = new Client(simulator.connect());
  await client.send({ cmd: "pingreq" }, connect({ userName: "provision" }));
  expect(client.received).toEqual(["20020000"]);
  await client.send({ cmd: "pingreq" });
  expect(client.received).toEqual(["20020000", "d000"]);
  await simulator.close();
});

test("an UNSUBSCRIBE from either of two filters for attributes ends the pushes", async () => {
  await using server = await withDevice();
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(subscribe("v1/devices/me/attributes"), subscribe("v2/a"));
  await client.send({ cmd: "unsubscribe", messageId: 2, unsubscriptions: ["v1/devices/me/attributes"] });
  server.simulator.setAttributes("cam", { limit: 5 });
  await client.send({ cmd: "pingreq" });
  expect(client.payloads).toEqual([]);
});
