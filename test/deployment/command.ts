import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { systemClock } from "../../src/base/clock.ts";
import { seconds as inSeconds } from "../../src/base/duration.ts";

/** Another system is asked again and again: nothing here hears what happens in there. */
const pause = inSeconds(0.5);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Added to the environment; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** In seconds. Default: five minutes. */
  readonly patience?: number;
}

/** Runs a program to its end, whatever that is. The servers of this process go on meanwhile. */
export async function tried(command: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { input = "", environment = {}, directory, patience = 300 } = options;
  const [program = "", ...parameters] = command;
  const child = spawn(program, parameters, {
    timeout: patience * 1000,
    killSignal: "SIGKILL",
    env: { ...process.env, ...environment },
    ...(directory === undefined ? {} : { cwd: directory }),
  });
  child.stdin.on("error", () => {}).end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: child.exitCode, stdout, stderr };
}

/** What it prints on standard output; throws with everything that it printed when it fails. */
export async function done(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await tried(command, options);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${(stdout + stderr).slice(-6000)}`);
  return stdout;
}

/** Asks twice a second until there is an answer; throws after `seconds` with what `describe` says then. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  { seconds, describe }: { readonly seconds: number; readonly describe: () => string | Promise<string> },
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${await describe()}`);
    await systemClock.sleep(pause);
  }
}
