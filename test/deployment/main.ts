import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { carryOut, type Result, type Row } from "./row.ts";
import { rows } from "./rows.ts";

const resultSchema = v.object({ passed: v.number(), failed: v.number(), notes: v.array(v.string()) });

type Line = { readonly row: Row; readonly seconds: number } & (
  | { readonly result: Result }
  | { readonly skipped: string }
);

async function all(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0)
    throw new RangeError(`no such row: ${unknown.join(", ")}; there are ${rows.map(({ name }) => name).join(", ")}`);
  const lines: Line[] = [];
  for (const row of rows.filter(({ name }) => names.length === 0 || names.includes(name)))
    lines.push(await played(row));
  const sum = { passed: 0, failed: 0 };
  for (const line of lines) {
    if (!("result" in line)) continue;
    sum.passed += line.result.passed;
    sum.failed += line.result.failed;
  }
  process.stdout.write(`${table(lines)}${sum.passed} passed, ${sum.failed} failed\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

async function played(row: Row): Promise<Line> {
  const begun = performance.now();
  const skipped = row.missing();
  if (skipped !== undefined) return { row, seconds: 0, skipped };
  const result = await row.prepare().then(
    () => inProcessOfItsOwn(row),
    (error: unknown) => broken(`${row.name} cannot be prepared: ${String(error)}`),
  );
  return { row, seconds: (performance.now() - begun) / 1000, result };
}

/** What it mounts, opens and leaves running ends with its process; the network in there is nobody else's. */
async function inProcessOfItsOwn({ name }: Row): Promise<Result> {
  const wrapper = ["--net", "--mount", "--propagation=private", "--kill-child", "--fork", "--pid", "--mount-proc"];
  const program = [process.execPath, "scripts/run.mjs", "test/deployment/main.ts", "--alone", name];
  const child = spawn("unshare", [...wrapper, ...program], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  try {
    return v.parse(resultSchema, JSON.parse(output));
  } catch {
    return broken(`${name} ended with ${child.exitCode}: ${output}`);
  }
}

function broken(reason: string): Result {
  process.stderr.write(`FAILED  ${reason}\n`);
  return { passed: 0, failed: 1, notes: [] };
}

function table(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ row }) => row.title.length));
  const columns = (title: string, cells: readonly string[]) =>
    `${title.padEnd(width)} ${cells.map((cell) => cell.padStart(8)).join(" ")}`;
  const head = columns("deployment", ["checks", "failed", "seconds"]);
  const body = lines.map((line) =>
    "result" in line
      ? columns(
          line.row.title,
          [line.result.passed + line.result.failed, line.result.failed, line.seconds.toFixed(0)].map(String),
        )
      : columns(line.row.title, ["SKIPPED", "-", "-"]),
  );
  const remarks = lines.flatMap((line) =>
    "result" in line ? line.result.notes : [`!!! SKIPPED: ${line.row.title}: this machine lacks ${line.skipped}`],
  );
  const rule = "-".repeat(head.length);
  return `${["", head, rule, ...body, rule, ...remarks].join("\n")}\n`;
}

async function alone(name: string): Promise<void> {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new RangeError(`no such row: ${name}`);
  process.stdout.write(JSON.stringify(await carryOut(row)));
}

/**
 * `npm run test:deployment`: packages and units in real systems, every row in a process of its own, and one table at the
 * end. With names behind it (`npm run test:deployment -- boot-debian-13`) only these.
 */
const [first, ...rest] = process.argv.slice(2);
if (first === "--alone") await alone(rest[0] ?? "");
else await all([...(first === undefined ? [] : [first]), ...rest]);
