import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { done, tried } from "./command.ts";
import { allPackages, buildPackages, sizeOf } from "./packages.ts";
import { note, type Row } from "./row.ts";

/** The packages themselves, before anybody installs them. */
export function packagesRow(missing: Row["missing"]): Row {
  return {
    name: "packages",
    title: "Packages: built twice, lintian, checksums",
    missing,
    prepare: buildPackages,
    checks: () => [
      { name: "the same sources give the same bytes", run: builtTwice },
      { name: "lintian finds nothing that is not explained", run: lintian },
      { name: "SHA256SUMS and the bill of materials are right", run: sums },
    ],
  };
}

async function builtTwice(): Promise<void> {
  const before = readFileSync(join("packages", "SHA256SUMS"), "utf8");
  await done(["node", "scripts/package-deb.mjs"], { patience: 1200 });
  assert.equal(readFileSync(join("packages", "SHA256SUMS"), "utf8"), before);
}

async function lintian(): Promise<void> {
  for (const path of allPackages()) {
    // Each Debian's lintian has other tags: what one of them must be told, another does not ask.
    const options = ["--fail-on=none", "--display-level=>=info", "--allow-root"];
    const { stdout } = await tried(["lintian", ...options, "--quiet", path]);
    assert.equal(stdout.replace(/^(?:I: \S+ unused-override |N: ).*\n/gm, ""), "", path);
    note(`${path}: ${sizeOf(path)} MB`);
  }
}

async function sums(): Promise<void> {
  await done(["sha256sum", "--check", "--strict", "SHA256SUMS"], { directory: "packages" });
  const { components } = JSON.parse(readFileSync(join("packages", "sbom.cdx.json"), "utf8"));
  const names = components.map(({ name }: { readonly name: string }) => name);
  for (const name of ["mqtt-packet", "valibot", "jsonc-parser", "node"]) assert.ok(names.includes(name), name);
  assert.ok(!names.includes("vitest"));
}
