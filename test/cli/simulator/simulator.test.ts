import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../../src/cli/program.ts";
import { Simulator } from "../../../src/simulator/index.ts";
import { recordedIo } from "../recorded-io.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-command-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command until it has said that it listens, hands that to `meanwhile`, and stops it. */
async function simulate(parameters: readonly string[], meanwhile: (listening: Listening) => unknown = () => {}) {
  const stop = new AbortController();
  const { promise, resolve } = listening();
  const record = recordedIo({
    signal: stop.signal,
    out: (text) => {
      record.out += text;
      if (text.startsWith('{"type":"listening"')) resolve(JSON.parse(text));
    },
  });
  const ended = runProgram(["simulator", "--port", "0", "--json", ...parameters], record.io);
  const first = await Promise.race([promise, ended]);
  if (typeof first === "object") {
    await meanwhile(first);
    stop.abort();
  }
  return { exitStatus: await ended, out: record.out, err: record.err };
}

interface Listening {
  readonly port: number;
  readonly http_url?: string;
  readonly devices: readonly string[];
}

function listening() {
  let resolve: (value: Listening) => void = () => {};
  const promise = new Promise<Listening>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("simulator --scenario", () => {
  it("tells every mistake of a file at once, with its place and the nearest right word", async () => {
    const file = join(folder, "mine.json");
    writeFileSync(
      file,
      '{\n  "description": "x",\n  "behaviours": [\n    { "on": "reqest", "do": "lose" },\n    { "on": "probe", "do": "lsoe" }\n  ]\n}\n',
    );
    const { exitStatus, err } = await simulate(["--scenario", file]);
    expect(exitStatus).toBe(64);
    expect(err).toContain(`${file}:4:13: behaviours.0.on: found the text "reqest"`);
    expect(err).toContain("(did you mean request?)");
    expect(err).toContain(`${file}:5:28: behaviours.1.do: found the text "lsoe"`);
    expect(err).toContain("(did you mean lose?)");
  });

  it("says where a file is not JSON", async () => {
    const file = join(folder, "mine.json");
    writeFileSync(file, '{ "description": "x" "behaviours": [] }');
    const { exitStatus, err } = await simulate(["--scenario", file]);
    expect(exitStatus).toBe(64);
    expect(err).toContain(`${file}:1:22: found the next entry, expected a comma before it`);
  });
});

describe("simulator --list-scenarios", () => {
  it("lists the ready ones with a sentence each, for people", async () => {
    const record = recordedIo();
    expect(await runProgram(["simulator", "--list-scenarios"], record.io)).toBe(0);
    expect(record.out).toMatch(/^reply-lost +The first reply is lost: .*$/m);
    expect(record.out.split("\n").filter((line) => /^\S/.test(line)).length).toBeGreaterThan(20);
  });

  it("lists them as JSON, and each of them can be started by its name", async () => {
    const record = recordedIo();
    expect(await runProgram(["simulator", "--list-scenarios", "--json"], record.io)).toBe(0);
    const names = record.out
      .trimEnd()
      .split("\n")
      .map((line): string => JSON.parse(line).name);
    expect(names).toContain("server-forgets");
    for (const name of names) expect((await simulate(["--scenario", name])).exitStatus).toBe(0);
  });
});

describe("simulator --state", () => {
  it("keeps the devices from one run to the next, in a file for its owner only", async () => {
    const state = join(folder, "state.json");
    const devices: (readonly string[])[] = [];
    const parameters = ["--state", state, "--device", "hall-3=Token3"];
    await simulate(parameters, (listening) => devices.push(listening.devices));
    await simulate([...parameters, "--device", "hall-4"], (listening) => devices.push(listening.devices));
    expect(devices).toEqual([["hall-3"], ["hall-3", "hall-4"]]);
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect(readFileSync(state, "utf8")).toContain('"credentialsId": "Token3"');
  });

  it.each(["", "{", "[]", '{"format":"thermal-provision simulator state 1","devices":[{}]}'])(
    "never overwrites a file that it does not understand: %j",
    async (damaged) => {
      const state = join(folder, "state.json");
      writeFileSync(state, damaged);
      const { exitStatus, err } = await simulate(["--state", state]);
      expect(exitStatus).toBe(64);
      expect(err).toContain(`--state: ${state} is not the state of a simulator; it was left as it is`);
      expect(readFileSync(state, "utf8")).toBe(damaged);
    },
  );
});

describe("simulator --record", () => {
  it("writes a transcript at the end, and nothing before", async () => {
    const file = join(folder, "transcript.json");
    const { exitStatus } = await simulate(["--record", file, "--scenario", "reply-lost"], () =>
      expect(() => statSync(file)).toThrow("ENOENT"),
    );
    expect(exitStatus).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      title: "The first reply is lost: the device exists, the camera has to find out by its own token.",
      server_version: "thermal-provision simulator of ThingsBoard CE 4.3.1.3",
      packets: [],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("simulator --http", () => {
  it("says where the page is, and that its port is taken", async () => {
    let page = "";
    await simulate(["--http", "0", "--device", "hall-3"], async ({ http_url }) => {
      page = await (await fetch(`${http_url}/simulator/devices`)).text();
    });
    expect(page).toContain("hall-3");
    await using other = await Simulator.start();
    const { exitStatus, err } = await simulate(["--http", String(other.port)]);
    expect(exitStatus).toBe(64);
    expect(err).toContain(`port ${other.port} of 127.0.0.1 is in use`);
  });
});
