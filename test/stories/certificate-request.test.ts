import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { copyFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../src/files/disk/file-system.ts";
import { type Call, Killed, unsynced, watched } from "../files/disk/watched-file-system.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { type CertificateRequest, makeCertificate } from "../simulator/certificate.ts";
import { Camera } from "./camera.ts";

const requestedKey = "device-requested.key.pem";

async function secureCamera(changes: object = {}): Promise<Camera> {
  const camera = await Camera.start({ tls: identity("server") });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ credentials_type: "X509_CERTIFICATE", use_ssl: true, ca_file: "authority.pem", ...changes });
  return camera;
}

/** The public key of a request: the only one of a P-256 key that there is in it. */
function keyIn(request: string): Buffer {
  const der = Buffer.from(request.replace(/-----[^-]*-----|\s/g, ""), "base64");
  const begin = der.indexOf(Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107", "hex"));
  return der.subarray(begin, begin + 91);
}

/** An authority of our own, and the keys that it was asked to certify. */
class Authority {
  readonly asked: Buffer[] = [];
  readonly certificate = makeCertificate({ commonName: "CA" });
  readonly #life: Pick<CertificateRequest, "from" | "to">;

  constructor(life: Pick<CertificateRequest, "from" | "to"> = {}) {
    this.#life = life;
  }

  readonly issue = async (request: string): Promise<string> => {
    const publicKey = keyIn(request);
    this.asked.push(publicKey);
    const authority = { commonName: "CA", key: this.certificate.key };
    const { cert } = makeCertificate({ commonName: "cam", authority, publicKey, ...this.#life });
    return `Certificate:\n  of the camera\n${cert}and of the authority\n${this.certificate.cert}`;
  };
}

function written(camera: Camera, key: "certificate_file" | "private_key_file"): string {
  const [, name = ""] = new RegExp(`"${key}": "([^"]*)"`).exec(camera.read("thermal_config.json")) ?? [];
  return camera.read(name);
}

function expectProvisioned(camera: Camera, authority: Authority): void {
  const leaf = new X509Certificate(written(camera, "certificate_file"));
  expect(createPublicKey(written(camera, "private_key_file")).equals(leaf.publicKey)).toBe(true);
  expect(leaf.issuer).toBe("CN=CA");
  expect(camera.simulator.devices.map(({ credentials }) => credentials)).toMatchObject([
    { credentialsValue: leaf.raw.toString("base64") },
  ]);
  expect(new Set(authority.asked.map(String)).size).toBe(1);
  expect(readdirSync(camera.directory).filter((name) => name.startsWith("device-"))).toHaveLength(2);
}

it("a camera whose certificate an authority makes is provisioned with it, chain and all", async () => {
  await using camera = await secureCamera();
  const authority = new Authority();
  expect(await camera.run({ requestCertificate: authority.issue })).toMatchObject({ result: "provisioned" });
  expectProvisioned(camera, authority);
  const chain = written(camera, "certificate_file").match(/-----BEGIN CERTIFICATE-----/g);
  expect(chain).toHaveLength(2);
  // The server is told of the leaf, and of nothing else.
  const request = camera.simulator.heard.find(({ topic }) => topic === "/provision/request");
  expect(request?.payload?.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
});

it("the key is on the disk, for its owner only, before anybody is asked, and never in the request", async () => {
  await using camera = await secureCamera();
  const authority = new Authority();
  await camera.run({
    requestCertificate: async (request) => {
      const path = join(camera.directory, requestedKey);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const key = createPrivateKey(camera.read(requestedKey));
      expect(createPublicKey(key).export({ type: "spki", format: "der" })).toEqual(keyIn(request));
      expect(request).toMatch(
        /^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE REQUEST-----\n$/,
      );
      return authority.issue(request);
    },
  });
  expectProvisioned(camera, authority);
});

const alone: FileSystem = { ...unsynced, lock: async () => ({ release: () => {} }) };
/** Some thirty provisionings. */
const patience = { timeout: 120_000 };
const changes: readonly Call[] = ["rename", "link", "unlink", "makeFolder", "removeFolder"];

it(
  "after a kill before any change of a name the authority is asked with the same key, and no file is left over",
  patience,
  async () => {
    for (let nth = 1; ; nth++) {
      await using camera = await secureCamera();
      const authority = new Authority();
      let count = 0;
      const files = watched(alone, (call, path) => {
        if (changes.includes(call) && !String(path).includes("provisioning_status")) count++;
        if (count >= nth && call !== "lock") throw new Killed(`before change ${nth}`);
      });
      await camera.run({ files, requestCertificate: authority.issue });
      if (count < nth) break;
      await camera.run({ files: alone, requestCertificate: authority.issue });
      expectProvisioned(camera, authority);
    }
  },
);

it("a key that was only begun is made again", async () => {
  await using camera = await secureCamera();
  camera.write(requestedKey, `-----BEGIN ${"PRIVATE"} KEY-----\n`);
  const authority = new Authority();
  expect(await camera.run({ requestCertificate: authority.issue })).toMatchObject({ result: "provisioned" });
  expectProvisioned(camera, authority);
});

describe("an answer that is none ends the run before anything is sent, and the next one asks with the same key:", () => {
  const other = makeCertificate({ commonName: "other" });
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  it.each([
    ["nothing", async () => "", "CERTIFICATE_UNUSABLE", 78, "there was no certificate in PEM form"],
    ["another's certificate", async () => other.cert, "CERTIFICATE_UNUSABLE", 78, "the certificate of another key"],
    ["a broken one", async () => broken, "CERTIFICATE_UNUSABLE", 78, "a certificate that cannot be read"],
    ["too much", async () => "x".repeat(70_000), "CERTIFICATE_UNUSABLE", 78, "more than 65536 characters"],
    [
      "an error",
      async () => {
        throw new Error("no way");
      },
      "CERTIFICATE_NOT_ISSUED",
      75,
      "nobody answered the request for a certificate",
    ],
  ])("%s", async (_, requestCertificate, errorCode, exitStatus, message) => {
    await using camera = await secureCamera();
    const authority = new Authority();
    const answer = async (request: string) => {
      await authority.issue(request);
      return requestCertificate();
    };
    expect(await camera.run({ requestCertificate: answer })).toMatchObject({
      result: "failed",
      exitStatus,
      error: { errorCode, message: expect.stringContaining(message) },
    });
    expect(camera.simulator.heard).toEqual([]);
    expect(await camera.run({ requestCertificate: authority.issue })).toMatchObject({ result: "provisioned" });
    expectProvisioned(camera, authority);
  });
});

it("a certificate that has ended is a warning: the server judges", async () => {
  await using camera = await secureCamera();
  const authority = new Authority({ from: new Date("2020-01-01"), to: new Date("2021-01-01") });
  const { warnings } = await camera.run({ requestCertificate: authority.issue });
  expect(warnings.map(({ code }) => code)).toContain("CLIENT_CERTIFICATE_ENDS");
});

it("nobody is asked for a camera that has a certificate, or wants a token", async () => {
  const own = makeCertificate({ commonName: "own" });
  for (const keys of [
    { client_certificate_file: "own.pem", client_key_file: "own.key" },
    { credentials_type: "ACCESS_TOKEN" },
  ]) {
    await using camera = await secureCamera(keys);
    camera.write("own.pem", own.cert);
    camera.write("own.key", own.key);
    const authority = new Authority();
    expect(await camera.run({ requestCertificate: authority.issue })).toMatchObject({ result: "provisioned" });
    expect(authority.asked).toEqual([]);
  }
});

it("a key that was never certified goes when nobody orders a provisioning any more", async () => {
  await using camera = await secureCamera();
  await camera.run({ requestCertificate: async () => "" });
  expect(camera.has(requestedKey)).toBe(true);
  camera.remove("provision.txt");
  await camera.run();
  expect(camera.has(requestedKey)).toBe(false);
});
