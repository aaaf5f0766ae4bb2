import { expect, test } from "vitest";
import { accessToken, Simulator } from "../../src/simulator/index.ts";
import { type Client, open, publish, request, requestBody, startSimulator } from "./client.ts";

test("10,000 devices and 1,000 connections at once live in one simulator", async () => {
  const { simulator } = await startSimulator();
  for (let index = 0; index < 10_000; index++) {
    simulator.addDevice({ name: `cam-${index}`, credentials: accessToken(`tok-${index}`) });
  }
  const clients: Client[] = [];
  for (let index = 0; index < 1000; index++) clients.push(await open(simulator, { userName: `tok-${index * 10}` }));
  await clients[999]?.send(publish("v1/devices/me/telemetry", '{"t":1}'));
  expect(simulator.sessions).toHaveLength(1000);
  expect(clients.every(({ received }) => received[0] === "20020000")).toBe(true);
  expect(simulator.device("cam-9990")?.telemetry).toEqual({ t: 1 });
  await (await open(simulator)).send(request(requestBody({ deviceName: "one more" })));
  expect(simulator.devices).toHaveLength(10_001);
  await simulator.close();
});

test("nothing is remembered of what was heard where that is asked for", async () => {
  const { simulator } = await startSimulator({ remember: 0 });
  const client = await open(simulator);
  await client.send({ cmd: "pingreq" });
  expect(simulator.heard).toEqual([]);
  await simulator.close();
});

test("what was heard is bounded, in number and in bytes", async () => {
  const { simulator } = await startSimulator({ remember: 100 });
  const client = await open(simulator);
  for (let count = 0; count < 150; count++) await client.send({ cmd: "pingreq" });
  expect(simulator.heard).toHaveLength(100);
  expect(simulator.heard.at(-1)?.packet).toBe("PINGRESP");
  await simulator.close();
  await using large = await Simulator.start({ profiles: [{ name: "plain", provisionType: "DISABLED" }] });
  large.addDevice({ name: "cam", credentials: accessToken("tok") });
  const sender = await open(large, { userName: "tok" });
  const filler = `{"t":"${"x".repeat(60_000)}"}`;
  for (let count = 0; count < 600; count++)
    await sender.send(publish("v1/devices/me/telemetry", filler, 1, (count % 65535) + 1));
  const bytes = large.heard.reduce((sum, exchange) => sum + exchange.bytes.length, 0);
  expect(bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
});
