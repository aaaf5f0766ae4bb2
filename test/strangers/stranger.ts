import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Simulator } from "../../src/simulator/index.ts";

/** Somebody else's program, which knows ThingsBoard and not us. */
export interface Stranger {
  readonly name: string;
  /** Why it cannot be met here; undefined when it can. */
  readonly missing: () => Promise<string | undefined>;
  /** Provisions a device and publishes the telemetry {"t":21.5} with its credentials. Rejects when something is wrong. */
  readonly meet: (server: Simulator) => Promise<void>;
}

const execute = promisify(execFile);
/** In milliseconds; installing a Python package may take a while. */
const patience = 180_000;

/** Runs a program to its end and gives what it printed; rejects with all of that when it fails. */
export async function run(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { timeout: patience, env: { ...process.env, ...environment } };
  const running = execute(program, [...parameters], options);
  running.child.stdin?.end();
  return (await running).stdout;
}

/** Whether a program can be started at all. */
export async function isThere(program: string, ...parameters: readonly string[]): Promise<boolean> {
  return run(program, parameters).then(
    () => true,
    (error: unknown) => !(error instanceof Error && "code" in error && error.code === "ENOENT"),
  );
}

export const deviceName = "stranger";
export const telemetry = { t: 21.5 };

/** The token in an answer that says SUCCESS. */
export function tokenIn(answer: string): string {
  const [, token] = /"credentialsValue":"([^"]+)"/.exec(answer) ?? [];
  if (token === undefined) throw new Error(`not provisioned: ${answer}`);
  return token;
}
