import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { check } from "../../../src/cli/check/check-command.ts";
import { checkLine } from "../../../src/cli/check/check-schema.ts";
import { readCommandLine } from "../../../src/cli/command/command-line.ts";
import type { Io } from "../../../src/cli/io.ts";
import { Camera } from "../../stories/camera.ts";
import { recordedIo } from "../recorded-io.ts";

/** What the command prints in the camera's folder, and how it ends. */
async function ran({ directory }: Camera, parameters: readonly string[], io: Partial<Io> = {}) {
  const recorded = recordedIo(io);
  const read = readCommandLine(check, ["--directory", directory, ...parameters]);
  if (typeof read === "string") throw new Error(`the command line was taken for ${read}`);
  const exitStatus = await check.run(read, recorded.io);
  return { exitStatus, out: recorded.out };
}

describe("check", () => {
  it("prints JSON lines as its schema has them, the outcome last", async () => {
    await using camera = await Camera.start();
    const { exitStatus, out } = await ran(camera, ["--json", "--ask-server", "--try-credentials"]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    for (const line of lines) expect(v.is(checkLine, line), JSON.stringify(line)).toBe(true);
    expect(lines.at(-1)).toEqual({ type: "outcome", result: "passed", exit_status: 0 });
    expect(exitStatus).toBe(0);
  });

  it("says because of what something was not looked at", async () => {
    await using camera = await Camera.start();
    camera.remove("provision.json");
    const { exitStatus, out } = await ran(camera, ["--json"]);
    expect(out).toContain('"group":"server","name":"everything","state":"skipped"');
    expect(out).toContain('"because_of":"files"');
    expect(exitStatus).toBe(78);
  });

  it("tells people in groups, what to do below what was found, and what failed once more at the end", async () => {
    await using camera = await Camera.start();
    camera.write("provision.json", '{ "server_url": “tb.example” }');
    const { exitStatus, out } = await ran(camera, []);
    expect(exitStatus).toBe(78);
    expect(out).toMatch(/^files\n {2}ok {7}folder: /);
    expect(out).toMatch(/ {2}FAILED {3}provision\.json: cannot be used:\n(.*\n)+? {11}do: Correct the lines/);
    expect(out.split("\n").slice(-6).join("\n")).toMatch(
      /files: provision\.json: provision\.json:1:17: found the typographic quotation[\s\S]*FAIL {2}1 of \d+ failed(, \d+ warnings?)? \(exit status 78\)\n$/,
    );
  });

  it("takes what provision takes of the way to the server", async () => {
    await using camera = await Camera.start();
    expect((await ran(camera, ["--json", "--require-tls"])).out).toContain('"code":"TLS_REQUIRED"');
    const through = await ran(camera, ["--json", "--proxy", "http://127.0.0.1:1", "--server-name", "tb.example"]);
    expect(through.out).toContain('"code":"PROXY_UNREACHABLE"');
    const misspelt = await ran(camera, ["--json", "--proxy", "proxy"]);
    expect([misspelt.exitStatus, misspelt.out]).toEqual([64, expect.stringContaining('"error_code":"USAGE"')]);
  });

  it("needs no more columns than a terminal has", async () => {
    await using camera = await Camera.start();
    const { out } = await ran(camera, [], { columns: 60 });
    const long = out.split("\n").filter((line) => line.length > 60 && !line.includes(camera.directory));
    expect(long).toEqual([]);
  });
});
