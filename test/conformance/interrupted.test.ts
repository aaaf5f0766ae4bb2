import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ofTheTenant, type Tenant, tenant } from "./server/tenant.ts";

let server: Tenant;
let folder: string;
beforeEach(async () => {
  server = await tenant();
  folder = mkdtempSync(join(tmpdir(), "kit-"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly process: ChildProcess;
  /** Lines of both outputs. */
  readonly lines: string[];
  saying(text: string): Promise<void>;
  ended(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

function run(...parameters: readonly string[]): Run {
  const environment = { ...process.env, ...server.environment, INIT_CWD: folder };
  const kit = spawn(process.execPath, ["scripts/run.mjs", "scripts/conformance.ts", ...parameters], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [kit.stdout, kit.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      for (const listener of listeners) listener();
    });
  }
  const ended = once(kit, "close");
  return {
    process: kit,
    lines,
    saying: (text) =>
      new Promise((resolve, reject) => {
        const look = () => lines.some((line) => line.includes(text)) && resolve();
        listeners.add(look);
        ended.then(() => reject(new Error(`It never said ${text}: ${lines.join("; ")}`)), reject);
        look();
      }),
    ended: async () => {
      await ended;
      return { code: kit.exitCode, signal: kit.signalCode };
    },
  };
}

test.each([
  ["SIGINT", "This plays", 130],
  ["SIGINT", "create-device-token\tsame", 130],
  ["SIGTERM", "connack-v3-valid-token\tsame", 143],
] as const)(
  "%s after '%s' ends the kit with %i, and nothing of it is left",
  async (signal, when, status) => {
    const kit = run();
    await kit.saying(when);
    kit.process.kill(signal);
    expect(await kit.ended()).toEqual({ code: status, signal: null });
    expect(kit.lines).toContain("Stopping: what was set up is taken away first.");
    expect(kit.lines).toContain("The run was stopped.");
    expect(await server.inventory()).toEqual(ofTheTenant);
    expect(readdirSync(folder)).toEqual([]);
  },
  60_000,
);

test("a kit whose reader has gone takes everything away", async () => {
  const kit = run();
  await kit.saying("create-device-token\tsame");
  kit.process.stdout?.destroy();
  expect(await kit.ended()).toEqual({ code: 1, signal: null });
  expect(kit.lines).toContain("Nobody reads what is printed.");
  expect(await server.inventory()).toEqual(ofTheTenant);
}, 60_000);

test("a kit that is killed leaves a list, by which the next one takes everything away", async () => {
  const killed = run();
  await killed.saying("create-device-token\tsame");
  killed.process.kill("SIGKILL");
  expect(await killed.ended()).toEqual({ code: null, signal: "SIGKILL" });
  expect(await server.inventory()).not.toEqual(ofTheTenant);
  const list = join(folder, readdirSync(folder)[0] ?? "");
  const other = run("--take-away", list);
  expect(await other.ended()).toEqual({ code: 0, signal: null });
  expect(other.lines.join()).toMatch(/^Taken away: 4 profiles and rule chains, [0-9]+ devices\.$/);
  expect(await server.inventory()).toEqual(ofTheTenant);
  expect(existsSync(list)).toBe(false);
}, 60_000);

test("a run to the end says what it played and what it took away, and records what was said", async () => {
  const kit = run("--record", "recordings");
  expect(await kit.ended()).toEqual({ code: 0, signal: null });
  const { host, port } = server.simulator;
  expect(kit.lines[0]).toBe(`This plays ${host}:${port}, ThingsBoard 4.3.1.3.`);
  expect(kit.lines.at(-2)).toMatch(/: 197 same, 0 as its version has it, 0 different$/);
  expect(kit.lines.at(-1)).toBe("Taken away: 4 profiles and rule chains, 76 devices.");
  expect(readdirSync(join(folder, "recordings"))).toHaveLength(184);
  expect(await server.inventory()).toEqual(ofTheTenant);
}, 120_000);
