import { expect, test } from "vitest";
import { accessToken, mqttBasic, type Simulator } from "../../../src/simulator/index.ts";
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

/** What is stored; what a client sends; the code of CONNACK (docs/thingsboard-protocol.md#kinds-of-credentials). */
const logins = [
  { stored: { clientId: "c" }, sent: { clientId: "c" }, code: 0 },
  { stored: { clientId: "c" }, sent: { clientId: "other" }, code: 2 },
  { stored: { clientId: "c" }, sent: { clientId: "c", userName: "u" }, code: 5 },
  { stored: { userName: "u" }, sent: { userName: "u" }, code: 0 },
  { stored: { userName: "u" }, sent: { userName: "u", clientId: "any", password: "any" }, code: 0 },
  { stored: { userName: "u" }, sent: { userName: "other" }, code: 5 },
  { stored: { clientId: "c", userName: "u" }, sent: { clientId: "c", userName: "u" }, code: 0 },
  { stored: { clientId: "c", userName: "u" }, sent: { clientId: "c", userName: "u", password: "any" }, code: 0 },
  { stored: { clientId: "c", userName: "u" }, sent: { clientId: "c" }, code: 2 },
  { stored: { clientId: "c", userName: "u" }, sent: { clientId: "other", userName: "u" }, code: 5 },
  { stored: { userName: "u", password: "p" }, sent: { userName: "u", password: "p", clientId: "any" }, code: 0 },
  { stored: { userName: "u", password: "p" }, sent: { userName: "u" }, code: 5 },
  { stored: { userName: "u", password: "p" }, sent: { userName: "u", password: "q" }, code: 5 },
  {
    stored: { clientId: "c", userName: "u", password: "p" },
    sent: { clientId: "c", userName: "u", password: "p" },
    code: 0,
  },
  { stored: { clientId: "c", userName: "u", password: "p" }, sent: { clientId: "c" }, code: 2 },
  {
    stored: { clientId: "c", userName: "u", password: "p" },
    sent: { clientId: "c", userName: "u", password: "q" },
    code: 5,
  },
  {
    stored: { clientId: "c", userName: "u", password: "p" },
    sent: { clientId: "d", userName: "u", password: "p" },
    code: 5,
  },
] as const;

test.each(logins)("MQTT_BASIC $stored: a CONNECT with $sent gets $code", async ({ stored, sent, code }) => {
  await using server = await withDevice();
  server.simulator.addDevice({ name: "basic", credentials: mqttBasic(stored) });
  expect((await open(server.simulator, sent)).received).toEqual([`200200${code.toString().padStart(2, "0")}`]);
});

test.each([
  { credentials: { clientId: "c", password: "p" }, answer: "FAILURE" },
  { credentials: { password: "p" }, answer: "FAILURE" },
  { credentials: {}, answer: '"credentialsType":"ACCESS_TOKEN","status":"SUCCESS"' },
  {
    credentials: { clientId: "c", username: "u" },
    answer: '{"clientId":"c","userName":"u","password":""},"credentialsType":"MQTT_BASIC","status":"SUCCESS"}',
  },
])("a request of MQTT_BASIC with $credentials is answered $answer", async ({ credentials, answer }) => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.send(request(requestBody({ credentialsType: "MQTT_BASIC", ...credentials })));
  expect(client.payloads[0]).toContain(answer);
  await simulator.close();
});

test("the same client id and user name under another name are refused, and the first keep working", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  const credentials = { credentialsType: "MQTT_BASIC", clientId: "c", username: "u", password: "p" };
  await client.send(request(requestBody(credentials)), request(requestBody({ ...credentials, deviceName: "cam-2" })));
  expect(client.payloads.map((payload) => payload.includes("SUCCESS"))).toEqual([true, false]);
  expect((await open(simulator, { clientId: "c", userName: "u", password: "p" })).received).toEqual(["20020000"]);
  await simulator.close();
});

test.each([
  { name: "a token", asked: { token: "provision" }, login: { userName: "provision" } },
  {
    name: "a user name",
    asked: { credentialsType: "MQTT_BASIC", username: "provision", password: "p" },
    login: { userName: "provision", password: "p" },
  },
  {
    name: "a client id",
    asked: { credentialsType: "MQTT_BASIC", clientId: "provision" },
    login: { clientId: "provision" },
  },
])("$name named provision is created and can never log in", async ({ asked, login }) => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.send(request(requestBody(asked)));
  expect(client.payloads[0]).toContain("SUCCESS");
  const later = await open(simulator, login);
  expect([later.received, simulator.sessions]).toEqual([["20020000"], []]);
  await simulator.close();
});

test("a device with a known token is told {} first and its id by a push, as the rule chain takes longer", async () => {
  const { simulator } = await startSimulator();
  simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
  const client = await open(simulator, { userName: "nobody" });
  const flight = await openWith(simulator);
  const id = simulator.device("cam")?.id;
  expect([client.ended, flight.payloads]).toEqual([true, ["{}", `{"deviceId":"${id}"}`]]);
  await simulator.close();
});

test("more devices than may be connected at once are refused with 3, and say so in the log", async () => {
  const { simulator } = await startSimulator({ connectedDeviceLimit: 1 });
  const told: string[] = [];
  simulator.on((event) => {
    if (event.type === "connection closed" && event.why !== undefined) told.push(event.why);
  });
  for (const name of ["a", "b"]) simulator.addDevice({ name, credentials: accessToken(name) });
  const first = await open(simulator, { userName: "a" });
  expect((await open(simulator, { userName: "b" })).received).toEqual(["20020003"]);
  expect(told).toEqual(["the CONNECT was refused: as many devices are connected as may be"]);
  await first.leave();
  expect((await open(simulator, { userName: "b" })).received).toEqual(["20020000"]);
  await simulator.close();
});

/** CONNECT, SUBSCRIBE and the request in one flight. */
async function openWith(simulator: Simulator): Promise<Client> {
  const client = new Client(simulator.connect());
  await client.send(
    connect({ userName: "tok" }),
    subscribe("v2/a/j"),
    publish("v2/a/req/j/1", '{"sharedKeys":"deviceId"}'),
  );
  return client;
}
