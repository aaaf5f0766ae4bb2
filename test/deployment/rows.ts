import { spawnSync } from "node:child_process";
import { ansibleRow } from "./ansible-row.ts";
import { bootRow } from "./boot.ts";
import { executableRow } from "./executable-row.ts";
import { howToRow } from "./how-to-row.ts";
import { lifeRow } from "./life.ts";
import { oldNodeRow } from "./old-node-row.ts";
import { packagesRow } from "./packages-row.ts";
import type { Row } from "./row.ts";

/** Why a row that needs Debian's tools, and the right to use them, cannot be done here. */
function missingFor(...programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return "the privileges of root";
  const absent = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return absent.length === 0 ? undefined : absent.join(", ");
}

const boots = () => missingFor("mmdebstrap", "systemd-nspawn", "unshare", "nsenter", "ip", "dh", "dpkg-buildpackage");

export const rows: readonly Row[] = [
  packagesRow(() => missingFor("dh", "dpkg-buildpackage", "lintian", "unshare")),
  lifeRow("trixie", "The package's life in Debian 13, its own Node.js", boots),
  lifeRow("bookworm", "The package's life in Debian 12, packaged runtime", boots),
  oldNodeRow(() => (process.arch === "x64" ? missingFor("npm", "unshare") : "a processor of x86-64")),
  executableRow(() => missingFor("unshare", "ip", "gzip", "ldd")),
  howToRow(() => missingFor("mmdebstrap", "unshare", "ip", "dh", "dpkg-buildpackage", "gzip")),
  ansibleRow(() => missingFor("ansible-playbook", "unshare", "ip")),
  bootRow("trixie", "Debian 13, booted, its own Node.js", boots),
  bootRow("bookworm", "Debian 12, booted, packaged runtime", boots),
];
