import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { problemInWords } from "../../../src/model/problem.ts";
import {
  accessToken,
  type DeviceProfile,
  defaultProfile,
  mqttBasic,
  parseState,
  type SimulatorEvent,
  type Transcript,
} from "../../../src/simulator/index.ts";
import { compact, recordingOf } from "../../transcripts/recording.ts";
import { replayAll } from "../../transcripts/replay.ts";
import { open, request, requestBody, startSimulator, subscribe } from "../client.ts";

/** Plays a transcript as `npm run replay` does, with nothing known but itself. */
async function replayed(transcript: Omit<Transcript, "server"> & { readonly server?: unknown }) {
  const compacted = compact("recorded here", JSON.parse(JSON.stringify(transcript)));
  if ("other" in compacted) throw new Error("This is not a recording of packets.");
  const [result] = await replayAll([recordingOf(compacted)], []);
  return result;
}

test("a recording has the form of the transcripts of real servers, and can be replayed like them", async () => {
  const { simulator, clock } = await startSimulator();
  const recorder = simulator.record("A camera provisions itself.");
  const client = await open(simulator);
  await client.send(subscribe("/provision/response"), request(requestBody({ token: "tok" })));
  await clock.advance(milliseconds(250));
  await client.send({ cmd: "disconnect" });
  const device = await open(simulator, { userName: "tok", level: 5 });
  await clock.advance(milliseconds(100));
  await device.leave();
  const transcript = recorder.stop();
  await open(simulator);
  await simulator.close();

  expect(transcript.connections).toEqual([
    {
      connection: 1,
      transport: "TCP",
      mqtt: "3.1.1",
      ended_by: "server after client DISCONNECT",
      ended_how: "FIN",
      ended_at_ms: 250,
    },
    { connection: 2, transport: "TCP", mqtt: "5", ended_by: "client", ended_how: expect.any(String), ended_at_ms: 350 },
  ]);
  expect(transcript.packets.map(({ direction, decoded }) => `${direction} ${decoded.split(" ")[0]}`)).toEqual([
    "sent CONNECT",
    "received CONNACK",
    "sent SUBSCRIBE",
    "sent PUBLISH",
    "received SUBACK",
    "received PUBACK",
    "received PUBLISH",
    "sent DISCONNECT",
    "sent CONNECT",
    "received CONNACK",
  ]);
  expect(transcript.server_effect).toMatchObject([
    { device_name: "cam-1", device_exists: true, credentials_id: "tok", provisionState: "provisioned" },
  ]);
  expect(transcript.strategy).toBe("ALLOW_CREATE_NEW_DEVICES");
  expect(await replayed(transcript)).toMatchObject({ version: "4.3.1.3", differences: [] });
});

test("a recording of a claim can be replayed, whatever the profile is called and whether its strategy is told", async () => {
  const profile: DeviceProfile = {
    name: "hall",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: "hallKey",
    provisionDeviceSecret: "hallSecret",
  };
  const { simulator } = await startSimulator({ profiles: [defaultProfile, profile] });
  simulator.addDevice({ name: "cam-1", profile: "hall", credentials: accessToken("tok") });
  const recorder = simulator.record("A claim, and one with a wrong secret.");
  const keys = { provisionDeviceKey: "hallKey", provisionDeviceSecret: "hallSecret" };
  for (const fields of [{ ...keys, provisionDeviceSecret: "x" }, keys]) {
    const client = await open(simulator);
    await client.send(request(requestBody({ ...fields, token: "another" })));
    await client.leave();
  }
  const transcript = recorder.stop();
  await simulator.close();
  expect(transcript.strategy).toBe("CHECK_PRE_PROVISIONED_DEVICES");
  expect((await replayed(transcript))?.differences).toEqual([]);
  expect((await replayed({ ...transcript, strategy: "", server: undefined }))?.differences).toEqual([]);
});

test("what is deleted meanwhile is recorded as gone", async () => {
  const { simulator } = await startSimulator();
  const recorder = simulator.record("Deleted.");
  simulator.addDevice({ name: "cam", gateway: true, credentials: mqttBasic({ clientId: "c" }) });
  simulator.addDevice({ name: "gone" });
  simulator.removeDevice("gone");
  expect(recorder.stop().server_effect).toMatchObject([
    {
      device_name: "cam",
      additional_info: { gateway: true },
      credentials_value: '{"clientId":"c","userName":null,"password":null}',
    },
    { device_name: "gone", device_exists: false },
  ]);
  await simulator.close();
});

test("the devices survive a simulator as plain JSON", async () => {
  const { simulator } = await startSimulator();
  await (await open(simulator)).send(request(requestBody({ token: "tok" })));
  simulator.addDevice({
    name: "basic",
    credentials: mqttBasic({ userName: "u", password: "p" }),
    attributes: { shared: { a: [1, null] } },
  });
  const saved: unknown = JSON.parse(JSON.stringify(simulator.state));
  const before = simulator.devices;
  await simulator.close();
  const state = parseState(saved);
  if (!state.ok) throw new Error(state.problems.map(problemInWords).join());
  const { simulator: next } = await startSimulator({ state: state.value });
  expect(next.devices).toEqual(before);
  expect((await open(next, { userName: "tok" })).received).toEqual(["20020000"]);
  await next.close();
});

test("a damaged state is told, without what is secret in it", () => {
  const device = { id: "x", tenant: "t", name: 5, credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: 7 } };
  const checked = parseState({ format: "other", devices: [device] });
  const problems = checked.ok ? [] : checked.problems.map(problemInWords);
  expect(problems).toContain('format: found the text "other", expected the text "thermal-provision simulator state 1"');
  expect(problems).toContain('devices.0.id: found the text "x", expected a UUID');
  expect(problems).toContain("devices.0.name: found the number 5, expected a text");
  expect(problems).toContain("devices.0.credentials.credentialsId: found a number, expected a text");
});

test("events tell what happens, in order, to listeners and to those who await them", async () => {
  const { simulator } = await startSimulator({ scenario: [{ on: "subscribe", do: "lose" }] });
  const stop = new AbortController();
  const awaited: string[] = [];
  const reading = (async () => {
    for await (const event of simulator.events(stop.signal)) awaited.push(event.type);
  })();
  const heard: SimulatorEvent[] = [];
  const silence = simulator.on((event) => heard.push(event));
  simulator.on(() => {
    throw new Error("A listener's own trouble.");
  });
  const client = await open(simulator);
  await client.send(subscribe("/provision/response"), request(requestBody({ token: "tok" })));
  await client.leave();
  const device = await open(simulator, { userName: "tok" });
  await device.leave();
  silence();
  await open(simulator);
  stop.abort();
  await reading;
  const types = heard.map(({ type }) => type).filter((type) => type !== "exchange");
  expect(types).toEqual([
    "connection opened",
    "behaviour",
    "device created",
    "connection closed",
    "connection opened",
    "session opened",
    "session closed",
    "connection closed",
  ]);
  expect(awaited.filter((type) => type !== "exchange")).toEqual([...types, "connection opened"]);
  await simulator.close();
});

test("what a device of a state lacks is told as what should be there", () => {
  const checked = parseState({ format: "thermal-provision simulator state 1", devices: [{ gateway: false }] });
  const problems = checked.ok ? [] : checked.problems.map(problemInWords);
  expect(problems).toContain("devices.0.id: found nothing, expected a text");
  expect(problems).toContain("devices.0.telemetry: found nothing, expected an object");
  expect(problems).toContain("devices.0.credentials: found nothing, expected credentials of a known type");
});
