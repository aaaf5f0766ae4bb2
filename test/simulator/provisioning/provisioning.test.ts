import { describe, expect, test } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { accessToken, type DeviceProfile, Simulator } from "../../../src/simulator/index.ts";
import { failure, notFound, open, request, startSimulator, subscribe, success } from "../client.ts";

const tenants: DeviceProfile[] = [
  {
    name: "cameras",
    tenant: "north",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceKey: "kn",
    provisionDeviceSecret: "sn",
  },
  {
    name: "cameras",
    tenant: "south",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceKey: "ks",
    provisionDeviceSecret: "ss",
  },
  {
    name: "registered",
    tenant: "north",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: "kr",
    provisionDeviceSecret: "sr",
  },
  { name: "closed", tenant: "north", provisionType: "DISABLED", provisionDeviceKey: "kd", provisionDeviceSecret: "sd" },
];

async function answerTo(simulator: Simulator, fields: Record<string, unknown>): Promise<string | undefined> {
  const client = await open(simulator);
  await client.send(request(JSON.stringify(fields)));
  return client.payloads[0];
}

const north = { provisionDeviceKey: "kn", provisionDeviceSecret: "sn" };
const south = { provisionDeviceKey: "ks", provisionDeviceSecret: "ss" };
const registered = { provisionDeviceKey: "kr", provisionDeviceSecret: "sr" };

describe("many tenants in one simulator", () => {
  test("a name is unique in its tenant, over all its profiles; a token is unique over all tenants", async () => {
    const { simulator } = await startSimulator({ profiles: tenants });
    expect(await answerTo(simulator, { ...north, deviceName: "cam", token: "tok" })).toBe(success);
    expect(await answerTo(simulator, { ...south, deviceName: "cam", token: "tok" })).toBe(failure);
    expect(await answerTo(simulator, { ...south, deviceName: "cam", token: "tok2" })).toBe(
      success.replace("tok", "tok2"),
    );
    expect(await answerTo(simulator, { ...north, deviceName: "cam" })).toBe(failure);
    expect(simulator.devices.map(({ tenant, name, profile }) => [tenant, name, profile])).toEqual([
      ["north", "cam", "cameras"],
      ["south", "cam", "cameras"],
    ]);
    await simulator.close();
  });

  test("the key of one with the secret of another is not found, and neither is a disabled profile's", async () => {
    const { simulator } = await startSimulator({ profiles: tenants });
    expect(await answerTo(simulator, { ...north, provisionDeviceSecret: "ss" })).toBe(notFound);
    expect(await answerTo(simulator, { provisionDeviceKey: "kd", provisionDeviceSecret: "sd" })).toBe(notFound);
    await simulator.close();
  });

  test("two profiles cannot have one key, nor one name in a tenant", async () => {
    const [first] = tenants;
    if (first === undefined) throw new Error("There are tenants.");
    const start = (second: Partial<DeviceProfile>) => Simulator.start({ profiles: [first, { ...first, ...second }] });
    await expect(start({ tenant: "west" })).rejects.toThrow("profiles.1.provisionDeviceKey: found the key of another");
    await expect(start({ provisionDeviceKey: "k" })).rejects.toThrow("profiles.1.name: found the same name");
  });
});

describe("pre-provisioned devices", () => {
  test.each([
    { version: "4.2.1", second: success },
    { version: "4.3.1.3", second: failure },
  ] as const)("on $version a second claim is answered $second", async ({ version, second }) => {
    const { simulator } = await startSimulator({ profiles: tenants, version });
    simulator.addDevice({ name: "cam", profile: "registered", credentials: accessToken("tok") });
    expect(await answerTo(simulator, { ...registered, deviceName: "cam" })).toBe(success);
    expect(simulator.devices[0]?.provisionState).toBe("provisioned");
    expect(await answerTo(simulator, { ...registered, deviceName: "cam" })).toBe(second);
    simulator.deleteAttributes("cam", ["provisionState"], "server");
    expect(await answerTo(simulator, { ...registered, deviceName: "cam" })).toBe(success);
    simulator.setAttributes("cam", { provisionState: "reset" }, "server");
    expect(await answerTo(simulator, { ...registered, deviceName: "cam" })).toBe(failure);
    await simulator.close();
  });

  test("two claims at the same time are both answered SUCCESS", async () => {
    const { simulator, clock } = await startSimulator({ profiles: tenants, latency: { request: 30 } });
    simulator.addDevice({ name: "cam", profile: "registered", credentials: accessToken("tok") });
    const body = JSON.stringify({ ...registered, deviceName: "cam" });
    const clients = [await open(simulator), await open(simulator)];
    for (const client of clients) await client.send(request(body));
    await clock.advance(milliseconds(30));
    expect(clients.map(({ payloads }) => payloads)).toEqual([[success], [success]]);
    await simulator.close();
  });
});

test.each([
  { what: "a token", fields: { token: "a\0b" } },
  { what: "a user name", fields: { credentialsType: "MQTT_BASIC", username: "a\0b" } },
  { what: "a certificate", fields: { credentialsType: "X509_CERTIFICATE", hash: "a\0b" } },
])("$what with U+0000 cannot be stored and ends in FAILURE, on an old server, too", async ({ fields }) => {
  const { simulator } = await startSimulator({ profiles: tenants, version: "3.9.1" });
  expect(await answerTo(simulator, { ...north, deviceName: "cam", ...fields })).toBe(failure);
  expect(simulator.devices).toEqual([]);
  await simulator.close();
});

test("a key with U+0000 breaks the look-up: nobody answers", async () => {
  const { simulator, clock } = await startSimulator({ profiles: tenants });
  const client = await open(simulator);
  await client.send(request(JSON.stringify({ provisionDeviceKey: "k\0n", provisionDeviceSecret: "sn" })));
  expect([client.received.length, client.ended]).toEqual([1, false]);
  await clock.advance(milliseconds(20_000));
  expect([client.received.slice(1), client.ended]).toEqual([["40020001"], true]);
  await simulator.close();
});

test("a tenant may have no more devices than its limit", async () => {
  const { simulator } = await startSimulator({ profiles: tenants, deviceLimit: 1 });
  expect(await answerTo(simulator, { ...north, deviceName: "cam-1", token: "tok" })).toBe(success);
  expect(await answerTo(simulator, { ...north, deviceName: "cam-2" })).toBe(failure);
  await simulator.close();
});

test("a provisioning session of 3.4 ignores SUBSCRIBE, and closes without a PUBACK", async () => {
  const { simulator } = await startSimulator({ profiles: tenants, version: "3.4" });
  const client = await open(simulator);
  await client.send(subscribe("/provision/response"), request("{}"));
  expect([client.received, client.ended]).toEqual([["20020000"], true]);
  expect((await open(simulator, { clientId: "nobody" })).received).toEqual(["20020005"]);
  await simulator.close();
});

describe("protobuf", () => {
  test("a protobuf request is understood field by field, and answered in kind", async () => {
    const { simulator } = await startSimulator({ profiles: tenants });
    const client = await open(simulator);
    await client.send(request(Buffer.from("0a0363616d1a080a026b6e1202736e22070a050a03746f6b2801", "hex")));
    expect(client.received[2]).toMatch(/08011a03746f6b$/);
    expect(simulator.devices).toMatchObject([{ name: "cam", gateway: true, credentials: { credentialsId: "tok" } }]);
    await client.send(request(JSON.stringify({ ...north, deviceName: "cam" }), 1, 2));
    expect(client.received[4]).toMatch(/0803$/);
    await simulator.close();
  });

  test.each([
    { payload: "", answer: /0802$/ },
    { payload: "2020", answer: /0802$/ },
    { payload: "1a080a026b6e1202736e10022212120474657374", answer: undefined },
    { payload: "20", answer: undefined },
    { payload: "0a0a0a", answer: undefined },
    { payload: "0a02fffe", answer: undefined },
    { payload: "0c", answer: undefined },
    { payload: "ffffffffffffffffffff01", answer: undefined },
  ])("the bytes $payload are answered or end the session", async ({ payload, answer }) => {
    const { simulator } = await startSimulator({ profiles: tenants });
    const client = await open(simulator);
    await client.send(request(Buffer.from(payload, "hex")));
    if (answer === undefined) expect([client.received.length, client.ended]).toEqual([1, true]);
    else expect(client.received[2]).toMatch(answer);
    await simulator.close();
  });
});
