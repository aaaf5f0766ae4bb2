import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ErrorCode, ProvisioningState, ProvisionOptions } from "../../src/index.ts";
import { type Camera, provisionKey, provisionSecret } from "./camera.ts";

/** Of larger files, only the size is looked at. */
const largest = 8 * 2 ** 20;

/** Everything in a folder: names, kinds, modes, times, and bytes. What a run may leave behind is left out. */
export function snapshot(directory: string): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const kept = names.filter((name) => name !== "provisioning_status.json" && name !== ".thermal-provision");
  return Object.fromEntries(kept.map((name) => [name, describe(join(directory, name))]));
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const { mode, ino, mtimeMs, size } = stats;
  const bytes = stats.isFile() && size < largest ? readFileSync(path).toString("latin1") : "";
  return [mode.toString(8), ino, mtimeMs, stats.isFile() ? size : "", bytes].join(" ");
}

export interface Refusal {
  readonly code: ErrorCode;
  /** Default 78. */
  readonly exitStatus?: number;
  /** Default FAILED_CONFIG. */
  readonly state?: ProvisioningState;
  /** Every line about a problem, in order. */
  readonly problems?: readonly string[];
  /** What the message must say besides. */
  readonly says?: string | RegExp;
  /** Whether there is a status file afterwards. Default: there is. */
  readonly status?: boolean;
}

/** A run that stops before anything is sent, changes nothing but the status file, and says everything at once. */
export async function isRefused(camera: Camera, refusal: Refusal, options: ProvisionOptions = {}): Promise<void> {
  const { code, exitStatus = 78, state = "FAILED_CONFIG", problems = [], says = "", status = true } = refusal;
  let connections = 0;
  camera.simulator.on(({ type }) => {
    if (type === "connection opened") connections++;
  });
  const before = snapshot(camera.directory);
  const outcome = await camera.run(options);
  expect(outcome).toMatchObject({ result: "failed", exitStatus, error: { errorCode: code, isRetryable: false } });
  if (outcome.result !== "failed") return;
  const { message } = outcome.error;
  expect(message.split("\n  ").slice(1)).toEqual(problems);
  expect(outcome.error.problems).toHaveLength(problems.length);
  expect(message).toMatch(says);
  for (const secret of [provisionKey, provisionSecret]) expect(message).not.toContain(secret);
  expect(snapshot(camera.directory)).toEqual(before);
  expect(camera.simulator.heard).toEqual([]);
  expect(connections).toBe(0);
  expect(outcome.status.currentState).toBe(state);
  expect(camera.has("provisioning_status.json")).toBe(status);
  if (!status) return;
  const told: unknown = JSON.parse(camera.read("provisioning_status.json"));
  expect(told).toMatchObject({ current_state: state, last_error: expect.stringMatching(new RegExp(`^${code}: `)) });
}
