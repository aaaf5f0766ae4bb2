import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Ask, tellDiagnostics } from "../../src/cli/diagnostics/tell-diagnostics.ts";
import { runProgram } from "../../src/cli/program.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent } from "../../src/files/journal/journal.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { intent } from "../files/sample.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

const nothingLeftOut = { withoutCheck: false, withoutFiles: false, withoutUnit: false, withoutLog: false };

/** A camera with a secret in every file that can hold one. */
async function planted() {
  const camera = await Camera.start();
  await camera.run();
  camera.write("provision.txt", "");
  await camera.run({ newIdentity: true });
  const config = camera.read("thermal_config.json").replace("{", '{"cloud": {"url": "x", "token": "plantedInConfig"},');
  camera.write("thermal_config.json", config);
  camera.write("thermal_config.json.backup.7", '{"wifi": {"password": "plantedInBackup"}}');
  const unfinished = intent({ host: camera.simulator.host });
  writeIntent(nodeFileSystem, camera.directory, unfinished);
  const { credentials } = unfinished;
  const journalled = credentials.type === "ACCESS_TOKEN" ? credentials.accessToken.reveal() : "";
  const secrets = [provisionKey, provisionSecret, "plantedInConfig", "plantedInBackup", journalled];
  return { camera, secrets: [...secrets, ...camera.tokensOnServer] };
}

it("the document tells what support wants to know, and none of the secrets that are planted in every file", async () => {
  const { camera, secrets } = await planted();
  await using _ = camera;
  const record = recordedIo();
  const ask: Ask = async (program) =>
    program === "systemctl" ? "ActiveState=failed\nResult=exit-code\nEnvironment=TOKEN=x\n" : "a line\nanother\n";
  await tellDiagnostics({ directory: camera.directory, ...nothingLeftOut }, record.io, ask);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10);
    expect(record.out).not.toContain(secret);
  }
  const document = JSON.parse(record.out);
  expect(document).toMatchObject({
    thermal_provision_diagnostics: 1,
    versions: { node: process.versions.node },
    status: { next_run: "continue", camera: { state: "provisioned" } },
    check: {
      exit_status: 0,
      lines: expect.arrayContaining([expect.objectContaining({ group: "server", state: "ok" })]),
    },
    unit: { ActiveState: "failed", Result: "exit-code" },
    log: ["a line", "another"],
  });
  expect(document.unit).not.toHaveProperty("Environment");
  expect(document.files).toContainEqual(
    expect.objectContaining({ path: "provision.json", mode: "0600", kind: "file" }),
  );
  const journal = document.files.filter(({ sha256 }: { readonly sha256?: string }) => sha256 !== undefined);
  expect(journal.length).toBeGreaterThan(0);
});

it("parts are left out by flag, and what cannot be asked is null", async () => {
  await using camera = await Camera.start();
  const record = recordedIo();
  const choices = { directory: camera.directory, ...nothingLeftOut, withoutFiles: true, withoutCheck: true };
  await tellDiagnostics(choices, record.io, async () => undefined);
  const document = JSON.parse(record.out);
  for (const part of ["files", "check"]) expect(document).not.toHaveProperty(part);
  expect(document).toMatchObject({ unit: null, log: null });
});

it("the file is this user's alone, and is never written over another", async () => {
  await using camera = await Camera.start();
  const file = join(camera.directory, "for-support.json");
  const without = ["--without-unit", "--without-log", "--without-check"];
  const run = () => runProgram(["diagnostics", "-d", camera.directory, "--output", file, ...without], recordedIo().io);
  expect(await run()).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).not.toHaveProperty("log");
  expect(await run()).toBe(64);
});
