import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { milliseconds } from "../../../src/base/duration.ts";
import { askProgram } from "../../../src/cli/provision/certificate-command.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "command-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const never = new AbortController().signal;

function program(text: string, mode = 0o755): string {
  const path = join(folder, "program");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const script = (text: string) => program(`#!/bin/sh\n${text}\n`);

it("gives the request to the program, and takes what it writes", async () => {
  expect(await askProgram(script("tr a-z A-Z"), "request\n", never)).toBe("REQUEST\n");
});

it("starts it without a shell and without parameters, under a path with spaces and signs", async () => {
  const path = join(folder, "a b; echo $HOME");
  writeFileSync(path, '#!/bin/sh\ncat > /dev/null\necho "$#"\n');
  chmodSync(path, 0o755);
  expect(await askProgram(path, "r", never)).toBe("0\n");
});

it("does not mind a program that reads nothing", async () => {
  expect(await askProgram(script("exec 0<&-; echo done"), "r".repeat(1_000_000), never)).toBe("done\n");
});

it.each([
  ["there is none", () => join(folder, "nothing"), "CERTIFICATE_COMMAND_UNUSABLE", "cannot be started (ENOENT)"],
  [
    "it is not executable",
    () => program("#!/bin/sh\n", 0o644),
    "CERTIFICATE_COMMAND_UNUSABLE",
    "cannot be started (EACCES)",
  ],
  [
    "its interpreter is missing",
    () => program("#!/nowhere/sh\n"),
    "CERTIFICATE_COMMAND_UNUSABLE",
    "cannot be started (ENOENT)",
  ],
  [
    "a status, and what it said",
    () => script('printf "no \\033[31mred\\n  authority\\n" >&2; exit 3'),
    "CERTIFICATE_NOT_ISSUED",
    "program ended with status 3, and said: no \\u{1b}[31mred; authority",
  ],
  ["a status alone", () => script("exit 1"), "CERTIFICATE_NOT_ISSUED", "program ended with status 1"],
  ["a signal", () => script("kill -TERM $$"), "CERTIFICATE_NOT_ISSUED", "program was ended by SIGTERM"],
  ["a flood", () => script("yes"), "CERTIFICATE_UNUSABLE", "program wrote more than 65536 characters"],
])("%s", async (_, make, errorCode, message) => {
  const error = await askProgram(make(), "r", never).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ errorCode, message: expect.stringContaining(message) });
});

it("ends one that takes too long", async () => {
  await expect(askProgram(script("exec sleep 600"), "r", never, milliseconds(300))).rejects.toMatchObject({
    errorCode: "CERTIFICATE_NOT_ISSUED",
    message: expect.stringContaining("did not end within 0.3 s"),
  });
});

it("takes what it wrote where its children keep the output open, and does not wait for them longer than for itself", async () => {
  const text = "echo done; sleep 600 & exit 0";
  expect(await askProgram(script(text), "r", never, milliseconds(300))).toBe("done\n");
});

it("ends it when the run is told to stop", async () => {
  const stop = new AbortController();
  const asked = askProgram(script("exec sleep 600"), "r", stop.signal);
  stop.abort();
  await expect(asked).rejects.toThrow();
});
