import { describe, expect, it, test } from "vitest";
import { Arguments, type Command } from "../../../src/cli/command/command.ts";
import { readCommandLine } from "../../../src/cli/command/command-line.ts";
import { choice, flag, number, text, texts } from "../../../src/cli/command/option-kinds.ts";
import { commands, runProgram } from "../../../src/cli/program.ts";
import { recordedIo } from "../recorded-io.ts";

const mistakes: readonly (readonly [readonly string[], string])[] = [
  [["provison"], "(Did you mean provision?)"],
  [["simulater"], "(Did you mean simulator?)"],
  [["xyzzy"], "unknown command 'xyzzy'"],
  [["help", "xyzzy"], "no command and no topic is called 'xyzzy'"],
  [["provision", "--dirctory", "x"], "(Did you mean --directory?)"],
  [["provision", "--dry-rum"], "(Did you mean --dry-run?)"],
  [["status", "--wait"], "unknown option '--wait'"],
  [["provision", "camera"], "too many arguments"],
  [["provision", "--directory"], "option '-d, --directory <folder>' argument missing"],
  [["provision", "--directory", ""], "--directory <folder>: found an empty text"],
  [["provision", "-d", "a", "--directory", "b"], "--directory was given 2 times"],
  [["provision", "--log-level", "loud"], "expected one of silent, error, warn, info"],
  [["provision", "--log-level", "wran"], "(Did you mean warn?)"],
  [["provision", "--device-id-within", "-1"], "expected a number, 0 to 600"],
  [["provision", "--device-id-within", "1e3"], 'found "1e3"'],
  [["explain", "NO_ANSWR"], "(Did you mean NO_ANSWER?)"],
  [["explain", "zzz"], 'no error, warning or exit status is called "zzz"'],
  [["explain", "LOCKED", "INTERNAL"], "too many arguments"],
  [["simulator", "--port", "65536"], "expected a whole number, 0 to 65535"],
  [["simulator", "--port", "0x50"], 'found "0x50"'],
  [["simulator", "--strategy", "allow"], "expected one of allow-create, check-pre-provisioned, x509-chain,"],
  [["simulator", "--strategy", "x509-chain"], "needs --authority, and TLS"],
  [["simulator", "--authority", "authority.pem"], "--authority belongs to --strategy x509-chain"],
  [["simulator", "--tls-cert", "package.json", "--tls-key", "package.json"], "package.json is not a PEM file"],
  [["simulator", "--scenario", "reply-lst"], "(Did you mean reply-lost?)"],
  [["simulator", "--scenario", "examples"], "found a folder, expected a regular file"],
  [["simulator", "--state", "package.json"], "it was left as it is"],
  [["simulator", "--state", "nowhere/state.json"], "nowhere/state.json cannot be written (ENOENT)"],
  [["simulator", "--record", "examples"], "examples cannot be written (it is a folder)"],
  [["simulator", "--tls-cert", "server.pem"], "--tls-cert and --tls-key belong together"],
  [["simulator", "--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem"], "--tls-cert: nowhere.pem does not exist"],
  [["simulator", "--http-host", "0.0.0.0"], "--http-host belongs to --http"],
  [["PROVISION"], "(Did you mean provision?)"],
  [["provision", "--json=yes"], "--json takes no value"],
  [["simulator", "--port", "0", "--device", "=token"], "expected a name, or name=token"],
  [["simulator", "--port", "0", "--device", "a", "--device", "a"], "--device: a was given a second time"],
  [["provision", "--", "camera"], "too many arguments for 'provision': expected no argument, found 1"],
  [["explain", "LOCKED", "INTERNAL"], "expected 1 argument, found 2"],
  [["provision", "-jd"], "unknown option '-j'"],
  [["provision", "--port=80"], "unknown option '--port'"],
  [["--dry-run"], "unknown option '--dry-run'"],
  [["provision", "--log-level="], 'found "", expected one of silent'],
  [["demo", "--keep", "package.json"], "--keep: package.json is there already"],
];

describe("a mistake on the command line", () => {
  it.each(mistakes)("%j ends with 64 and says %j", async (parameters, message) => {
    const record = recordedIo();
    expect(await runProgram(parameters, record.io)).toBe(64);
    expect(record.err).toContain(message);
    const [command = ""] = parameters;
    const see = commands.some(({ name }) => name === command) ? ` ${command}` : "";
    expect(record.err).toContain(`See thermal-provision${see} --help.`);
    expect(record.out).toBe("");
  });

  it("no command at all shows the help and ends with 64", async () => {
    const record = recordedIo();
    expect(await runProgram([], record.io)).toBe(64);
    expect(record.err).toContain("Commands\n");
  });
});

describe("an option", () => {
  const given = new Arguments(
    new Map([
      ["--port", ["80"]],
      ["--within", ["1.5"]],
      ["--json", ["true"]],
      ["--device", ["a", "b=c"]],
      ["--level", ["warn"]],
    ]),
  );
  const level = choice("--level <level>", "", ["error", "warn"], undefined);

  it.each([
    ["a number", number("-p, --port <n>", "", { least: 0, most: 99, whole: true, absent: undefined }), 80],
    ["a fraction", number("--within <s>", "", { least: 0, most: 9, whole: false, absent: 2 }), 1.5],
    ["a flag", flag("--json", ""), true],
    ["a flag that is absent", flag("--wait", ""), false],
    ["several texts", texts("--device <name>", ""), ["a", "b=c"]],
    ["one of a few words", level, "warn"],
    ["an absent text", text("--host <h>", "", "127.0.0.1"), "127.0.0.1"],
  ])("%s is read", (_, option, value) => {
    expect(given.of<unknown>(option)).toEqual(value);
  });
});

describe("what stands behind a command", () => {
  const name = text("-n, --name <name>", "");
  const wait = flag("-w, --wait", "");
  const command: Command = {
    name: "provision",
    summary: "",
    operand: { name: "[code]", help: "" },
    options: [name, wait, texts("--device <name>", "")],
    run: () => Promise.resolve(0),
  };

  it.each<[string[], string | undefined, string | undefined]>([
    [["--name", "a"], "a", undefined],
    [["--name=a"], "a", undefined],
    [["--name=a=b"], "a=b", undefined],
    [["-n", "a"], "a", undefined],
    [["-na"], "a", undefined],
    [["-wna", "CODE"], "a", "CODE"],
    [["--name", "--wait"], "--wait", undefined],
    [["--name", "-1", "CODE"], "-1", "CODE"],
    [["CODE", "-n", "a"], "a", "CODE"],
    [["-n", "a", "--", "--wait"], "a", "--wait"],
    [["-"], undefined, "-"],
    [[], undefined, undefined],
  ])("%j is read as the name %j and the operand %j", (parameters, expected, operand) => {
    const read = readCommandLine(command, parameters);
    if (!(read instanceof Arguments)) throw new TypeError("help or version");
    expect([read.of(name), read.operand]).toEqual([expected, operand]);
  });

  it("is the help or the version for everybody who asks, whatever else is wrong", () => {
    expect(readCommandLine(command, ["--nmae", "a", "b", "c", "-h"])).toBe("help");
    expect(readCommandLine(command, ["--nmae", "-V"])).toBe("version");
    expect(readCommandLine(command, ["--", "--help"])).toBeInstanceOf(Arguments);
  });

  it("may say twice what has no value, and nothing else", () => {
    expect(readCommandLine(command, ["-w", "--wait"])).toBeInstanceOf(Arguments);
    expect(() => readCommandLine(command, ["-na", "-nb"])).toThrow("--name was given 2 times");
    expect(() => readCommandLine(command, ["--wait=no"])).toThrow("--wait takes no value");
  });
});

describe("help", () => {
  it("alone shows the help of the program", async () => {
    const record = recordedIo();
    expect(await runProgram(["help"], record.io)).toBe(0);
    expect(record.out).toContain("Usage thermal-provision [options] [command]");
  });

  it("and a command shows the help of the command", async () => {
    const record = recordedIo();
    expect(await runProgram(["help", "reset"], record.io)).toBe(0);
    expect(record.out).toContain("Usage thermal-provision reset [options]");
  });
});

describe.each(["--help", "--version"])("%s", (option) => {
  it.each(["", ...commands.map(({ name }) => name)])("works behind %j", async (command) => {
    const record = recordedIo();
    expect(await runProgram(command === "" ? [option] : [command, option], record.io)).toBe(0);
    expect(record.out).toMatch(option === "--help" ? /^Usage thermal-provision/ : /^\d+\.\d+\.\d+\n$/);
    expect(record.err).toBe("");
  });
});

test("every option of every command has a help text and a name of its own", () => {
  for (const { options } of commands) {
    const flags = options.map((option) => option.flags);
    expect(new Set(flags).size).toBe(flags.length);
    expect(options.filter(({ help }) => help === "")).toEqual([]);
  }
});
