import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, type DetailedPeerCertificate, type TlsOptions } from "node:tls";
import { describe, expect, it } from "vitest";
import { check } from "../../src/index.ts";
import type { Simulator } from "../../src/simulator/index.ts";
import { ordinarySystem } from "../check/ordinary-system.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { makeCertificate } from "../simulator/certificate.ts";
import { Camera } from "./camera.ts";

const own = makeCertificate({ commonName: "cam" });
const given = { client_certificate_file: "own.pem", client_key_file: "own.key" };

interface Demanding extends AsyncDisposable {
  readonly port: number;
  /** How many certificates each connection has shown that was let in. */
  readonly shown: number[];
}

/** A server that lets nobody in without a client certificate; which one it was, ThingsBoard behind it is told. */
async function demanding(simulator: Simulator, options: TlsOptions): Promise<Demanding> {
  const shown: number[] = [];
  const server = createServer({ ...identity("server"), requestCert: true, ...options }, (camera) => {
    const chain = chainOf(camera.getPeerCertificate(true));
    if (chain.length === 0) {
      camera.destroy();
      return;
    }
    shown.push(chain.length);
    const behind = simulator.connect({ certificates: chain });
    camera.on("error", () => behind.destroy()).pipe(behind);
    behind.on("error", () => camera.destroy()).pipe(camera);
  });
  server.on("tlsClientError", () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    shown,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** The chain as the client sent it. */
function chainOf(first: DetailedPeerCertificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next: DetailedPeerCertificate | undefined = first;
  while (next?.raw !== undefined && !chain.some((known) => Buffer.from(known).equals(next?.raw ?? known))) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}

function choose(camera: Camera, { port }: Demanding, changes: object): void {
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ server_port: port, use_ssl: true, ca_file: "authority.pem", ...changes });
}

describe("a server that demands a client certificate of everybody", () => {
  it("lets a camera in that makes its own: it is shown when the camera asks, and when it logs in", async () => {
    await using camera = await Camera.start();
    await using server = await demanding(camera.simulator, { rejectUnauthorized: false });
    choose(camera, server, { credentials_type: "X509_CERTIFICATE" });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.simulator.devices).toMatchObject([{ credentials: { credentialsType: "X509_CERTIFICATE" } }]);
    expect(server.shown.length).toBeGreaterThanOrEqual(2);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("and one that was given a certificate, with %s", async (version) => {
    await using camera = await Camera.start();
    const options = { rejectUnauthorized: true, ca: own.cert, minVersion: version, maxVersion: version };
    await using server = await demanding(camera.simulator, options);
    choose(camera, server, { credentials_type: "X509_CERTIFICATE", ...given });
    camera.write("own.pem", own.cert);
    camera.write("own.key", own.key);
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.read("thermal_config.json")).toContain('"certificate_file": "own.pem"');
  });

  it("lets `check` look, and ask, with the certificate that the camera was given", async () => {
    await using camera = await Camera.start();
    await using server = await demanding(camera.simulator, { rejectUnauthorized: true, ca: own.cert });
    choose(camera, server, { credentials_type: "X509_CERTIFICATE", ...given });
    camera.write("own.pem", own.cert);
    camera.write("own.key", own.key);
    const { lines } = await check({ directory: camera.directory, system: ordinarySystem, askServer: true });
    expect(lines.filter(({ state }) => state === "failed")).toEqual([]);
    expect(lines).toContainEqual(expect.objectContaining({ name: "MQTT", state: "ok" }));
    expect(new Set(server.shown)).toEqual(new Set([1]));
  });

  it("sees the certificate alone when the camera asks, and all that signed it when the camera logs in", async () => {
    await using camera = await Camera.start();
    await using server = await demanding(camera.simulator, { rejectUnauthorized: false });
    const authority = makeCertificate({ commonName: "Factory" });
    const signed = makeCertificate({ commonName: "cam", authority: { commonName: "Factory", key: authority.key } });
    choose(camera, server, { credentials_type: "X509_CERTIFICATE", ...given });
    camera.write("own.pem", signed.cert + authority.cert);
    camera.write("own.key", signed.key);
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(server.shown[0]).toBe(1);
    expect(server.shown.slice(1)).toContain(2);
  });

  it("tells a camera with a token by TLS 1.3 what it wants, and the camera says what to do", async () => {
    await using camera = await Camera.start();
    await using server = await demanding(camera.simulator, { rejectUnauthorized: true, minVersion: "TLSv1.3" });
    choose(camera, server, {});
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 78,
      error: {
        errorCode: "TLS_CLIENT_CERTIFICATE_WANTED",
        message: expect.stringContaining(
          "without a client certificate that it knows (alert 116, certificate_required)",
        ),
      },
    });
    expect(camera.simulator.heard).toEqual([]);
  });

  it("ends TLS 1.2 without saying why, and the camera names the certificate among the causes", async () => {
    await using camera = await Camera.start();
    await using server = await demanding(camera.simulator, { rejectUnauthorized: true, maxVersion: "TLSv1.2" });
    choose(camera, server, { timeout_seconds: 5 });
    expect(await camera.run()).toMatchObject({
      result: "failed",
      exitStatus: 75,
      error: {
        errorCode: "TLS_HANDSHAKE_REFUSED",
        message: expect.stringContaining("or wants a client certificate"),
      },
    });
  });
});
