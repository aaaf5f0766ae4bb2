import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { done } from "./command.ts";
import type { Suite } from "./root.ts";

const folder = "packages";

/** Which package a Debian takes: its own Node.js is recent enough, or it is not. */
const packageOf: Readonly<Record<Suite, RegExp>> = {
  trixie: /^thermal-provision_.*_all\.deb$/,
  bookworm: /^thermal-provision-standalone_.*_amd64\.deb$/,
};

let built: Promise<unknown> | undefined;
let executables: Promise<unknown> | undefined;

export async function buildExecutables(): Promise<void> {
  if (process.env["KEEP_PACKAGES"] === "1") return;
  executables ??= done(["npm", "run", "--silent", "package:executable"], { patience: 1200 });
  await executables;
}

/** Once for all rows: those with a runtime inside take minutes. KEEP_PACKAGES=1 takes those that are there, to save them. */
export async function buildPackages(): Promise<void> {
  if (process.env["KEEP_PACKAGES"] === "1") return;
  built ??= done(["npm", "run", "--silent", "package:deb"], { patience: 1200 });
  await built;
}

export function packageFor(suite: Suite): string {
  const name = readdirSync(folder).find((file) => packageOf[suite].test(file));
  if (name === undefined) throw new Error(`no package for ${suite} in ${folder}/`);
  return resolve(folder, name);
}

export function allPackages(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".deb"))
    .map((file) => join(folder, file));
}

/** In MB, with one digit. */
export function sizeOf(path: string): string {
  return (statSync(path).size / 1e6).toFixed(1);
}

/** The same package with another version. */
export async function withVersion(path: string, version: string): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "repacked-"));
  const content = join(place, "content");
  await done(["dpkg-deb", "--raw-extract", path, content]);
  await done(["sed", "--in-place", `s/^Version: .*/Version: ${version}/`, join(content, "DEBIAN/control")]);
  const result = join(place, `${version}.deb`);
  await done(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", content, result]);
  rmSync(content, { recursive: true });
  return result;
}
