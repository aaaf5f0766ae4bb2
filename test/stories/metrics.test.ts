import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { MetricsFile } from "../../src/cli/provision/metrics-file.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { identity } from "../fixtures/tls/certificates.ts";
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

it("the end of the certificate is there where the camera logs in with one", async () => {
  await using camera = await Camera.start();
  const file = join(camera.directory, "camera.prom");
  const credentials = {
    credentials_type: "X509_CERTIFICATE",
    certificate_file: "own.pem",
    private_key_file: "own.key",
  };
  const server = { url: "tb.example", port: 8883, use_ssl: true };
  camera.write("thermal_config.json", JSON.stringify({ device: { device_name: "Gate 7", ...credentials }, server }));
  const run = () => runProgram(["status", "-d", camera.directory, "--metrics", file], recordedIo().io);
  const told = /^thermal_provision_certificate_end_timestamp_seconds (\d+)$/m;
  expect(await run()).toBe(0);
  expect(readFileSync(file, "utf8")).not.toMatch(told);
  const { cert } = identity("server");
  camera.write("own.pem", cert);
  expect(await run()).toBe(0);
  const end = Date.parse(new X509Certificate(cert).validTo) / 1000;
  expect(told.exec(readFileSync(file, "utf8"))?.[1]).toBe(String(end));
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

it("provision --metrics writes it at the end of a run, also where nothing is to be done", async () => {
  await using camera = await Camera.start();
  const file = join(camera.directory, "camera.prom");
  const run = (...more: string[]) =>
    runProgram(["provision", "-d", camera.directory, "--metrics", file, ...more], recordedIo().io);
  expect(await run("--dry-run")).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(await run()).toBe(0);
  const first = readFileSync(file, "utf8");
  expect(first).toContain('thermal_provision_camera_state{state="provisioned"} 1\n');
  expect(first).toContain('thermal_provision_run_state{state="COMPLETED"} 1\n');
  rmSync(file);
  expect(await run()).toBe(0);
  expect(readFileSync(file, "utf8")).toContain('thermal_provision_camera_state{state="provisioned"} 1\n');
});

it("provision --metrics tells of a run that fails, and its exit status stays that of the run", async () => {
  await using camera = await Camera.start({}, { provision_device_secret: "mistypedSecret000000" });
  const file = join(camera.directory, "camera.prom");
  expect(await runProgram(["provision", "-d", camera.directory, "--metrics", file], recordedIo().io)).toBe(77);
  expect(readFileSync(file, "utf8")).toContain('thermal_provision_last_error{code="PROVISION_DATA_NOT_FOUND"} 1\n');
});

it("metrics that cannot be written are told once, and do not fail the run", async () => {
  await using camera = await Camera.start();
  const io = recordedIo();
  const file = join(camera.directory, "no-such-folder", "camera.prom");
  expect(await runProgram(["provision", "-d", camera.directory, "--metrics", file], io.io)).toBe(0);
  expect(io.err).toMatch(/^the metrics are not written: [A-Z_]+: .*no-such-folder/m);
  expect(io.err.match(/the metrics are not written/g)).toHaveLength(1);
});

it("the file is written at each state in which a run ends, so with --wait after each of its runs", async () => {
  await using camera = await Camera.start({}, { provision_device_secret: "mistypedSecret000000" });
  const file = join(camera.directory, "camera.prom");
  await camera.run();
  const [status] = camera.statuses.slice(-1);
  if (status === undefined) throw new Error("no status was told");
  const metrics = new MetricsFile(file, () => {});
  const told: string[] = [];
  const options = metrics.watching({
    directory: camera.directory,
    onStatus: ({ currentState }) => void told.push(currentState),
  });
  options.onStatus?.({ ...status, currentState: "SENDING_REQUEST" });
  options.onStatus?.(status);
  expect(told).toEqual(["SENDING_REQUEST", "FAILED_VALIDATION"]);
  await expect.poll(() => existsSync(file)).toBe(true);
  expect(readFileSync(file, "utf8")).toContain('thermal_provision_run_state{state="FAILED_VALIDATION"} 1\n');
});
