import { expect, test } from "vitest";
import { milliseconds } from "../../src/base/duration.ts";
import type { Behaviour } from "../../src/simulator/index.ts";
import { settle } from "../base/fake-clock.ts";
import { type Client, open, request, requestBody, startSimulator } from "./client.ts";

test("restart: connections end; without memory the devices are gone, and what was under way is lost", async () => {
  for (const memory of ["kept", "lost"] as const) {
    const scenario: Behaviour[] = [
      { on: "request", nth: 2, do: "delay", beforeWork: 5000, for: 0 },
      { on: "request", nth: 3, do: "restart", memory },
    ];
    const { simulator, clock } = await startSimulator({ scenario });
    const clients: Client[] = [];
    for (const deviceName of ["cam-1", "cam-2", "cam-3"]) {
      const client = await open(simulator);
      await client.send(request(requestBody({ deviceName })));
      clients.push(client);
    }
    expect(clients.map(({ ended }) => ended)).toEqual([true, true, true]);
    await clock.advance(milliseconds(10_000));
    expect(simulator.devices.map(({ name }) => name)).toEqual(memory === "kept" ? ["cam-1"] : []);
    const again = await open(simulator);
    expect(again.received).toEqual(["20020000"]);
    await simulator.close();
  }
});

test("restart with a pause, stopAccepting: connections are refused meanwhile", async () => {
  const { simulator, clock } = await startSimulator({
    scenario: [
      { on: "request", do: "restart", for: 5000 },
      { on: "request", nth: 2, do: "stopAccepting", for: 3000 },
    ],
  });
  const port = simulator.port;
  await (await open(simulator)).send(request());
  expect((await open(simulator)).ended).toBe(true);
  await clock.advance(milliseconds(5000));
  while ((await open(simulator)).ended) await settle();
  expect(simulator.port).toBe(port);
  const connected = await open(simulator);
  await connected.send(request());
  expect(connected.payloads).toHaveLength(1);
  expect((await open(simulator)).ended).toBe(true);
  await simulator.close();
});

test("connection: closed at once, reset at once, or never answered", async () => {
  const { simulator } = await startSimulator({
    scenario: [
      { on: "connection", do: "close" },
      { on: "connection", nth: 2, do: "reset" },
      { on: "connection", nth: 3, do: "lose" },
    ],
  });
  const clients = [await open(simulator), await open(simulator), await open(simulator)];
  expect(clients.map(({ ended, received }) => [ended, received.length])).toEqual([
    [true, 0],
    [true, 0],
    [false, 0],
  ]);
  await simulator.close();
});
