import { constants } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { type Connect, check, connect, dryRun, type ProvisionOptions, type Warning } from "../../src/index.ts";
import { Simulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { authorityFile, type CertificateName, identity } from "../fixtures/tls/certificates.ts";
import { Camera, someConfig } from "./camera.ts";
import { type Ending, endings, fails, provisionsTheSame } from "./hostile-encounter.ts";
import { HostileServer, says } from "./hostile-server.ts";

const hasIPv6 = await Simulator.start({ host: "::1" }).then(
  (simulator) => simulator.close().then(() => true),
  () => false,
);

/** A camera whose server speaks TLS with this certificate, and which trusts the authority beside provision.json. */
async function secureCamera(
  certificate: CertificateName = "server",
  { simulator = {}, credentials = {} }: { simulator?: SimulatorOptions; credentials?: Record<string, unknown> } = {},
): Promise<Camera> {
  const camera = await Camera.start({ tls: identity(certificate), ...simulator });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ use_ssl: true, ca_file: "authority.pem", ...credentials });
  return camera;
}

/** Nothing of ours was said to a server that is not the right one. */
function heardNothing(camera: Camera): void {
  expect(camera.simulator.heard).toEqual([]);
  expect(camera.simulator.devices).toEqual([]);
}

describe("over TLS", () => {
  it.each(["localhost", "127.0.0.1"])(
    "a camera is provisioned with ca_file beside provision.json, at %s",
    async (host) => {
      await using camera = await secureCamera("server", { credentials: { server_url: host } });
      const outcome = await camera.run({ requireTls: true });
      expect(outcome).toMatchObject({ result: "provisioned", warnings: [{ code: "NO_DEVICE_ID" }] });
      expect(camera.tokensOnServer).toEqual([camera.token]);
      const server = { url: host, port: camera.simulator.port, use_ssl: true };
      expect(camera.read("thermal_config.json")).toContain(`"use_ssl": true`);
      expect(outcome).toMatchObject({ credentials: { host: server.url, serverPort: server.port, useSsl: true } });
    },
  );

  it.runIf(hasIPv6)("a camera is provisioned at an IPv6 address that the certificate names", async () => {
    await using camera = await secureCamera("server", {
      simulator: { host: "::1" },
      credentials: { server_url: "[::1]" },
    });
    expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { host: "::1" } });
    await using other = await secureCamera("wrong-name", {
      simulator: { host: "::1" },
      credentials: { server_url: "[::1]" },
    });
    expect(await other.run()).toMatchObject({ result: "failed", error: { errorCode: "TLS_WRONG_HOST" } });
    heardNothing(other);
  });

  it("a scheme says that it is TLS, and the port says so by itself", async () => {
    for (const credentials of [{ server_url: "mqtts://localhost", use_ssl: undefined }, { use_ssl: undefined }]) {
      await using camera = await secureCamera("server", { credentials });
      expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { useSsl: true } });
    }
  });

  it("the option caFile outranks ca_file, and its path is relative to the folder", async () => {
    await using camera = await secureCamera("server", { credentials: { ca_file: "nowhere.pem" } });
    expect(await camera.run({ caFile: authorityFile() })).toMatchObject({ result: "provisioned" });
    await using other = await secureCamera("server", { credentials: { ca_file: "nowhere.pem" } });
    expect(await other.run({ caFile: "authority.pem" })).toMatchObject({ result: "provisioned" });
  });

  it("a certificate that was made by itself is trusted when it is the authority", async () => {
    await using camera = await secureCamera("self-signed");
    camera.write("authority.pem", identity("self-signed").cert);
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
  });

  it("the probe's connection is opened while the answer is awaited", async () => {
    const scenario = [{ on: "request", do: "delay", for: 200 }] as const;
    await using camera = await secureCamera("server", { simulator: { scenario } });
    const order: string[] = [];
    camera.simulator.on((event) => {
      if (event.type === "connection opened") order.push(`connection ${event.connection}`);
      if (event.type === "exchange" && event.exchange.topic === "/provision/response") order.push("answer");
      if (event.type === "session opened") order.push(`login on ${event.connection}`);
    });
    // On a clock that does not hurry: after two seconds the answer would be asked for.
    expect(await camera.run({ clock: systemClock })).toMatchObject({ result: "provisioned" });
    expect(order).toEqual(["connection 1", "connection 2", "answer", "login on 2"]);
  });
});

describe("a server's certificate", () => {
  const forGood = { type: "AUTH", exitStatus: 78, state: "FAILED_CONNECTION" } as const;
  const untrusted = { ...forGood, code: "TLS_UNTRUSTED" } as const;
  const incomplete = { ...forGood, code: "TLS_CHAIN_INCOMPLETE" } as const;
  const bad: Record<string, [CertificateName, Ending, ProvisionOptions, Record<string, unknown>]> = {
    "of an authority that is not the one in ca_file": [
      "server",
      {
        ...incomplete,
        says: /^127\.0\.0\.1:\d+ \(TLS\): .*\n {2}presented: .*\n {2}trusted: .*other-authority\.pem with "/,
      },
      { caFile: authorityFile("other-authority") },
      {},
    ],
    "of an authority that the system does not know": [
      "server",
      { ...incomplete, says: "trusted: the " },
      {},
      { ca_file: undefined },
    ],
    "that was made by itself": ["self-signed", untrusted, {}, {}],
    "for another name": ["wrong-name", { ...forGood, code: "TLS_WRONG_HOST" }, {}, { server_url: "localhost" }],
    "for a name, at an address": ["wrong-name", { ...forGood, code: "TLS_WRONG_HOST" }, {}, {}],
    "that has expired": ["expired", { ...forGood, code: "TLS_EXPIRED", exitStatus: 75 }, {}, {}],
    "that is not valid yet": ["not-yet-valid", { ...forGood, code: "TLS_NOT_YET_VALID", exitStatus: 75 }, {}, {}],
  };
  it.each(Object.entries(bad))("%s is not believed, and nothing is said to that server", async (_, row) => {
    const [certificate, ending, options, credentials] = row;
    await using camera = await secureCamera(certificate, { credentials });
    // Whatever the environment says.
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    await fails(camera, ending, options).finally(() => vi.unstubAllEnvs());
    heardNothing(camera);
    expect(camera.retries).toHaveLength(ending.exitStatus === 75 ? 3 : 0);
  });

  it("that is renewed lets the same device in", async () => {
    await using camera = await secureCamera("expired");
    await fails(camera, { ...forGood, code: "TLS_EXPIRED", exitStatus: 75 });
    await using renewed = await Camera.start({ tls: identity("server") });
    camera.credentials({ use_ssl: true, ca_file: "authority.pem", server_port: renewed.simulator.port });
    await provisionsTheSame(camera, renewed.simulator);
  });
});

describe("TLS and plain text", () => {
  it("plain text is refused with requireTls before anything is written or sent", async () => {
    await using camera = await Camera.start();
    const outcome = await camera.run({ requireTls: true });
    expect(outcome).toMatchObject({ exitStatus: 78, error: { errorCode: "TLS_REQUIRED", errorType: "VALIDATION" } });
    expect(outcome.status.currentState).toBe("FAILED_CONFIG");
    expect(camera.journal).toEqual([]);
    expect(camera.read("thermal_config.json")).toBe(someConfig);
    heardNothing(camera);
  });

  it("plain text is announced with a warning, TLS is not", async () => {
    await using plain = await Camera.start();
    expect((await plain.run()).warnings.map(({ code }) => code)).toContain("PLAIN_TEXT");
    await using secure = await secureCamera();
    expect((await secure.run()).warnings.map(({ code }) => code)).not.toContain("PLAIN_TEXT");
  });

  it("plain text on the port of TLS is warned about before the first connection, by check and in a dry run as well", async () => {
    await using camera = await Camera.start();
    camera.credentials({ server_port: 8883 });
    const told: string[] = [];
    const toldAtFirst: (readonly string[])[] = [];
    // What listens at 8883 of this machine is none of the test's business.
    const connectElsewhere: Connect = (endpoint, signal) => {
      toldAtFirst.push([...told]);
      return connect({ ...endpoint, port: camera.simulator.port }, signal);
    };
    const { directory } = camera;
    const both = ["PLAIN_TEXT", "PLAIN_TEXT_ON_TLS_PORT"];
    expect((await dryRun({ directory })).warnings.map(({ code }) => code)).toEqual(both);
    const looked = await check({ directory, surroundings: { connect: connectElsewhere } });
    expect(looked.lines.find(({ name }) => name === "encryption")).toMatchObject({ state: "warning", code: both[1] });
    toldAtFirst.length = 0;
    const onWarning = ({ code }: Warning) => told.push(code);
    expect(await camera.run({ connect: connectElsewhere, onWarning })).toMatchObject({ result: "provisioned" });
    expect(toldAtFirst[0]).toEqual(both);
    camera.credentials({ server_port: 1883 });
    expect((await dryRun({ directory })).warnings.map(({ code }) => code)).not.toContain(both[1]);
  });

  it.each(["nowhere.pem", "provision.json", "."])("ca_file %s is refused before anything is sent", async (caFile) => {
    await using camera = await secureCamera("server", { credentials: { ca_file: caFile } });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ exitStatus: 78, error: { errorCode: "AUTHORITIES_FILE_INVALID" } });
    expect(camera.journal).toEqual([]);
    heardNothing(camera);
  });

  it("a TLS server on a port that is said to be plain: 75, and the same device once it is corrected", async () => {
    await using camera = await secureCamera("server", { credentials: { use_ssl: false } });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 75,
      error: {
        errorType: "NETWORK",
        errorCode: "TLS_EXPECTED",
        message: expect.stringContaining("the port speaks TLS, and plain text was asked for"),
      },
    });
    expect(camera.retries).toEqual([]);
    heardNothing(camera);
    camera.credentials({ use_ssl: true, ca_file: "authority.pem" });
    await provisionsTheSame(camera);
  });

  it("a plain server on a port that is said to be TLS: told what to write, and the same device once it is corrected", async () => {
    await using camera = await Camera.start({}, { use_ssl: true });
    const write = `write "use_ssl": false, with server_url "127.0.0.1" and server_port ${camera.simulator.port}`;
    await fails(camera, {
      ...endings.notTls,
      says: `the port speaks MQTT in plain text, and TLS was asked for: ${write}`,
    });
    expect(camera.retries).toEqual([]);
    expect(camera.simulator.devices).toEqual([]);
    camera.credentials({ use_ssl: false });
    await provisionsTheSame(camera);
  });

  it("a web server on a port that is said to be TLS: told as what it is, and the same device later", async () => {
    await using hostile = await HostileServer.start(
      says(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n").toString("hex")),
    );
    await using camera = await Camera.start();
    camera.credentials({ use_ssl: true, server_port: hostile.port });
    await fails(camera, { ...endings.notTls, says: "what answers there is a web server (HTTP), in plain text" });
    camera.credentials();
    await provisionsTheSame(camera);
  });

  it("a server that offers no more than TLS 1.1 is refused", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" } as const;
    const legacy = { ...identity("server"), ...old, secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT };
    await using hostile = await HostileServer.start(says(""), legacy);
    await using camera = await secureCamera();
    camera.credentials({ use_ssl: true, ca_file: "authority.pem", server_port: hostile.port });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ exitStatus: 75, error: { errorCode: "TLS_VERSION_REFUSED" } });
    if (outcome.result === "failed") expect(outcome.error.message).toMatch(/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/);
    expect(hostile.connections).toBe(0);
  });
});
