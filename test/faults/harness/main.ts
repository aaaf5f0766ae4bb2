import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type InvariantName, invariants } from "./invariants.ts";
import { underWay } from "./lanes.ts";
import type { Method, Result } from "./method.ts";
import { methods } from "./methods.ts";
import { missingKernel } from "./requirements.ts";
import { isClean, type Row, table } from "./table.ts";

async function all(parameters: readonly string[]): Promise<void> {
  const isWithout = parameters[0] === "--without";
  const names = isWithout ? parameters.slice(1) : parameters;
  const unknown = names.filter((name) => !methods.some((method) => method.name === name));
  if (unknown.length > 0)
    throw new RangeError(
      `no such method: ${unknown.join(", ")}; there are ${methods.map(({ name }) => name).join(", ")}`,
    );
  const chosen = methods.filter(({ name }) => names.length === 0 || names.includes(name) !== isWithout);
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  cpSync("dist/cli", folder, { recursive: true });
  const command = join(folder, "thermal-provision.cjs");
  const rows = await scheduled(chosen, command);
  rmSync(folder, { recursive: true });
  process.stdout.write(table(rows));
  const isCi = process.env["CI"] === "true";
  const broken = rows.filter((row) => !isClean(row, isCi)).length;
  const skipped = rows.filter((row) => row.outcome.kind === "skipped" && isClean(row, isCi)).length;
  const skips = skipped === 0 ? "" : ` (${skipped} SKIPPED)`;
  process.stdout.write(`methods${skips}:\n${rows.length - broken - skipped} passed, ${broken} failed\n`);
  process.exitCode = broken === 0 ? 0 : 1;
}

/**
 * Starts each method as soon as there are cores for it; the results are in the order of the table. Two cores more than there
 * are: what starts processes, or has a clock and a link of its own, often waits for them.
 */
async function scheduled(chosen: readonly Method[], command: string): Promise<readonly Row[]> {
  const cores = Math.max(2, availableParallelism()) + 2;
  const rows = new Map<Method, Row>();
  const running = new Map<Method, Promise<void>>();
  const waiting = mixed(chosen);
  while (waiting.length > 0 || running.size > 0) {
    const busy = [...running.keys()].reduce((sum, { cores }) => sum + cores, 0);
    const index = waiting.findIndex((method) => busy + method.cores <= cores);
    const [method] = index === -1 ? [] : waiting.splice(index, 1);
    if (method === undefined) {
      await Promise.race(running.values());
      continue;
    }
    running.set(
      method,
      started(method, command).then((row) => {
        rows.set(method, row);
        running.delete(method);
        process.stdout.write(`${summary(row)}\n`);
      }),
    );
  }
  return chosen.flatMap((method) => rows.get(method) ?? []);
}

/** Beside each method with processes and disks two that only compute: then neither the cores nor the disks wait. */
function mixed(chosen: readonly Method[]): Method[] {
  const large = chosen.filter(({ cores }) => cores === 2);
  const small = chosen.filter(({ cores }) => cores === 1);
  return [...large.flatMap((method) => [method, ...small.splice(0, 2)]), ...small];
}

function summary({ method, seconds, outcome }: Row): string {
  const what =
    outcome.kind === "done"
      ? `${outcome.result.cases} cases, ${outcome.result.broken.length} violations`
      : outcome.kind.toUpperCase();
  return `${method.title.trim()}: ${what} (${seconds.toFixed(0)} s)`;
}

async function started(method: Method, command: string): Promise<Row> {
  const missing = method.missing();
  const fileSystem = method.fileSystem === undefined ? [] : missingKernel(method.fileSystem);
  const kernel = [...fileSystem, ...(missing.length === 0 ? (method.missingInKernel?.() ?? []) : [])];
  if (missing.length + kernel.length > 0) {
    const excused = missing.length === 0;
    return { method, seconds: 0, outcome: { kind: "skipped", missing: [...missing, ...kernel], excused } };
  }
  const begun = performance.now();
  const outcome = await outcomeOf(method, command);
  return { method, seconds: (performance.now() - begun) / 1000, outcome };
}

const names = Object.keys(invariants).filter((name): name is InvariantName => name in invariants);
const resultSchema = v.object({
  cases: v.number(),
  broken: v.array(
    v.object({
      what: v.string(),
      violations: v.array(v.object({ invariant: v.picklist(names), what: v.string() })),
    }),
  ),
  skipped: v.optional(v.array(v.string()), []),
  notes: v.optional(v.array(v.string()), []),
});

/** Several times what the longest needs on a slow machine: a method that hangs must end before the whole run is ended. */
const patience = 20 * 60_000;

/** A method in a process of its own: what it mounts, opens and leaks ends with it. */
function outcomeOf(method: Method, command: string): Promise<Row["outcome"]> {
  return new Promise((done) => {
    const { wrapper = [], name } = method;
    const line = [...wrapper, process.execPath, "scripts/run.mjs", "test/faults/harness/main.ts", "--alone", name];
    const [program = "", ...parameters] = line;
    const child = spawn(program, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FAULTS_COMMAND: command },
      timeout: patience,
      killSignal: "SIGTERM",
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    child.once("error", (error) => done({ kind: "broken", reason: String(error) }));
    child.once("close", (status) => {
      const result = status === 0 ? read(output) : undefined;
      if (result === undefined) done({ kind: "broken", reason: `ended with ${status}: ${errors.trim().slice(-2000)}` });
      else done({ kind: "done", result });
    });
  });
}

function read(output: string): Result | undefined {
  try {
    const parsed = v.safeParse(resultSchema, JSON.parse(output));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

async function alone(name: string): Promise<void> {
  const method = methods.find((each) => each.name === name);
  if (method === undefined) throw new RangeError(`no such method: ${name}`);
  process.once("SIGTERM", () => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(", ");
    const items = JSON.stringify([...underWay]).slice(0, 1500);
    process.stderr.write(`it did not come to its end; under way: ${items}; open: ${open}\n`);
    process.exit(1);
  });
  // Only when nothing is open any more: Node's own clearing up behind that was seen to turn for ever, with wire.
  process.once("beforeExit", () => process.exit());
  process.stdout.write(JSON.stringify(await method.run("all")));
}

/**
 * `npm run test:faults`: every method in a process of its own, as many at a time as there are cores for, and one table
 * at the end. With names behind it (`npm run test:faults -- kill traces`) only these, and with `--without` before them all
 * others.
 */
const [first, ...rest] = process.argv.slice(2);
if (first === "--alone") await alone(rest[0] ?? "");
else await all([...(first === undefined ? [] : [first]), ...rest]);
