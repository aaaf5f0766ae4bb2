import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { accessToken, defaultProfile, Simulator } from "../../../src/simulator/index.ts";
import { open, publish, request, requestBody, subscribe } from "../client.ts";
import { Listening } from "./events.ts";

const start = v.object({
  version: v.string(),
  behavesAs: v.string(),
  secrets: v.string(),
  faults: v.array(v.looseObject({ name: v.string() })),
  events: v.array(v.looseObject({ number: v.number(), text: v.string() })),
  state: v.looseObject({
    devices: v.array(v.looseObject({ name: v.string() })),
    deviceCount: v.number(),
    behaviours: v.array(v.unknown()),
  }),
});

const secrets = [defaultProfile.provisionDeviceKey, defaultProfile.provisionDeviceSecret, "tokenOfCamera", "hunter2"];

async function startOf(listening: Listening) {
  return v.parse(start, await listening.next("start"));
}

/** A provisioning, a login, attributes and an injected answer: secrets in packets, devices, profiles and the scenario. */
async function sayMuch(simulator: Simulator): Promise<void> {
  const payload = '{"credentialsValue":"tokenOfCamera","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
  simulator.addBehaviours([{ on: "request", nth: 9, do: "answer", payload }]);
  const asking = await open(simulator);
  await asking.send(subscribe("/provision/response"), request(requestBody({ token: "tokenOfCamera" })));
  await asking.leave();
  const camera = await open(simulator, { userName: "tokenOfCamera" });
  await camera.send(publish("v1/devices/me/attributes", '{"wifiPassword":"hunter2","nested":{"token":"hunter2"}}'));
  simulator.addDevice({ name: "other", credentials: accessToken("hunter2") });
}

describe("the events of the page", () => {
  test("begin with what happened before and go on with what happens, each packet with its meaning", async () => {
    await using simulator = await Simulator.start({ httpPort: 0, version: "4.3.0" });
    const client = await open(simulator);
    using listening = await Listening.open(simulator.httpUrl);
    expect(listening.response.headers).toMatchObject({
      "content-type": "text/event-stream;charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const first = await startOf(listening);
    expect(first).toMatchObject({ version: "4.3.0", behavesAs: "4.2.1", secrets: "masked" });
    expect(first.events.map(({ text }) => text)).toEqual([
      "#1 connected from memory (TCP)",
      'CONNECT v4 clientId="" username="provision" password=absent clean=1 keepalive=60',
      "CONNACK sessionPresent=0 returnCode=0",
    ]);
    expect(first.faults.map(({ name }) => name)).toContain("timeOut");
    await client.send(request());
    expect(await listening.next("happened")).toMatchObject({
      kind: "packet",
      number: 5,
      connection: 1,
      from: "client",
      packet: "PUBLISH",
      meaning: "asks to be provisioned as cam-1",
      text: expect.stringContaining('"provisionDeviceKey":"[secret]"'),
    });
    expect(await listening.find("state", (text) => text.includes('"deviceCount":1'))).toContain('"name":"cam-1"');
  });

  test("hold no secret, neither the first nor the later ones", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    using early = await Listening.open(simulator.httpUrl, "?secrets=masked");
    await early.next("start");
    await sayMuch(simulator);
    const state = await early.find("state", (text) => text.includes('"name":"other"'));
    using late = await Listening.open(simulator.httpUrl);
    const first = JSON.stringify(await late.next("start"));
    for (const text of [state, first]) {
      expect(text).toContain("[secret]");
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from("tokenOfCamera").toString("hex"));
    }
  });

  test("hold them where they were asked for by name", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    await sayMuch(simulator);
    using listening = await Listening.open(simulator.httpUrl, "?secrets=shown");
    const first = JSON.stringify(await listening.next("start"));
    for (const secret of secrets) expect(first).toContain(secret);
    expect(first).toContain(Buffer.from("tokenOfCamera").toString("hex"));
    expect(first).not.toContain("[secret]");
  });

  test("are refused to a page of another origin, and by another name", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    for (const [headers, status] of [
      [{ origin: "http://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ host: "evil.example" }, 421],
      [{ "sec-fetch-site": "same-origin" }, 200],
    ] as const) {
      using listening = await Listening.open(simulator.httpUrl, "?secrets=shown", headers);
      expect([headers, listening.response.statusCode]).toEqual([headers, status]);
    }
  });
});

describe("what a page costs is bounded", () => {
  test("of what happened the newest 500 are kept", async () => {
    await using simulator = await Simulator.start({
      httpPort: 0,
      scenario: [{ on: "connect", do: "flood", packets: 600 }],
    });
    await open(simulator);
    using listening = await Listening.open(simulator.httpUrl);
    const { events } = await startOf(listening);
    expect(events).toHaveLength(500);
    expect(events.at(-1)?.text).toContain("CONNACK");
  });

  test("and of large packets as many as four megabytes hold", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    const large = publish("v1/devices/me/telemetry", JSON.stringify({ t: "x".repeat(60_000) }), 0);
    await camera.send(...Array.from({ length: 100 }, () => large));
    using listening = await Listening.open(simulator.httpUrl, "?secrets=shown");
    const { events } = await startOf(listening);
    expect(events.length).toBe(Math.floor((4 * 1024 * 1024) / 60_000));
    for (const { text } of events) expect(text.length).toBeLessThan(2100);
  });

  test("of many devices the newest 200 are told, and how many there are", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    for (let number = 1; number <= 250; number++) simulator.addDevice({ name: `cam-${number}` });
    using listening = await Listening.open(simulator.httpUrl);
    const { state } = await startOf(listening);
    expect([state.deviceCount, state.devices.length, state.devices.at(-1)?.name]).toEqual([250, 200, "cam-250"]);
  });

  test("of devices that have stored much as many as two megabytes hold", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const values = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`key${index}`, "x".repeat(10_000)]));
    for (let number = 1; number <= 60; number++) {
      simulator.addDevice({ name: `cam-${number}` });
      simulator.setAttributes(`cam-${number}`, values);
    }
    using listening = await Listening.open(simulator.httpUrl);
    const { state } = await startOf(listening);
    expect(state.deviceCount).toBe(60);
    expect(state.devices.length).toBeGreaterThan(20);
    expect(JSON.stringify(state.devices).length).toBeLessThan(2_000_000);
    expect(state.devices.at(-1)?.name).toBe("cam-60");
  });

  test("sixteen listen at once, and one more when one has gone", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const listening = await Promise.all(Array.from({ length: 16 }, () => Listening.open(simulator.httpUrl)));
    using refused = await Listening.open(simulator.httpUrl);
    expect(refused.response.statusCode).toBe(503);
    listening[0]?.[Symbol.dispose]();
    await expect
      .poll(async () => {
        using next = await Listening.open(simulator.httpUrl);
        return next.response.statusCode;
      })
      .toBe(200);
    for (const one of listening) one[Symbol.dispose]();
  });

  test("a reader that does not read is cut off, and others go on", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    using slow = await Listening.open(simulator.httpUrl, "?secrets=shown");
    slow.response.pause();
    const large = publish("v1/devices/me/telemetry", JSON.stringify({ t: "x".repeat(2000) }), 0);
    const many = Array.from({ length: 1000 }, () => large);
    for (let round = 0; round < 8; round++) await camera.send(...many);
    await slow.end();
    using other = await Listening.open(simulator.httpUrl);
    expect((await startOf(other)).events).toHaveLength(500);
  });

  test("a reader that goes in the middle of much disturbs nobody", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    const message = publish("v1/devices/me/telemetry", '{"t":1}', 0);
    using staying = await Listening.open(simulator.httpUrl);
    for (let round = 1; round <= 20; round++) {
      const going = await Listening.open(simulator.httpUrl);
      const sent = camera.send(...Array.from({ length: 50 }, () => message));
      going.response.socket.resetAndDestroy();
      await sent;
    }
    simulator.setAttributes("cam", { last: "one" });
    expect(await staying.find("state", (text) => text.includes("last"))).toContain("cam");
  });

  test("every stream ends with the simulator, and says so", async () => {
    const simulator = await Simulator.start({ httpPort: 0 });
    using listening = await Listening.open(simulator.httpUrl);
    await listening.next("start");
    await simulator.close();
    // A second time does nothing.
    await simulator.close();
    expect(await listening.next("end")).toEqual({});
    await listening.end();
    expect(simulator.httpUrl).toMatch(/:0$/);
  });
});
