import { get, type IncomingMessage } from "node:http";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { accessToken, type Behaviour, type ServerVersion, Simulator } from "../../../src/simulator/index.ts";
import { FakeClock } from "../../base/fake-clock.ts";
import { committedRecordings } from "../../transcripts/data.ts";
import { recordedProfiles } from "../../transcripts/profiles.ts";
import { open, request as provisioning, requestBody, success } from "../client.ts";
import { ask as askServer } from "./ask.ts";

const recorded = v.object({
  requests: v.array(
    v.object({
      case: v.string(),
      request: v.optional(v.object({ headers: v.record(v.string(), v.string()), body: v.nullable(v.string()) }), {
        headers: {},
        body: null,
      }),
      response: v.object({ status: v.number(), content_type: v.nullish(v.string()), body: v.string() }),
    }),
  ),
});

/** Of an answer what the recordings have. */
async function ask(...question: Parameters<typeof askServer>) {
  const { status, headers, body } = await askServer(...question);
  return { status, contentType: headers["content-type"], body };
}

/** Bodies that the recording tells only the beginning of, and one whose message is Gson's own. */
const notCompared: Readonly<Record<string, string>> = {
  "X.509 chain profile": "told below: its request is not whole in the recording",
  "70000 characters": "its request is not whole in the recording",
  "invalid JSON": "the message is that of Gson's reader with line and column; status and type are told below",
  GET: "told below: the recording has no request",
  "GET attributes with the new token": "told below: the recording has no request",
  "GET attributes with an unknown token": "told below: the recording has no request",
};

const versions: readonly ServerVersion[] = ["3.9.1", "4.0.2", "4.3.1.3"];

describe.each(versions)("POST /api/v1/provision of %s", (version) => {
  test("is answered as it was recorded", async () => {
    const recording = committedRecordings(version).find((one) => one.case === "http-provision");
    const { requests } = v.parse(
      recorded,
      recording !== undefined && "other" in recording ? recording.other : undefined,
    );
    await using simulator = await Simulator.start({ version, profiles: recordedProfiles, httpPort: 0 });
    simulator.addDevice({ name: "cam-http-pre", profile: "rec-pre", credentials: accessToken("RecHttpPreTok") });
    const compared = requests.filter((one) => !(one.case in notCompared));
    expect(compared.length).toBe(requests.length - Object.keys(notCompared).length);
    for (const { case: name, request: sent, response } of compared) {
      const reply = await ask(`${simulator.httpUrl}/api/v1/provision`, {
        headers: sent.headers,
        body: sent.body ?? "",
      });
      const expected = {
        status: response.status,
        contentType: response.content_type ?? undefined,
        body: plain(response.body),
      };
      expect([name, { ...reply, body: plain(reply.body) }]).toEqual([name, expected]);
    }
  });

  test("has nothing to say to GET, and a 500 for what is not JSON", async () => {
    await using simulator = await Simulator.start({ version, httpPort: 0 });
    const url = `${simulator.httpUrl}/api/v1/provision`;
    const get = await ask(url, { method: "GET" });
    const first = version === "4.3.1.3" ? /^\{"message":"Request method 'GET' is not supported"/ : /^\{"status":405,/;
    expect([get.status, get.body]).toEqual([405, expect.stringMatching(first)]);
    const invalid = await ask(url, { body: '{"deviceName":' });
    expect([invalid.status, invalid.contentType]).toEqual([500, "application/json;charset=ISO-8859-1"]);
  });
});

test("a request that the core cannot answer ends in an empty 500 after 10 to 20 s", async () => {
  const clock = new FakeClock();
  await using simulator = await Simulator.start({ clock, httpPort: 0 });
  let reply: Awaited<ReturnType<typeof ask>> | undefined;
  const asked = ask(`${simulator.httpUrl}/api/v1/provision`, { body: requestBody({ deviceName: "a\0b" }) }).then(
    (one) => {
      reply = one;
    },
  );
  for (let round = 0; reply === undefined && round < 10_000; round++) await clock.advance(milliseconds(100));
  await asked;
  expect(reply).toEqual({ status: 500, contentType: undefined, body: "" });
  expect(clock.elapsed()).toBeGreaterThanOrEqual(10_000);
});

test("a device that was provisioned over HTTP stores and reads its attributes there", async () => {
  await using simulator = await Simulator.start({ httpPort: 0 });
  const url = simulator.httpUrl ?? "";
  const provisioned = await ask(`${url}/api/v1/provision`, {
    headers: { accept: "application/json" },
    body: requestBody({ token: "tok" }),
  });
  expect(provisioned).toEqual({ status: 200, contentType: "application/json", body: success });
  expect((await ask(`${url}/api/v1/tok/attributes`, { body: '{"serial":"007"}' })).status).toBe(200);
  expect((await ask(`${url}/api/v1/tok/telemetry`, { body: "[1]" })).status).toBe(500);
  expect((await ask(`${url}/api/v1/tok/telemetry`, { body: '{"ts":"now","values":{}}' })).status).toBe(500);
  simulator.setAttributes("cam-1", { limit: 5 });
  const read = await ask(`${url}/api/v1/tok/attributes?clientKeys=serial&sharedKeys=limit`, { method: "GET" });
  expect(read.body).toBe('{"client":{"serial":7},"shared":{"limit":5}}');
  expect(await ask(`${url}/api/v1/nobody/attributes`, { method: "GET" })).toMatchObject({ status: 401, body: "" });
});

test("testers get devices, sessions, exchanges and the scenario as JSON", async () => {
  await using simulator = await Simulator.start({ httpPort: 0 });
  const url = simulator.httpUrl ?? "";
  simulator.addDevice({ name: "<b>cam</b>", credentials: accessToken("tok") });
  const devices: unknown = JSON.parse((await ask(`${url}/simulator/devices`, { method: "GET" })).body);
  expect(devices).toMatchObject([{ name: "<b>cam</b>", credentials: { credentialsId: "tok" } }]);
  const headers = { "content-type": "application/json" };
  const behaviours = [{ on: "request", do: "lose" }];
  const added = await ask(`${url}/simulator/scenario`, {
    headers,
    body: JSON.stringify({ description: "x", behaviours }),
  });
  expect(JSON.parse(added.body)).toEqual({ unplayed: behaviours });
  const wrong = await ask(`${url}/simulator/scenario`, {
    headers,
    body: '{"description":"x","behaviours":[{"on":"request","do":"loose"}]}',
  });
  expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining("did you mean lose?")]);
  expect((await ask(`${url}/simulator/exchanges?last=abc`, { method: "GET" })).status).toBe(400);
  expect(await ask(`${url}/nosuch`, { method: "GET" })).toMatchObject({
    status: 404,
    body: expect.stringContaining("There is nothing for GET /nosuch; there is GET /"),
  });
});

test("a reset returns to the start: its devices, its scenario, nothing that was added", async () => {
  const scenario: Behaviour[] = [{ on: "request", do: "lose" }];
  const devices = [{ name: "registered", credentials: accessToken("tok") }];
  await using simulator = await Simulator.start({ httpPort: 0, scenario, devices });
  const client = await open(simulator);
  await client.send(provisioning());
  simulator.removeDevice("registered");
  simulator.addBehaviours([{ on: "probe", do: "double" }]);
  expect(simulator.devices.map(({ name }) => name)).toEqual(["cam-1"]);
  const headers = { "content-type": "application/json" };
  const reply = await ask(`${simulator.httpUrl}/simulator/reset`, { headers });
  expect([reply.status, JSON.parse(reply.body)]).toEqual([200, { devices: 1, unplayed: scenario }]);
  expect(simulator.devices).toMatchObject([{ name: "registered", credentials: { credentialsId: "tok" } }]);
  expect(simulator.heard).toEqual([]);
});

test("HTTP stays on this machine when MQTT does not, unless it is said otherwise", async () => {
  await using simulator = await Simulator.start({ host: "0.0.0.0", httpPort: 0 });
  expect([simulator.url, simulator.httpUrl]).toEqual([
    `mqtt://0.0.0.0:${simulator.port}`,
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
  ]);
  await using shown = await Simulator.start({ httpHost: "0.0.0.0", httpPort: 0 });
  expect(shown.httpUrl).toMatch(/^http:\/\/0\.0\.0\.0:/);
});

test("a page of another origin can neither change anything nor read it", async () => {
  await using simulator = await Simulator.start({ httpPort: 0 });
  simulator.addDevice({ name: "cam" });
  const url = simulator.httpUrl ?? "";
  expect((await ask(`${url}/simulator/reset`, { headers: { "content-type": "text/plain" } })).status).toBe(415);
  expect((await ask(`${url}/simulator/devices`, { method: "GET", headers: { host: "evil.example" } })).status).toBe(
    421,
  );
  expect(simulator.devices).toHaveLength(1);
});

test("every answer but the page forbids scripts, frames and guesses at its type, also one to an address that cannot be read", async () => {
  await using simulator = await Simulator.start({ httpPort: 0 });
  const url = simulator.httpUrl ?? "";
  for (const [path, status] of [
    ["/simulator", 200],
    ["/nowhere", 404],
    ["/%E0%A4%A", 400],
    ["//[", 404],
  ] as const) {
    const { port } = new URL(url);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path, agent: false }, resolve).on("error", reject);
    });
    answer.resume();
    expect([path, answer.statusCode]).toEqual([path, status]);
    expect(answer.headers).toMatchObject({
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  }
});

test("a body of more than a megabyte is refused", async () => {
  await using simulator = await Simulator.start({ httpPort: 0 });
  const reply = await ask(`${simulator.httpUrl}/api/v1/provision`, { body: "x".repeat(1024 * 1024 + 1) }).catch(
    () => undefined,
  );
  expect(reply === undefined || reply.status === 413).toBe(true);
});

test("without an httpPort there is no HTTP", async () => {
  await using simulator = await Simulator.start();
  expect(simulator.httpUrl).toBeUndefined();
});

/** Times and the tokens that a server makes are not compared. */
function plain(body: string): string {
  return body
    .replace(/"timestamp":[0-9]+/, '"timestamp":0')
    .replace(/(?<="credentialsValue":")[A-Za-z0-9]{20}(?=")/, "*");
}
