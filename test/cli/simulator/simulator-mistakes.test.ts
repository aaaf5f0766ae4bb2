import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runProgram } from "../../../src/cli/program.ts";
import { makeCertificate } from "../../simulator/certificate.ts";
import { recordedIo } from "../recorded-io.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-mistakes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function mistakes(...parameters: readonly string[]): Promise<string> {
  const record = recordedIo();
  expect(await runProgram(["simulator", "--port", "0", ...parameters], record.io)).toBe(64);
  return record.err;
}

it("tells what is wrong with scenario, state, certificate, key, configuration and devices at once", async () => {
  const err = await mistakes(
    ...["--scenario", file("scenario.json", '{"description":"x","behaviours":[{"on":"request","do":"lsoe"}]}')],
    ...["--state", file("state.json", "{")],
    ...["--tls-cert", file("cert.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")],
    ...["--tls-key", join(folder, "none.pem")],
    ...["--config", file("config.json", '{"devices":[{"nmae":"a"}]}')],
    ...["--device", "a", "--device", "a"],
    ...["--http-host", "0.0.0.0"],
  );
  expect(err.split("\n").filter((line) => line.startsWith("error: "))).toEqual([
    expect.stringContaining("scenario.json is not a scenario"),
    expect.stringContaining("state.json is not the state of a simulator"),
    `error: --tls-cert: ${folder}/cert.pem holds no certificate`,
    `error: --tls-key: ${folder}/none.pem does not exist`,
    expect.stringContaining("config.json is not a configuration"),
    "error: --device: a was given a second time",
    "error: --http-host belongs to --http",
  ]);
  expect(err).toContain("(did you mean name?)");
  expect(err.endsWith("See thermal-provision simulator --help.\n")).toBe(true);
  expect(readdirSync(folder)).not.toContain("state.json.lock");
});

it("names the certificate that a key does not belong to", async () => {
  const [one, other] = ["one", "other"].map((commonName) => makeCertificate({ commonName }));
  const cert = file("c1.pem", one?.cert ?? "");
  const key = file("k2.pem", other?.key ?? "");
  expect(await mistakes("--tls-cert", cert, "--tls-key", key)).toContain(`--tls-key: ${key} is not the key of ${cert}`);
});

it("tells a key that stands twice in a scenario or a configuration", async () => {
  const twice = file("twice.json", '{"description":"x","behaviours":[{"on":"request","on":"probe","do":"lose"}]}');
  expect(await mistakes("--scenario", twice)).toContain(
    `${twice}:1:50: behaviours.0.on: found the same key a second time, expected each key once`,
  );
});

it("tells options that the configuration decides already", async () => {
  const config = file("c.json", '{"version":"4.0.2","profiles":[{"name":"a","provisionType":"DISABLED"}]}');
  const err = await mistakes("--config", config, "--strategy", "disabled", "--key", "k", "--version-of-server", "3.4");
  expect(err).toContain("--strategy, --key, --version-of-server: --config says that already");
});

it("keeps a second simulator from a state file as long as the first one runs, and leaves nothing behind", async () => {
  const state = join(folder, "state.json");
  const stop = new AbortController();
  let listening = () => {};
  const ready = new Promise<void>((resolve) => {
    listening = resolve;
  });
  const first = recordedIo({ signal: stop.signal, out: () => listening() });
  const ended = runProgram(["simulator", "--port", "0", "--state", state], first.io);
  await ready;
  expect(await mistakes("--state", state)).toContain(`--state: another simulator keeps its devices in ${state}`);
  stop.abort();
  expect(await ended).toBe(0);
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

it("saves a reset and a device's telemetry over HTTP while it runs", async () => {
  const state = join(folder, "state.json");
  const stop = new AbortController();
  let listening = (_url: string) => {};
  const ready = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const out = (text: string) => {
    if (text.startsWith('{"type":"listening"')) listening(JSON.parse(text).http_url);
  };
  const { io } = recordedIo({ signal: stop.signal, out });
  const parameters = ["--state", state, "--http", "0", "--device", "kept=tok", "--json"];
  const ended = runProgram(["simulator", "--port", "0", ...parameters], io);
  const url = await ready;
  const post = (path: string, body: string) =>
    fetch(`${url}${path}`, { method: "POST", body, headers: { "content-type": "application/json" } });
  const saved = async (what: (text: string) => boolean) => {
    while (!what(readFileSync(state, "utf8"))) await new Promise((resolve) => setImmediate(resolve));
  };
  await post("/api/v1/tok/telemetry", '{"heat":77}');
  await saved((text) => text.includes('"heat": 77'));
  await post("/simulator/reset", "");
  await saved((text) => !text.includes('"heat"') && text.includes('"kept"'));
  stop.abort();
  expect(await ended).toBe(0);
});
