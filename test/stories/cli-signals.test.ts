import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { Command } from "./command.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const silent = { scenario: [{ on: "request", do: "lose" }] } as const;

describe("a run of the command that is told to stop", () => {
  it.each([
    ["SIGINT", 130, "INTERRUPTED"],
    ["SIGTERM", 143, "TERMINATED"],
    ["SIGHUP", 143, "TERMINATED"],
  ] as const)(
    "by %s ends with %d within a second, says so, and the next run continues",
    async (signal, status, code) => {
      await using camera = await Camera.start(silent);
      const command = new Command(["provision", "-d", camera.directory]);
      await command.printed("WAITING_RESPONSE");
      command.signal(signal);
      const { exitStatus, outcome, sinceSignal } = await command.ended;
      expect(exitStatus).toBe(status);
      expect(outcome).toMatchObject({ result: "failed", exit_status: status, error: { error_code: code } });
      expect(Object(outcome["error"])["error_message"]).toContain("the next run goes on");
      expect(sinceSignal).toBeLessThan(1000);
      expect(await camera.run()).toMatchObject({ result: "provisioned" });
      expect(camera.tokensOnServer).toEqual([camera.token]);
    },
  );

  it("between two tries of --wait ends at once", async () => {
    await using camera = await Camera.start();
    await camera.simulator.close();
    const command = new Command(["provision", "-d", camera.directory, "--wait", "--human"]);
    await command.printed("again in ");
    command.signal("SIGTERM");
    const { exitStatus, out, sinceSignal } = await command.ended;
    expect(exitStatus).toBe(143);
    expect(out).toContain("STOPPED  stopped by SIGTERM; the next run goes on");
    expect(sinceSignal).toBeLessThan(1000);
  });
});

it("a look-up that the system cannot stop does not keep a stopped run alive", async () => {
  await using camera = await Camera.start(silent);
  // As getaddrinfo without a name server does, opening a pipe without a writer blocks a thread for ever.
  const pipe = join(camera.directory, "pipe");
  execFileSync("mkfifo", [pipe]);
  const blocks = `require("node:fs").open(${JSON.stringify(pipe)}, "r", () => {});`;
  camera.write("blocks.cjs", blocks);
  const environment = { NODE_OPTIONS: `--require ${join(camera.directory, "blocks.cjs")}` };
  const command = new Command(["provision", "-d", camera.directory], environment);
  await command.printed("WAITING_RESPONSE");
  command.signal("SIGTERM");
  const { exitStatus, outcome, sinceSignal } = await command.ended;
  expect([exitStatus, command.child.signalCode]).toEqual([null, "SIGTERM"]);
  expect(outcome).toMatchObject({ exit_status: 143 });
  expect(sinceSignal).toBeLessThan(1000);
});

describe("a run that has told how it ended", () => {
  it.each([
    ["a timer", "setInterval(() => {}, 1000);"],
    ["an open port", "require('node:net').createServer().listen(0, '127.0.0.1');"],
  ])("is not kept alive by %s", async (_, code) => {
    using folder = temporaryFolder("lingering-");
    const command = new Command(["explain", "LOCKED"], preloading(folder.path, code));
    const { exitStatus, out } = await command.ended;
    expect(exitStatus).toBe(0);
    expect(out).toContain("LOCKED");
  });

  it.runIf("execve" in process)("is not kept alive by a look-up that the system cannot stop", async () => {
    using folder = temporaryFolder("lingering-");
    const pipe = join(folder.path, "pipe");
    execFileSync("mkfifo", [pipe]);
    const environment = preloading(folder.path, `require("node:fs").open(${JSON.stringify(pipe)}, "r", () => {});`);
    const { exitStatus, err } = await new Command(["provision", "-d", join(folder.path, "missing")], environment).ended;
    expect(exitStatus).toBe(78);
    expect(err).not.toContain("Warning");
  });

  it("ends at once by a signal, although what it printed has not been read yet", async () => {
    using folder = temporaryFolder("lingering-");
    const undrained = `const write = process.stdout.write.bind(process.stdout);
      process.stdout.write = (text, ...rest) => write(...(text === "" ? ["ENDED"] : [text, ...rest]));
      setInterval(() => {}, 1000);`;
    const command = new Command(["explain", "LOCKED"], preloading(folder.path, undrained));
    await command.printed("ENDED");
    command.signal("SIGTERM");
    await command.ended;
    expect(command.child.signalCode).toBe("SIGTERM");
  });
});

/** An environment in which the command runs `code` first. */
function preloading(folder: string, code: string): Readonly<Record<string, string>> {
  const path = join(folder, "preloaded.cjs");
  writeFileSync(path, code);
  return { NODE_OPTIONS: `--require ${path}` };
}

it("SIGUSR1 does not open Node's inspector, and the run goes on", async () => {
  await using camera = await Camera.start(silent);
  const command = new Command(["provision", "-d", camera.directory]);
  await command.printed("WAITING_RESPONSE");
  command.signal("SIGUSR1");
  command.signal("SIGTERM");
  const { exitStatus, err } = await command.ended;
  expect(exitStatus).toBe(143);
  expect(err).not.toContain("Debugger");
});

it("an inspector that a signal opened before the program began is closed", async () => {
  await using camera = await Camera.start();
  const folder = mkdtempSync(join(tmpdir(), "inspector-"));
  const code = `const inspector = require("node:inspector");
inspector.open(0, "127.0.0.1");
console.error("at first " + typeof inspector.url());
process.on("exit", () => console.error("in the end " + typeof inspector.url()));`;
  const command = new Command(["provision", "-d", camera.directory], preloading(folder, code));
  const { exitStatus, err } = await command.ended;
  rmSync(folder, { recursive: true });
  expect(exitStatus).toBe(0);
  expect(err).toContain("at first string");
  expect(err).toContain("in the end undefined");
});

describe.runIf(process.platform === "linux")(
  "SIGUSR1 before the program listens to it opens nothing that stays",
  () => {
    it("sent in Node's first line, and heard there", async () => {
      await using camera = await Camera.start(silent);
      // A port that is nobody else's.
      const code = `process.debugPort = 0;
process.kill(process.pid, "SIGUSR1");
const { url } = require("node:inspector");
while (url() === undefined) {}
console.error("opened");`;
      const command = new Command(["provision", "-d", camera.directory], preloading(camera.directory, code));
      await command.printed("WAITING_RESPONSE");
      expect(listeningSockets(command)).toEqual([]);
      command.signal("SIGTERM");
      const { exitStatus, err } = await command.ended;
      expect(err).toContain("Debugger listening");
      expect(err).toContain("opened");
      expect(exitStatus).toBe(143);
    });

    it.each([1, 10, 30, 60, 100, 150, 200, 300, 400])("sent %d looks after Node listens to it", async (looks) => {
      await using camera = await Camera.start(silent);
      const command = new Command(["provision", "-d", camera.directory]);
      for (let left = looks; left > 0; await turn()) if (isHeardByNode(command)) left--;
      command.signal("SIGUSR1");
      await command.printed("WAITING_RESPONSE");
      expect(listeningSockets(command)).toEqual([]);
      command.signal("SIGTERM");
      expect((await command.ended).exitStatus).toBe(143);
    });
  },
);

/** Whether Node itself, or the program, has said by now what it does at SIGUSR1: before that it ends the process. */
function isHeardByNode({ child }: Command): boolean {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const [, caught = ""] = /^SigCgt:\t[0-9a-f]*([0-9a-f]{4})$/m.exec(status) ?? [];
  return (Number.parseInt(caught, 16) & (1 << (constants.signals.SIGUSR1 - 1))) !== 0;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The TCP sockets that the command listens at, as the kernel tells of them. */
function listeningSockets({ child }: Command): readonly string[] {
  const process = `/proc/${child.pid}`;
  const listening = readFileSync(`${process}/net/tcp`, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, , , state, , , , , , inode]) => (state === "0A" ? `socket:[${inode}]` : []));
  const open = readdirSync(`${process}/fd`).map((name) => linkOf(`${process}/fd/${name}`));
  return listening.filter((socket) => open.includes(socket));
}

/** One that is closed meanwhile leads nowhere. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

it("a reader that goes away does not end a provisioning", async () => {
  await using camera = await Camera.start();
  const command = new Command(["provision", "-d", camera.directory, "--log-level", "info"]);
  command.child.stdout?.destroy();
  command.child.stderr?.destroy();
  const { exitStatus } = await command.ended;
  expect(exitStatus).toBe(0);
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

describe("a mistake in the program itself", () => {
  it.each([
    ["while it runs", "setImmediate(() => { throw new Error('CANARY in a message') });"],
    ["in a promise that nobody waits for", "setImmediate(() => { Promise.reject(new TypeError('CANARY')) });"],
  ])("%s ends with 70, says where, and not what was being read", async (_, code) => {
    const folder = mkdtempSync(join(tmpdir(), "mistake-"));
    writeFileSync(join(folder, "mistake.cjs"), code);
    const command = new Command(["explain"], { NODE_OPTIONS: `--require ${join(folder, "mistake.cjs")}` });
    const { exitStatus, err } = await command.ended;
    rmSync(folder, { recursive: true });
    expect(exitStatus).toBe(70);
    expect(err).toContain("internal error: ");
    expect(err).toContain("mistake.cjs");
    expect(err).toContain("Please report");
    expect(err).not.toContain("CANARY");
  });
});
