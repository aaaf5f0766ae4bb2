import { describe, expect, test } from "vitest";
import { accessToken, type DeviceProfile, x509Certificate } from "../../../src/simulator/index.ts";
import { makeCertificate } from "../certificate.ts";
import { open, request, requestBody, startSimulator, withDevice } from "../client.ts";

const authority = makeCertificate({ commonName: "Thermal Chain CA" });
const leaf = makeCertificate({
  commonName: "cam-7@north",
  authority: { commonName: "Thermal Chain CA", key: authority.key },
});
const chain: DeviceProfile = {
  name: "chain",
  provisionType: "X509_CERTIFICATE_CHAIN",
  provisionDeviceSecret: authority.cert,
  certificateRegExPattern: "([^@]+)@north",
};

describe("a client certificate", () => {
  test("of a device lets it in, whatever its user name; an unknown one does not, whatever the token", async () => {
    await using server = await withDevice();
    server.simulator.addDevice({ name: "cam-x", credentials: x509Certificate(leaf.cert) });
    const known = await open(server.simulator, { userName: "nobody", certificates: [leaf.der] });
    expect(known.received).toEqual(["20020000"]);
    expect(server.simulator.sessions).toEqual([{ connection: 1, deviceName: "cam-x" }]);
    const unknown = await open(server.simulator, { userName: "tok", certificates: [authority.der] });
    expect(unknown.received).toEqual(["20020005"]);
    const five = await open(server.simulator, { userName: "tok", certificates: [authority.der], level: 5 });
    expect(five.received).toEqual(["2003008700", "e0028700"]);
  });

  test("lets its device in by MQTT 5, too, which is then answered", async () => {
    await using server = await withDevice();
    server.simulator.addDevice({
      name: "cam-x",
      credentials: x509Certificate(leaf.cert),
      attributes: { shared: { deviceId: "its id" } },
    });
    const client = await open(server.simulator, { certificates: [leaf.der], level: 5 });
    expect(client.received).toEqual(["2003000000"]);
    const question = { topic: "v2/a/req/j/1", payload: '{"sharedKeys":"deviceId"}', messageId: 1 };
    await client.send({ cmd: "publish", qos: 1, dup: false, retain: false, ...question });
    expect(client.received[1]).toBe("40020001");
    expect(client.payloads).toEqual(['{"shared":{"deviceId":"its id"}}']);
    expect(server.simulator.sessions).toEqual([{ connection: 1, deviceName: "cam-x" }]);
  });

  test("is refused before and after its dates", async () => {
    await using server = await withDevice();
    const dates = [
      { from: new Date("2020-01-01T00:00:00Z"), to: new Date("2021-01-01T00:00:00Z") },
      { from: new Date("2040-01-01T00:00:00Z"), to: new Date("2041-01-01T00:00:00Z") },
    ];
    for (const [index, range] of dates.entries()) {
      const certificate = makeCertificate({ commonName: `cam-${index}`, ...range });
      server.simulator.addDevice({ name: `cam-${index}`, credentials: x509Certificate(certificate.cert) });
      const client = await open(server.simulator, { certificates: [certificate.der] });
      expect(client.received).toEqual(["20020005"]);
    }
  });

  test("is no matter in a provisioning session", async () => {
    const { simulator } = await startSimulator();
    const client = await open(simulator, { userName: "provision", certificates: [leaf.der] });
    await client.send(request(requestBody()));
    expect(client.payloads[0]).toContain("SUCCESS");
    await simulator.close();
  });
});

describe("provisioning by X.509 chain", () => {
  test("makes the device in the handshake, named by its common name, and lets it in", async () => {
    const { simulator } = await startSimulator({ profiles: [chain] });
    const client = await open(simulator, { certificates: [leaf.der, authority.der] });
    expect(client.received).toEqual(["20020000"]);
    expect(simulator.devices).toMatchObject([{ name: "cam-7", profile: "chain", provisionState: "provisioned" }]);
    await open(simulator, { certificates: [leaf.der] });
    expect(simulator.devices).toHaveLength(1);
    await simulator.close();
  });

  test("renews the certificate of a device that is there, and leaves a token as it is", async () => {
    const { simulator } = await startSimulator({ profiles: [chain] });
    simulator.addDevice({ name: "cam-7", credentials: x509Certificate("old") });
    expect((await open(simulator, { certificates: [leaf.der, authority.der] })).received).toEqual(["20020000"]);
    simulator.setCredentials("cam-7", accessToken("tok"));
    expect((await open(simulator, { certificates: [leaf.der, authority.der] })).received).toEqual(["20020005"]);
    await simulator.close();
  });

  test("makes nothing without the chain, for another name, or where the profile does not allow it", async () => {
    const other = makeCertificate({
      commonName: "elsewhere",
      authority: { commonName: "Thermal Chain CA", key: authority.key },
    });
    const forbidden = { ...chain, allowCreateNewDevicesByX509Certificate: false };
    for (const [profile, certificates] of [
      [chain, [leaf.der]],
      [chain, [other.der, authority.der]],
      [forbidden, [leaf.der, authority.der]],
    ] as const) {
      const { simulator } = await startSimulator({ profiles: [profile] });
      expect((await open(simulator, { certificates })).received).toEqual(["20020005"]);
      expect(simulator.devices).toEqual([]);
      await simulator.close();
    }
  });

  test.each([
    { commonName: "a=b", name: "a\\=b" },
    { commonName: "a,b+c;d", name: "a\\,b\\+c\\;d" },
    { commonName: 'say "x"', name: 'say \\"x\\"' },
    { commonName: " first", name: "\\ first" },
    { commonName: "back\\slash", name: "back\\\\slash" },
  ])("a common name with special characters gets a backslash before each: $name", async ({ commonName, name }) => {
    const { simulator } = await startSimulator({ profiles: [{ ...chain, certificateRegExPattern: "(.*)" }] });
    await open(simulator, { certificates: [ofChain(commonName).der, authority.der] });
    expect(simulator.devices.map((device) => device.name)).toEqual([name]);
    await simulator.close();
  });

  test.each(["{{x}}", "<script>"])("a device is not named %s: no device, and the CONNECT is refused", async (name) => {
    const { simulator } = await startSimulator({ profiles: [{ ...chain, certificateRegExPattern: "(.*)" }] });
    const client = await open(simulator, { certificates: [ofChain(name).der, authority.der] });
    expect([client.received, simulator.devices]).toEqual([["20020005"], []]);
    await simulator.close();
  });

  test("a second leaf of the same name takes the device over, its session ends, and the first takes it back", async () => {
    const { simulator } = await startSimulator({ profiles: [chain] });
    const second = ofChain("cam-7@north");
    const first = await open(simulator, { certificates: [leaf.der, authority.der] });
    expect((await open(simulator, { certificates: [second.der] })).received).toEqual(["20020005"]);
    expect(first.ended).toBe(false);
    expect((await open(simulator, { certificates: [second.der, authority.der] })).received).toEqual(["20020000"]);
    expect(first.ended).toBe(true);
    expect((await open(simulator, { certificates: [leaf.der] })).received).toEqual(["20020005"]);
    expect((await open(simulator, { certificates: [leaf.der, authority.der] })).received).toEqual(["20020000"]);
    expect(simulator.devices).toHaveLength(1);
    await simulator.close();
  });

  test("a device is made although its leaf has expired, or the CONNECT says provision", async () => {
    const { simulator } = await startSimulator({ profiles: [chain] });
    const expired = makeCertificate({
      commonName: "old@north",
      authority: { commonName: "Thermal Chain CA", key: authority.key },
      from: new Date("2020-01-01T00:00:00Z"),
      to: new Date("2021-01-01T00:00:00Z"),
    });
    expect((await open(simulator, { certificates: [expired.der, authority.der] })).received).toEqual(["20020005"]);
    await open(simulator, { userName: "provision", certificates: [leaf.der, authority.der] });
    expect(simulator.devices.map((device) => device.name)).toEqual(["old", "cam-7"]);
    await simulator.close();
  });
});

test("a certificate followed by one that did not sign it is turned away without a byte, and the log says why", async () => {
  const { simulator } = await startSimulator({ profiles: [chain] });
  const impostor = makeCertificate({ commonName: "Thermal Chain CA" });
  const told: string[] = [];
  simulator.on((event) => {
    if (event.type === "connection turned away") told.push(event.why);
  });
  for (const other of [impostor, makeCertificate({ commonName: "Somebody" })]) {
    const client = await open(simulator, { certificates: [leaf.der, other.der] });
    expect([client.received, client.ended]).toEqual([[], true]);
  }
  const why = "a client certificate was not signed by the one that follows it";
  expect([told, simulator.devices]).toEqual([[why, why], []]);
  await simulator.close();
});

function ofChain(commonName: string) {
  return makeCertificate({ commonName, authority: { commonName: "Thermal Chain CA", key: authority.key } });
}
