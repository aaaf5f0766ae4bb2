import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { committedFiles, read, readJson } from "./tree.ts";

const versions = v.record(v.string(), v.string());
const manifest = v.parse(
  v.object({ version: v.string(), bin: versions, dependencies: versions, devDependencies: versions }),
  readJson("package.json"),
);

describe("the lock file", () => {
  const { packages } = v.parse(
    v.object({ packages: v.record(v.string(), v.looseObject({ integrity: v.optional(v.string()) })) }),
    readJson("package-lock.json"),
  );
  const installed = Object.entries(packages).filter(([path]) => path !== "");

  test("holds a checksum for every package", () => {
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
  });

  test("names no registry, so that everybody installs from their own", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"|https?:\/\/registry/);
  });
});

test("every dependency is pinned to one version", () => {
  const pinned = /^\d+\.\d+\.\d+$/;
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(([, version]) => !pinned.test(version))).toEqual([]);
});

test("the library depends on three packages at run time", () => {
  expect(Object.keys(manifest.dependencies)).toEqual(["jsonc-parser", "mqtt-packet", "valibot"]);
});

test("what is generated or installed is not committed", () => {
  expect(committedFiles().filter((path) => /^(dist|node_modules|coverage|reports)\/|\.(tgz|map)$/.test(path))).toEqual(
    [],
  );
});

describe("the packed package", () => {
  const [packed] = v.parse(
    v.tuple([v.object({ files: v.array(v.object({ path: v.string(), mode: v.number() })) })]),
    JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { encoding: "utf8", stdio: "pipe" }),
    ),
  );
  const paths = packed.files.map(({ path }) => path);

  test("holds the library, the simulator, the command and the licences", () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "package.json",
        "dist/index.js",
        "dist/index.d.ts",
        "dist/simulator/index.js",
        "dist/simulator/index.d.ts",
        "dist/station/index.js",
        "dist/station/index.d.ts",
        "dist/cli/thermal-provision.cjs",
        "dist/cli/third-party-licenses.txt",
      ]),
    );
  });

  test("holds no source, no test, no source map and nothing else that a user does not need", () => {
    const wanted =
      /^(dist\/.*\.(js|d\.ts|cjs)|dist\/cli\/third-party-licenses\.txt|(docs|examples|packaging|schema)\/.*|[A-Z]+\.md|LICENSE|package\.json)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
  });

  test("is smaller than 1.5 MB where only the camera's command is taken: dist/cli, package.json and the licences", () => {
    const command = paths.filter((path) =>
      /^(dist\/cli\/(?!station).*\.cjs|.*licenses\.txt|package\.json|LICENSE)$/.test(path),
    );
    expect(command.length).toBeGreaterThan(7);
    expect(command.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(1_500_000);
  });

  test("has the simulator's page in it, in the library and in the command", () => {
    for (const path of ["dist/simulator/http/page.js", "dist/cli/simulator.cjs"]) {
      expect(paths).toContain(path);
      expect(read(path)).toContain("Nothing was said yet.");
    }
  });

  test("brings units, and nothing that only the build of Debian packages needs", () => {
    expect(paths).toContain("packaging/systemd/thermal-provision.path");
    expect(paths.filter((path) => path.includes("debian"))).toEqual([]);
  });

  test("holds each declaration with its module", () => {
    const modules = paths.filter((path) => path.endsWith(".js")).map((path) => path.replace(/\.js$/, ".d.ts"));
    expect(modules.filter((path) => !paths.includes(path))).toEqual([]);
  });
});

describe("the command", () => {
  const command = manifest.bin["thermal-provision"] ?? "";

  test("is an executable file that starts with Node", () => {
    expect(statSync(command).mode & 0o111).toBe(0o111);
    expect(read(command).split("\n")[0]).toBe("#!/usr/bin/env node");
  });

  test("knows its version", () => {
    expect(execFileSync(process.execPath, [command, "--version"], { encoding: "utf8" }).trim()).toBe(manifest.version);
  });

  test("brings everything along: it runs where no package is installed", () => {
    const folder = dirname(command);
    const bundles = readdirSync(folder).filter((name) => name.endsWith(".cjs"));
    const asked = bundles.flatMap((name) => read(join(folder, name)).match(/(?<=\brequire\(")[^"]+(?="\))/g) ?? []);
    expect(asked.filter((name) => name.startsWith("./")).length).toBeGreaterThan(4);
    const there = bundles.map((name) => `./${name}`);
    // Which a Node that is too old for a station's ledger does not have: the command says so then.
    there.push("node:sqlite");
    expect(asked.filter((name) => !there.includes(name) && !isBuiltin(name))).toEqual([]);
  });

  test("says what is wrong with the command line also where another of its files finds it", () => {
    const { status, stderr } = spawnSync(process.execPath, [command, "simulator", "--tls-cert", "one.pem"], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([64, expect.stringContaining("--tls-cert and --tls-key belong together")]);
  });
});
