// Node's own binaries, as its makers publish them, from npm packages: for packages and executables that bring a runtime.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** @typedef {"amd64" | "arm64"} Architecture by Debian's names */

/** @type {{version: string, packages: Record<Architecture, {name: string, integrity: string}>}} */
const { version, packages } = JSON.parse(readFileSync("packaging/runtime.json", "utf8"));

export const runtimeVersion = version;
/** @type {readonly Architecture[]} */
export const architectures = ["amd64", "arm64"];

/**
 * Unpacked once into the repository's cache: `bin/node` and `LICENSE`. What was packed by somebody else is refused.
 *
 * @param {Architecture} architecture
 * @returns {string} the folder
 */
export function runtimeFor(architecture) {
  const { name, integrity } = packages[architecture];
  const folder = resolve(".cache", "runtime", `${name}-${version}`);
  if (existsSync(join(folder, "bin", "node"))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = execFileSync("npm", ["pack", "--silent", `${name}@${version}`], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
  const packed = join(folder, file);
  const found = `sha512-${createHash("sha512").update(readFileSync(packed)).digest("base64")}`;
  if (found !== integrity) throw new Error(`${name}@${version} has the checksum ${found}, expected ${integrity}`);
  const wanted = ["package/bin/node", "package/LICENSE"];
  execFileSync("tar", ["--extract", `--file=${packed}`, "--strip-components=1", ...wanted], { cwd: folder });
  rmSync(packed);
  return folder;
}
