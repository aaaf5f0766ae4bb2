import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import { Command, commandPath } from "../stories/command.ts";
import { read } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "tutorial-"));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = (language: string) =>
  [...read("docs/tutorial.md").matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, text = ""]) => text,
  );

test("the commands of the tutorial do what it says, one after the other", async () => {
  const [server = "", ...commands] = blocks("sh");
  expect(commands).toHaveLength(4);
  const [, ...parameters] = server.trim().split(" ");
  // The port is any that is free, and the output JSON, which says which.
  const simulator = new Command([...parameters.map((word) => (word === "1883" ? "0" : word)), "--json"]);
  onTestFinished(() => simulator.signal("SIGTERM"));
  await simulator.printed('"type":"listening"');
  const [, port = ""] = /"port":(\d+)/.exec(simulator.out) ?? [];
  writeFileSync(join(folder, "thermal-provision"), `#!/bin/sh\nexec "${process.execPath}" "${commandPath}" "$@"\n`, {
    mode: 0o755,
  });
  const { stdout } = await promisify(execFile)("sh", ["-ec", commands.join("\n").replaceAll("1883", port)], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` },
  });
  const results = [...stdout.matchAll(/"type":"outcome","result":"(\w+)"/g)].map(([, result]) => result);
  expect(results).toHaveLength(3);
  expect(results.slice(1)).toEqual(["provisioned", "already_provisioned"]);
  expect(readdirSync(join(folder, "camera"))).toContain("provision.txt.processed");
});

test("its provision.json files are accepted", () => {
  const samples = blocks("json");
  expect(samples).toHaveLength(1);
  for (const sample of samples) expect(ProvisioningCredentials(JSON.parse(sample)).ok).toBe(true);
});
