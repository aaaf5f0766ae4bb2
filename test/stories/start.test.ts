import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/files/journal/records.ts";
import { commandPath } from "./command.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const provisioned = {
  device: { device_id: null, device_name: "TC-1", access_token: "aToken", credentials_type: "ACCESS_TOKEN" },
  server: { url: "tb.example", port: 8883, use_ssl: true },
  provisioning: { provisioned_at: "2026-10-23T14:30:00Z", attempt_id: "5ee78c50-97c4-41f0-a4f5-3bd4ea3ae6c6" },
};

const loaded = v.object({ files: v.array(v.string()), builtin: v.array(v.string()) });

/** What a program has loaded at its end: files, and modules of Node. */
function loadedBy(program: readonly string[], folder: string): v.InferOutput<typeof loaded> {
  const hook = join(folder, "hook.cjs");
  const report = join(folder, "loaded.json");
  const told = "{ files: Object.keys(require.cache), builtin: process.moduleLoadList }";
  const written = `require("node:fs").writeFileSync(${JSON.stringify(report)}, JSON.stringify(${told}))`;
  writeFileSync(hook, `process.on("exit", () => ${written});`);
  const { status } = spawnSync(process.execPath, ["--require", hook, ...program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(status).toBe(0);
  const { files, builtin } = v.parse(loaded, JSON.parse(readFileSync(report, "utf8")));
  const modules = builtin.flatMap((entry) => (entry.startsWith("NativeModule ") ? [entry.slice(13)] : []));
  return { files: files.filter((file) => file !== hook), builtin: modules };
}

describe("a start with nothing to do", () => {
  using folder = temporaryFolder("start-");
  writeFileSync(join(folder.path, "thermal_config.json"), JSON.stringify(provisioned));
  mkdirSync(join(folder.path, ".thermal-provision"), { mode: 0o700 });
  const record = join(folder.path, ".thermal-provision", "last-success.json");
  writeFileSync(record, encodeRecord(provisioned), { mode: 0o600 });
  const command = [commandPath, "provision", "--directory", folder.path, "--json"];
  const { files, builtin } = loadedBy(command, folder.path);
  const script = join(folder.path, "prints.cjs");
  writeFileSync(script, `process.stdout.write("text"); process.stderr.write("text");`);
  const printing = loadedBy([script], folder.path);

  it("reads two files, and of them no more than 110 kB, for every byte is read and compiled each time", () => {
    expect(files.map((file) => basename(file))).toEqual(["thermal-provision.cjs", "rest.cjs"]);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(110_000);
  });

  it("loads no module of Node that only a provisioning needs", () => {
    const forProvisioning = ["child_process", "crypto", "dns", "http", "https", "inspector", "readline", "tls", "zlib"];
    expect(builtin.filter((name) => forProvisioning.includes(name))).toEqual(
      printing.builtin.filter((name) => forProvisioning.includes(name)),
    );
  });

  it("loads fewer modules of Node than a program that prints a line: it writes without a stream", () => {
    expect(builtin.length).toBeLessThan(printing.builtin.length);
  });
});

describe("what a start with nothing to do says", () => {
  const begun = Date.now();
  const moments = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
  const ids = /"correlation_id":"[0-9a-f-]{36}"/g;

  /** Byte for byte, but for what is new in each run. */
  function said(...parameters: string[]) {
    const command = [commandPath, "provision", ...parameters];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    const old = (text: string) =>
      text
        .replace(moments, (moment) => (Date.parse(moment) >= begun ? "now" : moment))
        .replace(ids, (id) => (id.includes(provisioned.provisioning.attempt_id) ? id : "new"));
    return { status, stdout: old(stdout), stderr: old(stderr) };
  }

  const strange = { ...provisioned, device: { ...provisioned.device, device_name: "T\u202eC \u0007 é" } };
  const old = { ...provisioned, provisioning: { ...provisioned.provisioning, provisioned_at: "1970-01-01T00:00:00Z" } };

  it.each<[string, Readonly<Record<string, string>>]>([
    ["of a camera that is provisioned", { "thermal_config.json": JSON.stringify(provisioned) }],
    ["of a name that a terminal would obey", { "thermal_config.json": JSON.stringify(strange) }],
    ["of a configuration with comments", { "thermal_config.json": `// ours\n${JSON.stringify(provisioned)}` }],
    ["of a configuration that is none", { "thermal_config.json": "{" }],
    ["of a camera that is not provisioned", { "provision.json": "{}" }],
    ["of one whose trigger has another name", { "provision.txt.txt": "" }],
    ["of one whose clock was not set", { "thermal_config.json": JSON.stringify(old) }],
    ["of a status that is of a run", { "provision_status.json": '{"current_state":"CONNECTING"}' }],
    ["of a folder in which there is nothing", {}],
  ])("is what the whole program says %s", (_, files) => {
    using place = temporaryFolder("rest-");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place.path, name), text, { mode: 0o600 });
    const parameters = ["--directory", place.path, "--json"];
    const quick = said(...parameters);
    expect(quick.stdout).toContain('"type":"outcome"');
    // This one needs the whole program to be understood.
    expect(quick).toEqual(said(...parameters, "--device-id-within", "0.5"));
  });

  it("reaches a reader who begins to read later", () => {
    using place = temporaryFolder("rest-");
    const whole = `"$0" "$1" provision --directory "$2" --json | { read first; printf '%s\n' "$first"; cat; }`;
    const { stdout } = spawnSync("sh", ["-c", whole, process.execPath, commandPath, place.path], { encoding: "utf8" });
    expect(stdout.trimEnd().split("\n").at(-1)).toContain('"type":"outcome"');
  });
});
