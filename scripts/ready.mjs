// Makes a fresh clone ready: installs the dependencies and builds, when that is still to be done; else says nothing.
// Plain JavaScript on Node's own modules, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
requireSupportedNode();

if (!isInstalled()) {
  say("installing the dependencies (npm ci, once) …");
  // The scripts of dependencies are not needed, so they are not run.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

const { build, isBuilt } = await import("./build.mjs");
if (!isBuilt()) {
  say("building (once, and again when the sources change) …");
  await build().catch((/** @type {Error} */ error) => fail(`The build failed: ${error.message}`));
}

/** Installed: every package of the lock file that is not optional is there, in the version that it names. */
function isInstalled() {
  const present = packagesIn("node_modules/.package-lock.json");
  return Object.entries(packagesIn("package-lock.json")).every(
    ([path, { optional, integrity }]) => path === "" || optional || present[path]?.integrity === integrity,
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, {integrity?: string, optional?: boolean}>}
 */
function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : {};
}

/**
 * @param {string} command
 * @param {string[]} parameters
 */
function run(command, parameters) {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, { encoding: "utf8" });
  if (status !== 0)
    fail(`${stdout ?? ""}${stderr ?? ""}${command} ${parameters[0]} failed: ${error ?? `exit status ${status}`}`);
}

function requireSupportedNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node.js 20.19 or newer is needed; this is ${process.version}.`);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  say(message);
  process.exit(1);
}
