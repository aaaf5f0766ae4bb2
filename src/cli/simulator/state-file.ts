import { resolve } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { readJsonFile, writeJsonFile } from "../../files/json/json-file.ts";
import { problemInWords } from "../../model/problem.ts";
import { parseState, type Simulator, type SimulatorState } from "../../simulator/index.ts";
import { UsageError } from "../command/command.ts";

/** Room for some 100,000 devices. */
const limit = 128 * 1024 * 1024;

/** Between two writes, and as a multiple of the time that one takes, so that many devices do not keep it busy. */
const pause = { together: milliseconds(20), least: seconds(1), times: 50 };

/** The devices of an earlier run; undefined when there was none. A damaged file is told and never overwritten. */
export function loadState(path: string): SimulatorState | undefined {
  const file = readJsonFile(nodeFileSystem, resolve(path), limit);
  if (file.kind === "absent") return undefined;
  const checked = file.kind === "read" ? parseState(file.value) : undefined;
  if (checked?.ok) return checked.value;
  const problems =
    file.kind === "read" ? (checked?.problems ?? []).map((problem) => file.locate(problem)) : file.problems;
  throw new UsageError(
    `--state: ${path} is not the state of a simulator; it was left as it is: move it away or name another file\n` +
      problems.map(problemInWords).join("\n"),
  );
}

/** Writes the devices now, whenever something of them has changed, and when `signal` is aborted. */
export async function keepState(path: string, simulator: Simulator, clock: Clock, signal: AbortSignal): Promise<void> {
  const file = resolve(path);
  let changed = false;
  let wake = () => {};
  const stop = simulator.onStateChange(() => {
    changed = true;
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  writeJsonFile(nodeFileSystem, file, simulator.state, true);
  while (!signal.aborted) {
    if (!changed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    // What belongs together changes in one go.
    await clock.sleep(pause.together, signal).catch(() => {});
    if (signal.aborted) break;
    changed = false;
    const started = clock.elapsed();
    writeJsonFile(nodeFileSystem, file, simulator.state, false);
    const wait = milliseconds(Math.max(pause.least, (clock.elapsed() - started) * pause.times));
    await clock.sleep(wait, signal).catch(() => {});
  }
  stop();
  writeJsonFile(nodeFileSystem, file, simulator.state, true);
}
