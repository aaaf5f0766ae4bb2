import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dryRun } from "../../src/dry-run.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { givenCredentials } from "../../src/files/given-credentials.ts";
import { unusedCertificates } from "../../src/files/made-certificates.ts";
import { adopt, check } from "../../src/index.ts";
import { parseScenario, type SimulatorOptions, x509Certificate } from "../../src/simulator/index.ts";
import { ordinarySystem } from "../check/ordinary-system.ts";
import { type Call, failingAt, Killed, unsynced, watched } from "../files/disk/watched-file-system.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { makeCertificate } from "../simulator/certificate.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const choice = { credentials_type: "X509_CERTIFICATE", use_ssl: true, ca_file: "authority.pem" };

async function secureCamera(changes: object = {}, simulator: SimulatorOptions = {}): Promise<Camera> {
  const camera = await Camera.start({ tls: identity("server"), ...simulator });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ ...choice, ...changes });
  return camera;
}

/** What their `device` section names, in the camera's folder. */
function written(camera: Camera) {
  const config = camera.read("thermal_config.json");
  const named = (key: string) => new RegExp(`"${key}": "([^"]*)"`).exec(config)?.[1] ?? "";
  return { certificateFile: named("certificate_file"), privateKeyFile: named("private_key_file") };
}

function certificateOf(camera: Camera): X509Certificate {
  return new X509Certificate(camera.read(written(camera).certificateFile));
}

function madeFiles(camera: Camera): readonly string[] {
  return readdirSync(camera.directory).filter((name) => name.startsWith("device-"));
}

/** One device, with the certificate that the configuration names, its key beside it, and nothing else left over. */
function expectProvisioned(camera: Camera): void {
  const certificate = certificateOf(camera);
  expect(camera.simulator.devices.map(({ credentials }) => credentials)).toEqual([
    {
      credentialsType: "X509_CERTIFICATE",
      credentialsId: expect.stringMatching(/^[0-9a-f]{64}$/),
      credentialsValue: certificate.raw.toString("base64"),
    },
  ]);
  const { certificateFile, privateKeyFile } = written(camera);
  expect(certificate.checkPrivateKey(createPrivateKey(camera.read(privateKeyFile)))).toBe(true);
  expect(camera.read("thermal_config.json")).toContain('"credentials_type": "X509_CERTIFICATE"');
  expect(madeFiles(camera)).toEqual([certificateFile, privateKeyFile]);
  expect(camera.journal).toEqual([]);
  expect(camera.has("provision.txt.processed")).toBe(true);
}

describe("a camera with credentials_type X509_CERTIFICATE", () => {
  it("makes a key and a certificate of its own, and is provisioned with them", async () => {
    await using camera = await secureCamera();
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "provisioned",
      credentials: { credentials: { type: "X509_CERTIFICATE" } },
    });
    expectProvisioned(camera);
    const certificate = certificateOf(camera);
    expect(certificate.subject).toMatch(/^CN=thermal-provision [0-9a-f-]{36}$/);
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      "Jan  1 00:00:00 1970 GMT",
      "Dec 31 23:59:59 9999 GMT",
    ]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(statSync(join(camera.directory, written(camera).privateKeyFile)).mode & 0o777).toBe(0o600);
    const key = camera.read(written(camera).privateKeyFile).split("\n")[1] ?? "no key";
    const said = JSON.stringify([outcome, camera.statuses, camera.simulator.heard]);
    expect(said).not.toContain(key);
  });

  it("keeps its key from others where the configuration is for everybody", async () => {
    await using camera = await secureCamera();
    chmodSync(join(camera.directory, "thermal_config.json"), 0o644);
    await camera.run();
    const modeOf = (name: string) => statSync(join(camera.directory, name)).mode & 0o777;
    const { certificateFile, privateKeyFile } = written(camera);
    expect([modeOf(certificateFile), modeOf(privateKeyFile)]).toEqual([0o644, 0o640]);
  });

  it("says who it is in the handshake and nowhere else", async () => {
    await using camera = await secureCamera();
    await camera.run();
    const connects = camera.simulator.heard.filter(({ from, packet }) => from === "client" && packet === "CONNECT");
    // Protocol level 4, a clean session, 60 s to keep alive, and an empty client id.
    const nobody = "100c00044d5154540402003c0000";
    expect(connects.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual([expect.anything(), nobody]);
  });

  it("finds with a repeated trigger that they work, and makes nothing new", async () => {
    await using camera = await secureCamera();
    await camera.run();
    const before = camera.read("thermal_config.json");
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(camera.read("thermal_config.json")).toBe(before);
    expectProvisioned(camera);
  });

  it("uses the certificate and the key that it was given, with those that signed it", async () => {
    const authority = makeCertificate({ commonName: "CA" });
    const leaf = makeCertificate({ commonName: "cam", authority: { commonName: "CA", key: authority.key } });
    await using camera = await secureCamera({ client_certificate_file: "own.pem", client_key_file: "own.key" });
    camera.write("own.pem", leaf.cert + authority.cert);
    camera.write("own.key", leaf.key);
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(written(camera)).toEqual({ certificateFile: "own.pem", privateKeyFile: "own.key" });
    expect(camera.simulator.devices).toMatchObject([
      { credentials: { credentialsValue: new X509Certificate(leaf.cert).raw.toString("base64") } },
    ]);
    expect(madeFiles(camera)).toEqual([]);
    const request = camera.simulator.heard.find(({ topic }) => topic === "/provision/request")?.payload ?? "";
    expect(JSON.parse(request)).toMatchObject({ hash: String(new X509Certificate(leaf.cert)) });
  });
});

describe("a certificate that was given is looked at for its end:", () => {
  const [now, day] = [Date.now(), 24 * 60 * 60 * 1000];
  it.each([
    ["a year away", now - 10 * day, now + 365 * day, []],
    ["in three weeks", now - 300 * day, now + 21 * day, ["CLIENT_CERTIFICATE_ENDS"]],
    ["in three weeks, which is most of its life", now - 7 * day, now + 21 * day, []],
    ["past", now - 300 * day, now - day, ["CLIENT_CERTIFICATE_ENDS"]],
  ] as const)("%s", async (_, from, to, codes) => {
    const own = makeCertificate({ commonName: "own", from: new Date(from), to: new Date(to) });
    await using camera = await secureCamera({ client_certificate_file: "own.pem", client_key_file: "own.key" });
    camera.write("own.pem", own.cert);
    camera.write("own.key", own.key);
    const { warnings } = await dryRun({ directory: camera.directory });
    const isOurs = ({ code }: { readonly code: string }) => code === "CLIENT_CERTIFICATE_ENDS";
    expect(warnings.filter(isOurs).map(({ code }) => code)).toEqual(codes);
    const outcome = await camera.run();
    expect(outcome.warnings.filter(isOurs).map(({ code }) => code)).toEqual(codes);
    const { lines } = await check({ directory: camera.directory, system: ordinarySystem });
    expect(lines.find(({ name }) => name === "own certificate")).toMatchObject({
      state: codes.length === 0 ? "ok" : "warning",
    });
  });
});

describe("whatever goes wrong on the wire, there is one device in the end, with the certificate that is written:", () => {
  it.each(readdirSync("examples/scenarios"))("%s", async (name) => {
    const scenario = parseScenario(JSON.parse(readFileSync(`examples/scenarios/${name}`, "utf8")));
    if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems));
    await using camera = await secureCamera(
      { timeout_seconds: 30 },
      { scenario: scenario.value.behaviours, clock: hurriedClock },
    );
    for (let run = 0; run < 4; run++) if ((await camera.run()).result === "provisioned") break;
    expectProvisioned(camera);
  });
});

const alone: FileSystem = { ...unsynced, lock: async () => ({ release: () => {} }) };
const changes: readonly Call[] = ["rename", "link", "unlink", "makeFolder", "removeFolder"];

function killedBefore(nth: number): { readonly files: FileSystem; readonly reached: () => boolean } {
  let count = 0;
  const files = watched(alone, (call, path) => {
    if (changes.includes(call) && !String(path).includes("provisioning_status")) count++;
    if (count >= nth && call !== "lock") throw new Killed(`before change ${nth}`);
  });
  return { files, reached: () => count >= nth };
}

it("after a kill before any change of a name the next run goes on with the same certificate, and leaves no other key", async () => {
  for (let nth = 1; ; nth++) {
    await using camera = await secureCamera();
    const { files, reached } = killedBefore(nth);
    await camera.run({ files });
    const offered = camera.simulator.devices.map(({ credentials }) => credentials);
    if (!reached()) break;
    await camera.run({ files: alone });
    expectProvisioned(camera);
    if (offered.length > 0) expect(camera.simulator.devices.map(({ credentials }) => credentials)).toEqual(offered);
  }
});

describe("a key that the server may know stays while anything names it:", () => {
  it("the configuration from before a new identity keeps its own in the backup", async () => {
    await using camera = await secureCamera();
    await camera.run();
    const former = written(camera);
    camera.write("provision.txt", "");
    expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "provisioned" });
    expect(written(camera)).not.toEqual(former);
    camera.write("provision.txt", "");
    await camera.run();
    expect(madeFiles(camera)).toEqual(expect.arrayContaining(Object.values(former)));
  });

  it("what a disk does not tell may name one as well", async () => {
    await using camera = await secureCamera();
    const made = "device-00000000-0000-4000-8000-000000000000.key.pem";
    camera.write(made, "a key");
    const { directory } = camera;
    const names = readdirSync(directory);
    expect(unusedCertificates(nodeFileSystem, directory, names)).toEqual([join(directory, made)]);
    expect(unusedCertificates(failingAt("read", "EIO"), directory, names)).toEqual([]);
    expect(unusedCertificates(failingAt("open", "EACCES"), directory, names)).toEqual([]);
  });

  it("a copy that a person made of the configuration names one as well", async () => {
    await using camera = await secureCamera();
    await camera.run();
    const former = written(camera);
    camera.write("copy of thermal_config.json", camera.read("thermal_config.json"));
    camera.write("thermal_config.json", "{}");
    for (const name of readdirSync(camera.directory)) if (name.includes(".backup.")) camera.remove(name);
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(madeFiles(camera)).toEqual(expect.arrayContaining(Object.values(former)));
    camera.remove("copy of thermal_config.json");
    for (const name of readdirSync(camera.directory)) if (name.includes(".backup.")) camera.remove(name);
    await camera.run();
    expect(madeFiles(camera)).toEqual(Object.values(written(camera)));
  });
});

describe("what keeps a certificate from being used is told before anything is sent:", () => {
  const own = makeCertificate({ commonName: "own" });
  const other = makeCertificate({ commonName: "other" });
  const given = { client_certificate_file: "own.pem", client_key_file: "own.key" };

  it.each([
    ["no certificate", { "own.key": own.key }, "own.pem is missing"],
    ["no key", { "own.pem": own.cert }, "own.key is missing"],
    ["another's key", { "own.pem": own.cert, "own.key": other.key }, "own.key is not the key of the certificate in"],
    ["a key for a certificate", { "own.pem": own.key, "own.key": own.key }, "own.pem holds no certificate in PEM form"],
    [
      "a certificate for a key",
      { "own.pem": own.cert, "own.key": own.cert },
      "own.key holds no private key in PEM form",
    ],
  ])("%s", async (_, files, problem) => {
    await using camera = await secureCamera(given);
    for (const [name, text] of Object.entries(files)) camera.write(name, text);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 78,
      error: { errorCode: "CLIENT_CERTIFICATE_INVALID", message: expect.stringContaining(problem) },
    });
    expect(camera.simulator.heard).toEqual([]);
    expect(camera.journal).toEqual([]);
  });

  it.each([
    [{ use_ssl: false }, "use_ssl: found plain text, expected the server's TLS port, and true"],
    [
      { client_key_file: "k" },
      "client_certificate_file: found nothing, expected the file that belongs to client_key_file",
    ],
    [
      { credentials_type: "ACCESS_TOKEN", use_ssl: false, ca_file: undefined, ...given },
      "client_certificate_file: found a file, and plain text, expected TLS, or no such file: it is shown in TLS only",
    ],
    [
      { access_token: "t", device_name: "a" },
      'access_token: found a key of ACCESS_TOKEN, expected credentials_type "ACCESS_TOKEN"',
    ],
  ])("%j", async (keys, problem) => {
    await using camera = await secureCamera(keys);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 78 });
    expect(outcome.result === "failed" && outcome.error.message).toContain(problem);
    expect(camera.simulator.heard).toEqual([]);
  });

  it("a name without an ending that leads nowhere, which may be a secret, is not quoted", async () => {
    await using camera = await secureCamera({ ...given, client_key_file: "hunter2hunter2" });
    camera.write("own.pem", own.cert);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ error: { errorCode: "CLIENT_CERTIFICATE_INVALID" } });
    expect(JSON.stringify([outcome, camera.read("provisioning_status.json")])).not.toContain("hunter2");
  });

  it("a certificate that was replaced after the server was asked with it: no second device is asked for", async () => {
    await using camera = await secureCamera(given, {
      scenario: [
        { on: "request", nth: "every", do: "lose" },
        { on: "probe", nth: "every", do: "code", code: 3 },
      ],
    });
    camera.write("own.pem", own.cert);
    camera.write("own.key", own.key);
    expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75 });
    camera.write("own.pem", other.cert);
    camera.write("own.key", other.key);
    const asked = requestsOf(camera);
    expect(await camera.run()).toMatchObject({
      error: {
        message: expect.stringContaining("own.pem holds another certificate than the one that the server was told of"),
      },
    });
    expect(requestsOf(camera)).toBe(asked);
  });

  function requestsOf({ simulator }: Camera): number {
    return simulator.heard.filter(({ topic }) => topic === "/provision/request").length;
  }
});

it("a configuration with a certificate is never asked about in plain text, where nobody could see it", async () => {
  await using camera = await secureCamera();
  await camera.run();
  camera.credentials();
  camera.write("provision.txt", "");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "TLS_REQUIRED" } });
  expect(camera.simulator.devices).toHaveLength(1);
});

describe("a device that was registered beforehand with a certificate", () => {
  const profile = {
    name: "thermal-camera",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: provisionKey,
    provisionDeviceSecret: provisionSecret,
  } as const;
  const own = makeCertificate({ commonName: "own" });
  const simulator = { profiles: [profile], devices: [{ name: "lobby", credentials: x509Certificate(own.cert) }] };

  it("is claimed by the camera that has it", async () => {
    const given = { device_name: "lobby", client_certificate_file: "own.pem", client_key_file: "own.key" };
    await using camera = await secureCamera(given, simulator);
    writeFileSync(join(camera.directory, "own.pem"), own.cert);
    writeFileSync(join(camera.directory, "own.key"), own.key, { mode: 0o600 });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.simulator.devices).toHaveLength(1);
  });

  it("is not claimed by one that has another, and that is said", async () => {
    await using camera = await secureCamera({ device_name: "lobby" }, simulator);
    expect(await camera.run()).toMatchObject({
      result: "failed",
      error: {
        errorCode: "CREDENTIALS_TYPE_UNSUPPORTED",
        message: expect.stringContaining(
          "the device has credentials of the kind X509_CERTIFICATE, and not this camera's certificate",
        ),
      },
    });
  });
});

describe("a profile of the strategy X.509 certificate chain, whose devices the handshake makes", () => {
  const authority = makeCertificate({ commonName: "CA" });
  const leaf = makeCertificate({ commonName: "cam-of-hall-7", authority: { commonName: "CA", key: authority.key } });
  const profiles = [
    { name: "chain", provisionType: "X509_CERTIFICATE_CHAIN", provisionDeviceSecret: authority.cert },
  ] as const;
  const given = { credentials_type: "X509_CERTIFICATE", certificate_file: "own.pem", private_key_file: "own.key" };

  const factory = {
    provision_device_key: undefined,
    provision_device_secret: undefined,
    client_certificate_file: "own.pem",
    client_key_file: "own.key",
  };

  async function factoryCamera(chain: string, changes: object = {}, profile: object = {}): Promise<Camera> {
    const camera = await secureCamera({ ...factory, ...changes }, { profiles: [{ ...profiles[0], ...profile }] });
    camera.write("own.pem", chain);
    camera.write("own.key", leaf.key);
    return camera;
  }

  it("needs no key, no secret and no request: the camera is called as its certificate", async () => {
    await using camera = await factoryCamera(leaf.cert + authority.cert);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceName: "cam-of-hall-7" } });
    expect(camera.simulator.devices).toMatchObject([{ name: "cam-of-hall-7" }]);
    expect(written(camera)).toEqual({ certificateFile: "own.pem", privateKeyFile: "own.key" });
    expect(camera.read("thermal_config.json")).not.toContain("provisioned_with");
    expect(camera.simulator.heard.some(({ topic }) => topic === "/provision/request")).toBe(false);
    expect(camera.journal).toEqual([]);
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(camera.simulator.devices).toHaveLength(1);
  });

  it.each([
    ["the chain is not shown", leaf.cert, {}],
    ["the name does not match", leaf.cert + authority.cert, { certificateRegExPattern: "^hall-(.*)$" }],
    ["no device may be created", leaf.cert + authority.cert, { allowCreateNewDevicesByX509Certificate: false }],
  ])("ends with 77 and all that it may be where %s", async (_, chain, profile) => {
    await using camera = await factoryCamera(chain, {}, profile);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 77,
      error: { errorCode: "FACTORY_CERTIFICATE_REFUSED" },
    });
    expect(camera.simulator.devices).toEqual([]);
    expect(camera.simulator.heard.some(({ topic }) => topic === "/provision/request")).toBe(false);
  });

  it.each([
    [{ client_certificate_file: "none.pem" }, "client_certificate_file: found the name of a file that is not there"],
    [{ client_certificate_file: "own.key" }, "client_certificate_file: found the name of a file without a certificate"],
    [{ provision_device_key: "a key" }, "provision_device_secret: found nothing"],
  ])("is told of what is wrong with %j", async (changes, problem) => {
    await using camera = await factoryCamera(leaf.cert, changes);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 78 });
    const message = outcome.result === "failed" ? outcome.error.message : "";
    expect(message).toContain(problem);
    expect(message).not.toContain("device_name");
  });

  it("is rehearsed by a dry run without a word to the server", async () => {
    await using camera = await factoryCamera(leaf.cert + authority.cert);
    const rehearsal = await dryRun({ directory: camera.directory, clock: hurriedClock });
    expect(rehearsal).toMatchObject({ firstStep: "show certificate", deviceName: "cam-of-hall-7", request: {} });
    expect(camera.simulator.heard).toEqual([]);
  });

  it("goes on after a kill before any change of a name", async () => {
    for (let nth = 1; ; nth++) {
      await using camera = await factoryCamera(leaf.cert + authority.cert);
      const { files, reached } = killedBefore(nth);
      await camera.run({ files });
      if (!reached()) break;
      expect(await camera.run({ files: alone })).toMatchObject({ exitStatus: 0 });
      expect(camera.simulator.devices).toMatchObject([{ name: "cam-of-hall-7" }]);
      expect(camera.read("thermal_config.json")).toContain('"certificate_file": "own.pem"');
      expect(camera.journal).toEqual([]);
    }
  });

  it("has a camera adopted with its certificate, chain and all", async () => {
    await using camera = await secureCamera({}, { profiles });
    camera.write("own.pem", leaf.cert + authority.cert);
    camera.write("own.key", leaf.key);
    const text = JSON.stringify({ ...given, device_name: "cam-of-hall-7" });
    const options = { directory: camera.directory, clock: hurriedClock };
    expect(await adopt(givenCredentials(text, "the file"), options)).toMatchObject({ result: "provisioned" });
    expect(camera.simulator.devices).toMatchObject([{ name: "cam-of-hall-7" }]);
    expect(written(camera)).toEqual({ certificateFile: "own.pem", privateKeyFile: "own.key" });
    expect(camera.simulator.heard.some(({ topic }) => topic === "/provision/request")).toBe(false);
  });
});
