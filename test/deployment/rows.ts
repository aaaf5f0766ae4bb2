import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ansibleRow } from "./ansible-row.ts";
import { bootRow } from "./boot.ts";
import { executableRow } from "./executable-row.ts";
import { howToRow } from "./how-to-row.ts";
import { lifeRow } from "./life.ts";
import { oldNodeRow } from "./old-node-row.ts";
import { packagesRow } from "./packages-row.ts";
import type { Row } from "./row.ts";
import { tpmRow } from "./tpm-row.ts";

/** Why a row that needs Debian's tools, and the right to use them, cannot be done here. */
function missingFor(...programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return "the privileges of root";
  const absent = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return absent.length === 0 ? undefined : absent.join(", ");
}

/** OpenSSL's provider, which is no program. */
function missingProvider(file: string, debianPackage: string): string | undefined {
  const folder = spawnSync("openssl", ["version", "-m"], { encoding: "utf8" }).stdout ?? "";
  const [, path = ""] = /"(.*)"/.exec(folder) ?? [];
  return existsSync(join(path, file)) ? undefined : debianPackage;
}

const boots = () => missingFor("mmdebstrap", "systemd-nspawn", "unshare", "nsenter", "ip", "dh", "dpkg-buildpackage");

export const rows: readonly Row[] = [
  packagesRow(() => missingFor("dh", "dpkg-buildpackage", "lintian", "unshare")),
  lifeRow("trixie", "The package's life in Debian 13, its own Node.js", boots),
  lifeRow("bookworm", "The package's life in Debian 12, packaged runtime", boots),
  oldNodeRow(() => (process.arch === "x64" ? missingFor("npm", "unshare") : "a processor of x86-64")),
  executableRow(() => missingFor("unshare", "ip", "gzip", "ldd")),
  howToRow(() => missingFor("mmdebstrap", "unshare", "ip", "dh", "dpkg-buildpackage", "gzip")),
  tpmRow(
    () =>
      missingFor("swtpm", "tpm2-abrmd", "dbus-run-session", "gdbus", "openssl", "apt-get", "unshare", "ip") ??
      missingProvider("tpm2.so", "tpm2-openssl"),
  ),
  ansibleRow(() => missingFor("ansible-playbook", "unshare", "ip")),
  bootRow("trixie", "Debian 13, booted, its own Node.js", boots),
  bootRow("bookworm", "Debian 12, booted, packaged runtime", boots),
];
