import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statusName } from "../folder.ts";
import type { Moment } from "../invariants.ts";
import type { Launch } from "../program.ts";
import type { Trial } from "../trial.ts";

/** One system call, as strace wrote it down. */
export interface Call {
  readonly thread: number;
  readonly name: string;
  /** The how-manieth of this name in its thread: what strace counts when it is told to disturb it. */
  readonly nth: number;
  /** The parameters as text; descriptors carry their paths. */
  readonly text: string;
  /** `0`, `-1 ENOENT (No such file or directory)`, `17</tmp/…>`; empty where the thread ended within. */
  readonly result: string;
}

/**
 * Reads what `strace -f` wrote. A call that another thread interrupted in the log is put together again, in the place
 * where it began.
 */
export function parseTrace(text: string): readonly Call[] {
  const calls: { thread: number; name: string; nth: number; text: string; result: string }[] = [];
  const counts = new Map<string, number>();
  const open = new Map<number, (typeof calls)[number]>();
  for (const line of text.split("\n")) {
    const [, digits = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const thread = Number(digits);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const begun = open.get(thread);
    if (resumed !== undefined && begun !== undefined) {
      open.delete(thread);
      Object.assign(begun, split(begun.text + resumed));
      continue;
    }
    const [, name, parameters] = /^(\w+)\((.*)$/.exec(rest) ?? [];
    if (name === undefined || parameters === undefined) continue;
    const key = `${thread} ${name}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const unfinished = / ?<unfinished \.\.\.>$/.exec(parameters);
    const call = {
      thread,
      name,
      nth,
      ...(unfinished === null ? split(parameters) : { text: parameters.slice(0, unfinished.index), result: "" }),
    };
    calls.push(call);
    if (unfinished !== null) open.set(thread, call);
  }
  return calls;
}

function split(parameters: string): { text: string; result: string } {
  const [, text, result] = /^(.*)\) += (.*)$/.exec(parameters) ?? [];
  return { text: text ?? parameters, result: result ?? "" };
}

/** Runs the command under strace and gives every call. `length` is how much of a buffer is written down. */
export async function traced(
  trial: Trial,
  {
    length = 32,
    disturb = [],
    launch = {},
  }: { length?: number; disturb?: readonly string[]; launch?: Partial<Launch> } = {},
): Promise<{ readonly moment: Moment; readonly calls: readonly Call[] }> {
  const folder = mkdtempSync(join(tmpdir(), "trace-"));
  const log = join(folder, "log");
  try {
    const wrapper = ["strace", "-f", "-y", "-s", String(length), "-o", log, ...disturb];
    const moment = await trial.start({ ...launch, wrapper });
    return { moment, calls: parseTrace(readFileSync(log, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What strace is told to do with one call. */
export type Disturbance = `signal=${string}` | `error=${string}`;

/**
 * The wrapper that disturbs one call. A signal never with --seccomp-bpf: strace 6.1 then sends none, and says nothing. An
 * error with it, as all other calls are not stopped then: a third less time.
 *
 * @param when `3`: the third; `3+`: every one from the third on
 * @param log where the calls of this name are written down, `(INJECTED)` behind those that were disturbed
 */
export function disturbing(
  call: Pick<Call, "name">,
  when: string,
  disturbance: Disturbance,
  log = "/dev/null",
): readonly string[] {
  const inject = `inject=${call.name}:${disturbance}:when=${when}`;
  const quickly = disturbance.startsWith("error=") ? ["--seccomp-bpf"] : [];
  return ["strace", "-f", ...quickly, "-o", log, "-e", `trace=${call.name}`, "-e", inject];
}

const changing =
  /^(mkdir|link|rename|renameat2?|unlink|rmdir|fsync|fdatasync|fchmod|fchown|ftruncate|pwrite64|writev?|connect|shutdown)$/;

/** Whether a call has to do with the camera's folder, the network or the lock; its own output does not count. */
export function concerns({ name, text }: Call, directory: string): boolean {
  if (name === "execve" || /^[012]</.test(text)) return false;
  return text.includes(directory) || /\bAF_INET|<(socket|TCP)[:[]/.test(text) || /^(vfork|flock)$/.test(name);
}

/** Whether a call can change a file or reach the server: before any other, the world is as it was before the last. */
export function changesSomething({ name, text }: Call): boolean {
  return changing.test(name) || (name === "openat" && text.includes("O_CREAT"));
}

/** Losing the status loses nothing: where there is no time for every call, these are the ones to leave out. */
export function isOfTheStatus({ text }: Call): boolean {
  return text.includes(statusName);
}
