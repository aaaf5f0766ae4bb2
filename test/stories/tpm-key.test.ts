import { X509Certificate } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { whyTpmKeyIsShut } from "../../src/files/tpm-key.ts";
import { check } from "../../src/index.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { tpmKey } from "../fixtures/tpm-key.ts";
import { makeCertificate } from "../simulator/certificate.ts";
import { Camera } from "./camera.ts";
import { Command } from "./command.ts";

const own = makeCertificate({ commonName: "own" });

async function cameraWithTpm(): Promise<Camera> {
  const camera = await Camera.start({ tls: identity("server") });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  const files = { client_certificate_file: "own.pem", client_key_file: "own.key" };
  camera.credentials({ credentials_type: "X509_CERTIFICATE", use_ssl: true, ca_file: "authority.pem", ...files });
  camera.write("own.pem", own.cert);
  camera.write("own.key", tpmKey);
  return camera;
}

describe("a key that lies in a TPM", () => {
  it("is refused as what it is, before anything is sent, where Node.js has no provider for it", async () => {
    await using camera = await cameraWithTpm();
    const found = await check({ directory: camera.directory });
    expect(found.lines.filter(({ state }) => state === "failed")).toEqual([
      expect.objectContaining({
        group: "files",
        name: "own certificate",
        code: "TPM_KEY_UNUSABLE",
        found: expect.stringContaining("own.key holds a key that lies in a TPM (TSS2 PRIVATE KEY), and "),
        remedy: expect.stringContaining("docs/how-to/tpm.md"),
      }),
    ]);
    expect(found.exitStatus).toBe(78);
    expect(await camera.run()).toMatchObject({
      result: "failed",
      exitStatus: 78,
      error: { errorCode: "TPM_KEY_UNUSABLE" },
    });
    // The check looks whether the server would let it ask.
    expect(camera.simulator.heard.map(({ packet }) => packet)).not.toContain("PUBLISH");
    expect(camera.simulator.devices).toEqual([]);
    expect(camera.journal).toEqual([]);
  });

  // What the provider does, without a TPM; `npm run test:deployment -- tpm` has the real one.
  it("is taken as it stands in its file where OpenSSL reads it", async () => {
    await using camera = await cameraWithTpm();
    camera.write(
      "provider.cjs",
      `const crypto = require("node:crypto");
const tls = require("node:tls");
const inTpm = ${JSON.stringify(own.key)};
const { createPrivateKey } = crypto;
const { createSecureContext } = tls;
const opened = (key) => (key === ${JSON.stringify(tpmKey)} ? inTpm : key);
crypto.createPrivateKey = (key) => createPrivateKey(opened(key));
tls.createSecureContext = (options) => createSecureContext({ ...options, key: opened(options.key) });`,
    );
    const environment = { NODE_OPTIONS: `--require ${join(camera.directory, "provider.cjs")}` };
    const { exitStatus, outcome } = await new Command(["provision", "-d", camera.directory], environment).ended;
    expect([exitStatus, outcome["result"]]).toEqual([0, "provisioned"]);
    expect(camera.simulator.devices.map(({ credentials }) => credentials)).toMatchObject([
      { credentialsType: "X509_CERTIFICATE", credentialsValue: new X509Certificate(own.cert).raw.toString("base64") },
    ]);
    expect(camera.read("thermal_config.json")).toContain('"private_key_file": "own.key"');
    expect(camera.read("own.key")).toBe(tpmKey);
  });

  const key = "holds a key that lies in a TPM (TSS2 PRIVATE KEY), and";
  const without = `${key} Node.js runs without an OpenSSL provider that reads it`;
  const configured = { OPENSSL_CONF: "/etc/thermal-provision/openssl-tpm.cnf" };
  it.each([
    ["ERR_OSSL_UNSUPPORTED", {}, `${without}: OPENSSL_CONF is not set`],
    ["ERR_OSSL_UNSUPPORTED", { OPENSSL_CONF: "" }, `${without}: OPENSSL_CONF is not set`],
    [
      "ERR_OSSL_UNSUPPORTED",
      configured,
      `${without}: what OPENSSL_CONF names loads none, or the TPM could not be reached when Node.js began`,
    ],
    ["ERR_OSSL_CANNOT_LOAD_KEY", configured, `${key} the TPM does not open it (ERR_OSSL_CANNOT_LOAD_KEY)`],
    [undefined, configured, `${key} the TPM does not open it (no code)`],
  ])("that gives %s with %j is told of in these words", (code, environment, words) => {
    expect(whyTpmKeyIsShut(code, environment)).toBe(words);
  });
});
