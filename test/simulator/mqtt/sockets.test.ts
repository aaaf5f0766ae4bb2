import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { connectAsync, type IClientOptions } from "mqtt";
import { expect, test } from "vitest";
import { Simulator } from "../../../src/simulator/index.ts";
import { makeCertificate } from "../certificate.ts";
import { requestBody, success } from "../client.ts";

const server = makeCertificate({ commonName: "127.0.0.1" });

/** MQTT.js, a stranger's client, provisions itself and logs in with what it got. */
async function provision(url: string, options: IClientOptions): Promise<string> {
  const common: IClientOptions = { reconnectPeriod: 0, ...options };
  const session = await connectAsync(url, { ...common, username: "provision" });
  const answer = new Promise<string>((resolve) => {
    session.once("message", (_topic, payload) => resolve(payload.toString()));
  });
  await session.subscribeAsync("/provision/response", { qos: 1 });
  await session.publishAsync("/provision/request", requestBody({ token: "tok" }), { qos: 1 });
  const payload = await answer;
  await session.endAsync();
  const device = await connectAsync(url, { ...common, username: "tok" });
  await device.publishAsync("v1/devices/me/telemetry", '{"t":21.5}', { qos: 1 });
  await device.endAsync();
  return payload;
}

test.each([4, 5] as const)(
  "MQTT.js provisions and connects over TCP with protocol level %i",
  async (protocolVersion) => {
    await using simulator = await Simulator.start();
    expect(await provision(simulator.url, { protocolVersion })).toBe(success);
    expect(simulator.devices).toMatchObject([{ name: "cam-1", telemetry: { t: 21.5 } }]);
  },
);

test.each([4, 5] as const)(
  "MQTT.js provisions and connects over TLS with protocol level %i",
  async (protocolVersion) => {
    await using simulator = await Simulator.start({ tls: { cert: server.cert, key: server.key } });
    expect(simulator.url).toMatch(/^mqtts:\/\/127\.0\.0\.1:[0-9]+$/);
    expect(await provision(simulator.url, { protocolVersion, ca: server.cert })).toBe(success);
  },
);

test("a client certificate is asked for in the handshake and not demanded; the chain makes a device", async () => {
  const authority = makeCertificate({ commonName: "CA" });
  const leaf = makeCertificate({ commonName: "cam-tls", authority: { commonName: "CA", key: authority.key } });
  await using simulator = await Simulator.start({
    tls: { cert: server.cert, key: server.key },
    profiles: [{ name: "chain", provisionType: "X509_CERTIFICATE_CHAIN", provisionDeviceSecret: authority.cert }],
  });
  const options = {
    ca: server.cert,
    cert: leaf.cert + authority.cert,
    key: leaf.key,
    reconnectPeriod: 0,
    protocolVersion: 4 as const,
  };
  const client = await connectAsync(simulator.url, options);
  expect(simulator.sessions).toEqual([{ connection: 1, deviceName: "cam-tls" }]);
  await client.endAsync();
});

test("a reset is a reset, and a broken handshake harms nobody", async () => {
  await using simulator = await Simulator.start({ scenario: [{ on: "connection", do: "reset" }] });
  const socket = connectTcp(simulator.port, simulator.host);
  const [error] = await once(socket, "error");
  expect(error).toMatchObject({ code: "ECONNRESET" });
  await using secure = await Simulator.start({ tls: { cert: server.cert, key: server.key } });
  const plain = connectTcp(secure.port, secure.host, () => plain.write("GET / HTTP/1.1\r\n\r\n"));
  plain.on("error", () => {});
  await once(plain.resume(), "close");
  const tls = connectTls({ port: secure.port, host: secure.host, ca: server.cert });
  await once(tls, "secureConnect");
  tls.destroy();
});

test.each([
  ["that has not begun", Buffer.of()],
  ["that stops in the middle", Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01)],
])("a handshake %s ends with the server", async (_, bytes) => {
  await using simulator = await Simulator.start({ tls: { cert: server.cert, key: server.key } });
  const idle = connectTcp(simulator.port, simulator.host, () => idle.write(bytes));
  idle.on("error", () => {});
  await once(idle, "connect");
  // Who comes later is accepted later.
  const next = connectTls({ port: simulator.port, host: simulator.host, ca: server.cert });
  await once(next, "secureConnect");
  next.destroy();
  const closed = once(idle.resume(), "close");
  await simulator.close();
  await closed;
});

test("a port in use and a certificate that is none are told", async () => {
  await using simulator = await Simulator.start();
  await expect(Simulator.start({ port: simulator.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await expect(Simulator.start({ tls: { cert: "x", key: "y" } })).rejects.toThrow();
  await expect(Simulator.start({ httpPort: simulator.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("close ends every connection and frees the port", async () => {
  const simulator = await Simulator.start();
  const { port, host } = simulator;
  const socket = connectTcp(port, host);
  await once(socket, "connect");
  await simulator.close();
  socket.on("error", () => {});
  await once(socket.resume(), "close");
  await using again = await Simulator.start({ port });
  expect(again.port).toBe(port);
});
