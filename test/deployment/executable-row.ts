import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { done } from "./command.ts";
import { buildExecutables, sizeOf } from "./packages.ts";
import { withProc } from "./root.ts";
import { note, type Row } from "./row.ts";
import { provisionJson, setNetwork, startServer } from "./site.ts";

/** The single executable in a root with libc, and what else Node's own binary names, and nothing besides. */
export function executableRow(missing: Row["missing"]): Row {
  return {
    name: "executable",
    title: "The single executable in a root with only libc",
    missing,
    prepare: buildExecutables,
    end: async () => rmSync(root, { recursive: true, force: true }),
    checks: () => [
      { name: "has the licences inside, and starts", run: starts },
      { name: "provisions a camera", run: provisions },
      { name: "passes the demo, whose cameras are the executable itself", run: demo },
      { name: "the one for arm64 is for arm64, with the same program inside", run: otherProcessor },
    ],
  };
}

/** The path of the executable for that processor. */
export function executable(architecture: "amd64" | "arm64"): string {
  const name = readdirSync("packages").find((file) => file.endsWith(`-linux-${architecture}`));
  if (name === undefined) throw new Error(`no executable for ${architecture} in packages/`);
  return join("packages", name);
}

let root = "";

/** The root, made when it is first asked for. */
async function inRoot(...parameters: readonly string[]): Promise<string> {
  if (root === "") {
    root = mkdtempSync(join(tmpdir(), "only-libc-"));
    const source = executable("amd64");
    const named = (await done(["ldd", source])).matchAll(/(\/\S+) \(/g);
    for (const [, library = ""] of named) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      cpSync(library, join(root, library), { dereference: true });
    }
    cpSync(source, join(root, "thermal-provision"));
    for (const folder of ["tmp", "camera", "proc", "dev"]) mkdirSync(join(root, folder));
    // As every system has it: whoever starts a process without input opens it.
    await done(["mknod", "--mode=666", join(root, "dev/null"), "c", "1", "3"]);
  }
  const command = ["unshare", "--mount", "sh", "-c", withProc, root, "/thermal-provision", ...parameters];
  return done(command, { environment: { NODE_EXTRA_CA_CERTS: undefined } });
}

async function starts(): Promise<void> {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal((await inRoot("--version")).trim(), version);
  const licences = await inRoot("--licenses");
  for (const part of ["Apache License", "mqtt-packet", "Node.js is licensed"]) assert.ok(licences.includes(part), part);
  const times: number[] = [];
  for (let turn = 0; turn < 11; turn++) {
    const begun = performance.now();
    await inRoot("--version");
    times.push(performance.now() - begun);
  }
  const median = times.toSorted((one, next) => one - next)[5] ?? 0;
  const file = executable("amd64");
  note(`${file}: ${sizeOf(file)} MB (${sizeOf(`${file}.gz`)} MB compressed), --version in ${median.toFixed(0)} ms`);
}

async function provisions(): Promise<void> {
  await setNetwork("up");
  await using server = await startServer();
  writeFileSync(join(root, "camera/provision.json"), provisionJson(server.port), { mode: 0o600 });
  writeFileSync(join(root, "camera/provision.txt"), "");
  await inRoot("provision", "--directory", "/camera");
  assert.equal(server.devices.length, 1);
  assert.equal(existsSync(join(root, "camera/provision.txt")), false);
}

async function demo(): Promise<void> {
  await inRoot("demo");
}

async function otherProcessor(): Promise<void> {
  const file = executable("arm64");
  const head = readFileSync(file);
  // ELF's e_machine: 183 is AArch64.
  assert.equal(head.readUInt16LE(18), 183);
  const program = readFileSync("dist/cli/camera.cjs");
  assert.ok(head.includes(program.subarray(0, 4096)));
  note(`${file}: ${sizeOf(file)} MB (${sizeOf(`${file}.gz`)} MB compressed)`);
}
