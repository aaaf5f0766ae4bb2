import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { Camera } from "./camera.ts";

const sample = /^(# (HELP|TYPE) thermal_provision_\w+ .+|thermal_provision_\w+(\{\w+="\w+"\})? \d+(\.\d+)?)$/;

it("status --metrics writes what node exporter reads, whole, and without a secret", async () => {
  await using camera = await Camera.start();
  const file = join(camera.directory, "camera.prom");
  const run = () => runProgram(["status", "-d", camera.directory, "--metrics", file], recordedIo().io);
  expect(await run()).toBe(0);
  expect(readFileSync(file, "utf8")).toContain('thermal_provision_camera_state{state="not_provisioned"} 1\n');
  await camera.run();
  expect(await run()).toBe(0);
  const text = readFileSync(file, "utf8");
  expect(text).toContain('thermal_provision_camera_state{state="provisioned"} 1\n');
  expect(text).toContain('thermal_provision_run_state{state="COMPLETED"} 1\n');
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.trimEnd().split("\n")) expect(line).toMatch(sample);
  for (const secret of camera.tokensOnServer) expect(text).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o644);
});

it("the code of the last error is a label", async () => {
  await using camera = await Camera.start({}, { provision_device_secret: "mistypedSecret000000" });
  await camera.run();
  const file = join(camera.directory, "camera.prom");
  await runProgram(["status", "-d", camera.directory, "--metrics", file], recordedIo().io);
  const text = readFileSync(file, "utf8");
  expect(text).toContain('thermal_provision_last_error{code="PROVISION_DATA_NOT_FOUND"} 1\n');
  expect(text).toContain('thermal_provision_run_state{state="FAILED_VALIDATION"} 1\n');
});
