import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { start } from "../faults/harness/program.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Camera } from "./camera.ts";

const page = readFileSync("docs/how-to/client-certificate.md", "utf8");
const [program = "", authority = "", command = ""] = [...page.matchAll(/```sh\n(.*?)```/gs)].map(
  ([, text = ""]) => text,
);

it("the authority, the program and the command on the page about certificates work as they stand there", async () => {
  await using camera = await Camera.start({ tls: identity("server") });
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  try {
    copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
    camera.credentials({ credentials_type: "X509_CERTIFICATE", use_ssl: true, ca_file: "authority.pem" });
    execFileSync("sh", ["-c", authority], { cwd: folder, stdio: "ignore" });
    const path = join(folder, "request-certificate");
    writeFileSync(path, program.replace("/etc/camera-authority", folder), { mode: 0o755 });
    expect(command).toMatch(
      /^thermal-provision provision --client-certificate-command \/usr\/local\/bin\/request-certificate\n$/,
    );
    const options = ["--client-certificate-command", path];
    const { exitStatus, output } = await start({ directory: camera.directory, options });
    expect(exitStatus, output).toBe(0);
    expect(camera.simulator.devices).toMatchObject([{ credentials: { credentialsType: "X509_CERTIFICATE" } }]);
    const [, name = ""] = /"certificate_file": "([^"]*)"/.exec(camera.read("thermal_config.json")) ?? [];
    const verified = execFileSync("openssl", ["verify", "-CAfile", join(folder, "authority.pem"), name], {
      cwd: camera.directory,
      encoding: "utf8",
    });
    expect(verified).toContain(": OK");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
