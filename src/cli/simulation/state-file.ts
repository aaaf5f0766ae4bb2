import { resolve } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { nodeFileSystem } from "../../files/file-system.ts";
import { readJsonFile, writeJsonFile } from "../../files/json-file.ts";
import { problemInWords } from "../../model/problem.ts";
import { parseState, type Simulator, type SimulatorState } from "../../simulator/index.ts";
import { UsageError } from "../command.ts";

/** Room for some 100,000 devices. */
const limit = 128 * 1024 * 1024;

/** Between two writes, and as a multiple of the time that one takes, so that many devices do not keep it busy. */
const pause = { least: seconds(1), times: 50 };

/** The devices of an earlier run; undefined when there was none. A damaged file is told and never overwritten. */
export function loadState(path: string): SimulatorState | undefined {
  const file = readJsonFile(nodeFileSystem, resolve(path), limit);
  if (file.kind === "absent") return undefined;
  const checked = file.kind === "read" ? parseState(file.value) : undefined;
  if (checked?.ok) return checked.value;
  const problems =
    file.kind === "read" ? (checked?.problems ?? []).map((problem) => file.locate(problem)) : file.problems;
  throw new UsageError(
    `--state: ${path} is no state of a simulator; it stays as it is, move it away or name another file\n` +
      problems.map(problemInWords).join("\n"),
  );
}

/** Writes the devices now, every second or so while something happens, and when `signal` is aborted. */
export async function keepState(path: string, simulator: Simulator, clock: Clock, signal: AbortSignal): Promise<void> {
  const file = resolve(path);
  let changed = false;
  const stop = simulator.on(({ type }) => {
    changed ||= type === "exchange" || type.startsWith("device ") || type === "credentials changed";
  });
  writeJsonFile(nodeFileSystem, file, simulator.state, true);
  let wait = pause.least;
  while (!signal.aborted) {
    await clock.sleep(wait, signal).catch(() => {});
    if (!changed || signal.aborted) continue;
    changed = false;
    const started = clock.elapsed();
    writeJsonFile(nodeFileSystem, file, simulator.state, false);
    wait = milliseconds(Math.max(pause.least, (clock.elapsed() - started) * pause.times));
  }
  stop();
  writeJsonFile(nodeFileSystem, file, simulator.state, true);
}
