import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { expect, it } from "vitest";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { makeCertificate } from "../simulator/certificate.ts";
import { Camera } from "./camera.ts";

const own = makeCertificate({ commonName: "cam" });
const choices = {
  use_ssl: true,
  ca_file: "authority.pem",
  client_certificate_file: "own.pem",
  client_key_file: "own.key",
};

/** Ends TLS before a server that speaks plain text, and lets in only who shows that certificate. */
async function proxyBefore(
  port: number,
): Promise<AsyncDisposable & { readonly port: number; readonly seen: string[] }> {
  const seen: string[] = [];
  const { cert, key } = identity("server");
  const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (camera) => {
    const { raw, subject } = camera.getPeerCertificate();
    if (raw?.equals(own.der) !== true) {
      camera.destroy();
      return;
    }
    seen.push(String(subject.CN));
    const behind = connect(port, "127.0.0.1");
    camera.on("error", () => behind.destroy()).pipe(behind);
    behind.on("error", () => camera.destroy()).pipe(camera);
  });
  server.on("tlsClientError", () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    seen,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

function give(camera: Camera): void {
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.write("own.pem", own.cert);
  camera.write("own.key", own.key);
}

it.each(["ACCESS_TOKEN", "MQTT_BASIC"])(
  "a camera with %s shows its certificate to a proxy that wants one, on every connection, and writes that down",
  async (kind) => {
    await using camera = await Camera.start();
    await using proxy = await proxyBefore(camera.simulator.port);
    give(camera);
    camera.credentials({ ...choices, credentials_type: kind, server_port: proxy.port });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(new Set(proxy.seen)).toEqual(new Set(["cam"]));
    expect(camera.simulator.devices).toMatchObject([{ credentials: { credentialsType: kind } }]);
    const config = camera.read("thermal_config.json");
    expect(config).toContain('"client_certificate_file": "own.pem"');
    expect(config).toContain('"client_key_file": "own.key"');
    expect(config).not.toContain('"certificate_file"');
    const asked = proxy.seen.length;
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(proxy.seen.length).toBeGreaterThan(asked);
  },
);

it("without a proxy ThingsBoard judges by the certificate, and the refusal says so", async () => {
  await using camera = await Camera.start({ tls: identity("server") });
  give(camera);
  camera.credentials({ ...choices, timeout_seconds: 30 });
  const outcome = await camera.run();
  const causes = outcome.result === "failed" ? outcome.error.causes : [];
  expect(causes[0]).toContain("client_certificate_file is shown in TLS");
});

it("a certificate without its key is told before anything is sent", async () => {
  await using camera = await Camera.start({ tls: identity("server") });
  give(camera);
  camera.credentials({ ...choices, client_key_file: undefined });
  expect(await camera.run()).toMatchObject({
    error: {
      errorCode: "CREDENTIALS_FILE_INVALID",
      message: expect.stringContaining("client_key_file: found nothing"),
    },
  });
  expect(camera.simulator.heard).toEqual([]);
});
