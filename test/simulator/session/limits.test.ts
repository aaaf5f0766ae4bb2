import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { open, publish, subscribe, withDevice } from "../client.ts";

test("over its limit a device gets no PUBACK and is closed, its CONNECT is refused with 3, and later it is let in", async () => {
  await using server = await withDevice({ rateLimits: { messages: "2:60", telemetryDataPoints: "3:60" } });
  const client = await open(server.simulator, { userName: "tok" });
  await client.send(subscribe("v1/devices/me/attributes"));
  await client.send(publish("v1/devices/me/telemetry", '{"a":1,"b":2,"c":3}'));
  await client.send(publish("v1/devices/me/telemetry", '{"d":4}', 1, 2));
  expect([client.received.slice(2), client.ended]).toEqual([["40020001"], true]);
  expect((await open(server.simulator, { userName: "tok" })).received).toEqual(["20020003"]);
  expect((await open(server.simulator, { userName: "tok", level: 5 })).received).toEqual(["2003009f00", "e0029600"]);
  await server.clock.advance(milliseconds(31_000));
  expect((await open(server.simulator, { userName: "tok" })).received).toEqual(["20020000"]);
});

test("ten refusals in a row block an address for a minute, if that is switched on; a success resets the count", async () => {
  await using server = await withDevice({ addressBlock: {} });
  const refuse = async (times: number) => {
    for (let time = 0; time < times; time++) await open(server.simulator, { userName: "nobody" });
  };
  await refuse(9);
  await open(server.simulator, { userName: "tok" });
  await refuse(9);
  expect((await open(server.simulator, { userName: "nobody" })).received).toEqual(["20020005"]);
  const blocked = await open(server.simulator, { userName: "provision" });
  expect([blocked.received, blocked.ended]).toEqual([[], true]);
  expect((await open(server.simulator, { userName: "tok", remoteAddress: "other" })).received).toEqual(["20020000"]);
  await server.clock.advance(milliseconds(60_000));
  expect((await open(server.simulator, { userName: "tok" })).received).toEqual(["20020000"]);
});

test("packets wait for their CONNECT, a hundred of them; one more ends the connection", async () => {
  await using server = await withDevice({ latency: { connect: 500 } });
  const client = await open(server.simulator, { userName: "tok" });
  for (let count = 0; count < 100; count++) await client.send({ cmd: "pingreq" });
  await server.clock.advance(milliseconds(500));
  expect([client.take().length, client.ended]).toEqual([101, false]);
  const other = await open(server.simulator, { userName: "tok" });
  for (let count = 0; count < 101; count++) await other.send({ cmd: "pingreq" });
  expect([other.received, other.ended]).toEqual([[], true]);
});
