import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/model/error-table.ts";
import { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import { defaultProfile, Simulator } from "../../src/simulator/index.ts";

const readme = readFileSync("README.md", "utf8");
const run = promisify(execFile);
const command = "dist/cli/thermal-provision.cjs";

/** The samples that name the file that they are. */
const samples = [...readme.matchAll(/<!-- (examples\/\S+\.ts) -->\n```ts\n(.*?)```/gs)].map(
  ([, file = "", text = ""]) => ({
    file,
    text,
  }),
);

describe("the samples of the README", () => {
  it("are there", () => {
    expect(samples.map(({ file }) => file)).toEqual(["examples/library.ts", "examples/rehearsal.ts"]);
  });

  it.each(samples)("$file is what the README shows", ({ file, text }) => {
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  it("examples/rehearsal.ts runs", async () => {
    const { stdout } = await run(process.execPath, ["scripts/run.mjs", "examples/rehearsal.ts"]);
    expect(stdout).toMatch(/^One device: thermal-camera-[A-Z0-9]{6}\n$/);
  });

  it("examples/library.ts provisions a folder", async () => {
    await using server = await Simulator.start();
    const directory = mkdtempSync(join(tmpdir(), "readme-"));
    writeFileSync(join(directory, "provision.txt"), "");
    writeFileSync(
      join(directory, "provision.json"),
      JSON.stringify({
        server_url: server.url,
        server_port: server.port,
        provision_device_key: defaultProfile.provisionDeviceKey,
        provision_device_secret: defaultProfile.provisionDeviceSecret,
      }),
    );
    const { stdout } = await run(process.execPath, ["scripts/run.mjs", "examples/library.ts", directory]);
    rmSync(directory, { recursive: true });
    expect(stdout).toContain("COMPLETED\n");
    expect(stdout).toContain(`PASS ${server.devices[0]?.name}\n`);
  });

  it("provision.json is accepted", () => {
    const [, sample = ""] = /```json\n(\{\n {2}"server_url".*?)```/s.exec(readme) ?? [];
    expect(ProvisioningCredentials(JSON.parse(sample)).ok).toBe(true);
  });
});

describe("the tables of the README", () => {
  it("have every exit status of the error table, and no other", () => {
    const [, table = ""] = /## Exit statuses\n(.*?)\n## /s.exec(readme) ?? [];
    const statuses = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, status]) => Number(status));
    const known = new Set<number>([0, ...Object.values(errorTable).map(({ exitStatus }) => exitStatus)]);
    expect(statuses).toEqual([...known].sort((one, other) => one - other));
  });

  it("have every command of --help, and no other", async () => {
    const { stdout } = await run(process.execPath, [command, "--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].flatMap(([, name]) => (name === "help" ? [] : [name]));
    const named = [...readme.matchAll(/^\| `thermal-provision ([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(named).toEqual(commands);
  });

  it("name files that exist", () => {
    const [, table = ""] = /## Where things are\n(.*?)\n## /s.exec(readme) ?? [];
    const paths = [...table.matchAll(/`((?:src|test)\/[^`]*)`/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

it("the README installs the file that `npm pack` makes, and nothing from a registry", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(readme.match(/npm install [^\n]*/g)).toEqual([`npm install --global ./thermal-provision-${version}.tgz`]);
});
