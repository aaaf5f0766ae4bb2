import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
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
  const command = [commandPath, "provision", "--directory", folder.path, "--json"];
  const { files, builtin } = loadedBy(command, folder.path);
  const script = join(folder.path, "prints.cjs");
  writeFileSync(script, `process.stdout.write("text"); process.stderr.write("text");`);
  const printing = loadedBy([script], folder.path);

  it("reads three files, and of them no more than 230 kB, for every byte is read and compiled each time", () => {
    expect(files.map((file) => basename(file))).toEqual(["thermal-provision.cjs", "main.cjs", "rest.cjs"]);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(230_000);
  });

  it("loads no module of Node that only a provisioning needs", () => {
    const forProvisioning = ["child_process", "dns", "http", "https", "readline", "tls", "zlib"];
    expect(builtin.filter((name) => forProvisioning.includes(name))).toEqual(
      printing.builtin.filter((name) => forProvisioning.includes(name)),
    );
  });

  it("loads at most 45 modules of Node more than a program that prints a line: most are node:crypto's", () => {
    expect(builtin.length - printing.builtin.length).toBeLessThanOrEqual(45);
  });
});
