import { expect, test } from "vitest";
import { describe, differences, packetLine, serverVersions } from "../../../src/simulator/index.ts";
import { maskedIn, packetMeaning } from "../../../src/simulator/record/describe.ts";
import { committedRecordings } from "../../transcripts/data.ts";
import { levelOf } from "../../transcripts/facts.ts";
import { recordingOf } from "../../transcripts/recording.ts";
import { open, publish, request, requestBody, startSimulator, subscribe } from "../client.ts";

const secrets = ["simulatorKey01234567", "simulatorSecret01234", "theToken", "thePassword"];

test("no line shows a key, a secret, a token or a password, unless it is asked to", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator, { userName: "provision", password: "thePassword" });
  await client.send(request(requestBody({ token: "theToken" })));
  await client.send(request(`{deviceName:'cam', token:'theToken', ${requestBody().slice(1)}`));
  await client.send(request(requestBody({ token: "theToken" }).slice(0, -1)));
  await open(simulator, { userName: "theToken", password: "thePassword" });
  const lines = simulator.heard.map((exchange) => describe(exchange));
  expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  const shown = simulator.heard.map((exchange) => describe(exchange, "shown")).join("\n");
  expect(secrets.filter((secret) => !shown.includes(secret))).toEqual([]);
  await simulator.close();
});

test("a conversation reads as one", async () => {
  const { simulator } = await startSimulator();
  await (await open(simulator)).send(request(requestBody({ deviceName: "cam\u001b[31m" })));
  await open(simulator, { userName: "nobody" });
  expect(simulator.heard.map((exchange) => describe(exchange))).toEqual([
    'CONNECT v4 clientId="" username="provision" password=absent clean=1 keepalive=60  (opens a provisioning session)',
    "CONNACK sessionPresent=0 returnCode=0  (let in)",
    expect.stringMatching(
      /^PUBLISH q1 id=1 .*"provisionDeviceKey":"\[secret\]".*\(asks to be provisioned as cam\\u001b\[31m\)$/,
    ),
    "PUBACK id=1",
    expect.stringMatching(/^PUBLISH q1 id=1 .*\(answers SUCCESS\)$/),
    'CONNECT v4 clientId="" username=[secret] password=absent clean=1 keepalive=60  (logs in with its credentials)',
    "CONNACK sessionPresent=0 returnCode=5  (refused: not authorised)",
  ]);
  await simulator.close();
});

test("every recorded packet can be told in words", () => {
  const packets = committedRecordings("4.3.1.3").flatMap((one) => {
    if ("other" in one) return [];
    const recording = recordingOf(one);
    return recording.packets.map(({ bytes, connection }) => ({ bytes, level: levelOf(recording, connection) }));
  });
  expect(packets.length).toBeGreaterThan(1500);
  expect(packets.filter((packet) => packetLine(packet).startsWith("not MQTT"))).toEqual([]);
});

test("what is not a packet is told as such, however short", () => {
  for (const hex of ["", "10", "1000", "30ffffffffff", "3003000a61"]) {
    expect(packetLine({ bytes: Buffer.from(hex, "hex"), level: 4 })).toMatch(/^not MQTT, [0-9]+ bytes$/);
  }
});

test("every difference between servers names the versions that have it, and where that is known from", () => {
  for (const [name, { in: versions, meaning, source }] of Object.entries(differences)) {
    expect([name, versions.every((version) => serverVersions.includes(version))]).toEqual([name, true]);
    expect([meaning.length > 20, source.length > 10]).toEqual([true, true]);
  }
});

test("every packet has a meaning for the page, also those that the log leaves without one", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.send(subscribe("/provision/response"));
  await client.send({ cmd: "pingreq" });
  await client.send(request(requestBody({ token: "tok" })));
  await client.leave();
  const camera = await open(simulator, { userName: "tok" });
  await camera.send(publish("v1/devices/me/telemetry", "{}"), publish("v2/a", "{}"), publish("any/\u202e", "", 0));
  await camera.send({ cmd: "disconnect" });
  expect(simulator.heard.map((exchange) => packetMeaning(exchange))).toEqual([
    "opens a provisioning session",
    "let in",
    "wants to hear of /provision/response",
    "answers the subscription",
    "is still there",
    "is still there, too",
    "asks to be provisioned as cam-1",
    "has got the message",
    "answers SUCCESS",
    "logs in with its credentials",
    "let in",
    "sends measurements",
    "tells attributes",
    "says something on any/\\u{202e}",
    "has got the message",
    "has got the message",
    "ends the session",
  ]);
  await simulator.close();
});

test("JSON is told without what stands under the name of a secret, however deep, and in an injected answer", () => {
  const value = { wifiPassword: "a", nested: [{ apiToken: "b", credentialsType: "ACCESS_TOKEN", limit: 5 }] };
  expect(maskedIn(JSON.stringify(value))).toBe(
    '{"wifiPassword":"[secret]","nested":[{"apiToken":"[secret]","credentialsType":"ACCESS_TOKEN","limit":5}]}',
  );
  expect(maskedIn('"hunter2"', "adminPassword")).toBe("[secret]");
  expect(maskedIn('"hunter2"', "serial")).toBe('"hunter2"');
  expect(maskedIn(JSON.stringify({ do: "answer", payload: '{"credentialsValue":"tok"}' }))).toBe(
    '{"do":"answer","payload":"{\\"credentialsValue\\":\\"[secret]\\"}"}',
  );
  expect(maskedIn(JSON.stringify({ do: "answer", payload: "tok" }))).toBe(
    '{"do":"answer","payload":"<3 bytes that are no JSON, not shown>"}',
  );
});
