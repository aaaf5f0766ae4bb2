import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { type Ended, tried } from "./command.ts";
import { blockBelow } from "./page.ts";
import type { Row } from "./row.ts";
import { profile, setNetwork, startServer } from "./site.ts";

const page = "docs/how-to/tpm.md";

/** The commands of the page about a TPM, as they stand there, with a software TPM and its resource manager. */
export function tpmRow(missing: Row["missing"]): Row {
  let site: Site | undefined;
  const here = () => site ?? assert.fail("the software TPM did not begin");
  return {
    name: "tpm",
    title: `The commands of ${page}`,
    missing,
    prepare: async () => {},
    checks: () => [
      {
        name: "make a key that no file holds, and a certificate for it",
        run: async () => {
          site = await Site.open();
          await site.carryOut("What is installed");
          await site.carryOut("The key, and a certificate for it");
          assert.match(site.read("camera.key"), /^-----BEGIN TSS2 PRIVATE KEY-----\n/);
        },
      },
      { name: "check says what is missing", run: () => saysWhatIsMissing(here()) },
      { name: "provision with that key", run: () => provisions(here()) },
    ],
    end: async () => site?.close(),
  };
}

async function saysWhatIsMissing(site: Site): Promise<void> {
  site.layProvisionJson(8883);
  const wanted: readonly (readonly [string, Readonly<Record<string, string | undefined>>])[] = [
    ["an OpenSSL provider that reads it: OPENSSL_CONF is not set", { OPENSSL_CONF: undefined }],
    ["or the TPM could not be reached when Node.js began", { TPM2OPENSSL_TCTI: "device:/dev/no-such-tpm" }],
    ["what OPENSSL_CONF names loads none, or", { OPENSSL_MODULES: site.folder }],
  ];
  for (const [words, environment] of wanted) {
    const { status, stdout } = await site.shell("thermal-provision check --json", environment);
    assert.equal(status, 78, stdout);
    const own = stdout.split("\n").find((line) => line.includes('"own certificate"')) ?? "";
    assert.ok(own.includes("TPM_KEY_UNUSABLE") && own.includes(words), own);
  }
}

async function provisions(site: Site): Promise<void> {
  await using server = await startServer({ tls: identity("server") });
  site.layProvisionJson(server.port);
  site.lay("provision.txt", "");
  await site.carryOut("Provisioning");
  const { raw } = new X509Certificate(site.read("camera.pem"));
  assert.deepEqual(
    server.devices.map(({ credentials }) => credentials.credentialsId),
    [createHash("sha3-256").update(raw.toString("base64")).digest("hex")],
  );
  const { device } = JSON.parse(site.read("thermal_config.json"));
  assert.deepEqual([device.certificate_file, device.private_key_file], ["camera.pem", "camera.key"]);
}

const begins = `swtpm socket --tpm2 --tpmstate dir="$STATE" --server type=tcp,port=2321 --ctrl type=tcp,port=2322 \\
  --flags not-need-init,startup-clear &
tpm2-abrmd --session --allow-root --tcti=swtpm:port=2321 &
gdbus wait --session --timeout 30 com.intel.tss2.Tabrmd
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat`;

/** A camera's folder, and a TPM that is new each time: it counts the runs that were cut off. */
class Site {
  readonly #tpm: ChildProcessByStdio<Writable, Readable, null>;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #place: string;
  readonly folder: string;

  private constructor(place: string, tpm: ChildProcessByStdio<Writable, Readable, null>, bus: string) {
    this.#place = place;
    this.#tpm = tpm;
    this.folder = join(place, "camera");
    this.#environment = {
      FOLDER: this.folder,
      OPENSSL_CONF: join(place, "openssl-tpm.cnf"),
      TPM2OPENSSL_TCTI: "tabrmd:bus_type=session",
      DBUS_SESSION_BUS_ADDRESS: bus,
      PATH: `${place}:${process.env["PATH"]}`,
    };
  }

  static async open(): Promise<Site> {
    await setNetwork("up");
    const place = mkdtempSync(join(tmpdir(), "tpm-"));
    for (const name of ["camera", "state"]) mkdirSync(join(place, name), { mode: 0o700 });
    const tpm = spawn("dbus-run-session", ["--", "sh", "-e", "-c", begins], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, STATE: join(place, "state") },
    });
    const [bus] = await Promise.race([once(tpm.stdout, "data"), once(tpm, "exit").then(() => [undefined])]);
    assert.ok(bus !== undefined, "the software TPM ended");
    writeFileSync(join(place, "openssl-tpm.cnf"), blockBelow(page, "OpenSSL's configuration", "ini"));
    const program = `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/thermal-provision.cjs")}" "$@"\n`;
    writeFileSync(join(place, "thermal-provision"), program);
    chmodSync(join(place, "thermal-provision"), 0o755);
    const site = new Site(place, tpm, String(bus).trim());
    copyFileSync(authorityFile(), join(site.folder, "authority.pem"));
    return site;
  }

  async carryOut(heading: string): Promise<void> {
    const { status, stdout, stderr } = await this.shell(blockBelow(page, heading));
    assert.equal(status, 0, `${stdout}${stderr}`);
  }

  /** After the page's beginning; what `environment` says stands over that. */
  shell(commands: string, environment: Readonly<Record<string, string | undefined>> = {}): Promise<Ended> {
    const changes = Object.entries(environment).map(([name, value]) =>
      value === undefined ? `unset ${name}` : `export ${name}='${value}'`,
    );
    const script = [blockBelow(page, "Where everything is"), ...changes, commands].join("\n");
    return tried(["sh", "-e", "-c", script], { environment: this.#environment, patience: 120 });
  }

  /** The page's, for the server of this row. */
  layProvisionJson(port: number): void {
    this.lay(
      "provision.json",
      JSON.stringify({
        ...JSON.parse(blockBelow(page, "Provisioning", "json")),
        server_url: "127.0.0.1",
        server_port: port,
        provision_device_key: profile.provisionDeviceKey,
        provision_device_secret: profile.provisionDeviceSecret,
        ca_file: "authority.pem",
      }),
    );
  }

  lay(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** The TPM itself ends with the row's process. */
  close(): void {
    this.#tpm.stdin.end();
    this.#tpm.stdout.destroy();
    rmSync(this.#place, { recursive: true, force: true });
  }
}
