import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeOutcome } from "../../../src/cli/provision/json-lines.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { type ProvisionOptions, provision } from "../../../src/index.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import type { Run } from "./invariants.ts";

/** `provision()` itself, on a clock that runs fifty times as fast: for what takes thousands of runs. */
export async function call(directory: string, options: ProvisionOptions = {}): Promise<Run> {
  const started = performance.now();
  const said: unknown[] = [];
  const outcome = await provision({
    directory,
    clock: hurriedClock,
    onStatus: (status) => said.push(status),
    onWarning: (warning) => said.push(warning),
    onRetry: (retry) => said.push(retry),
    ...options,
  });
  const output = [...said, encodeOutcome(outcome)].map((line) => JSON.stringify(line)).join("\n");
  const seconds = (performance.now() - started) / 1000;
  return { parameters: [], exitStatus: outcome.exitStatus, output, seconds, hindered: false };
}

/** The real files, with a lock that nobody competes for. */
const filesWithoutFlock: FileSystem = { ...nodeFileSystem, lock: async () => ({ release: () => {} }) };

/**
 * As `call`, for cameras that start one at a time: a process of flock(1) for each of ten thousand starts would be much of
 * what they cost.
 */
export function callAlone(
  { directory }: { readonly directory: string },
  options: Pick<ProvisionOptions, "clock"> = {},
): Promise<Run> {
  return call(directory, { files: filesWithoutFlock, ...options });
}

/** A new folder, in memory where the system has such a place: syncs cost nothing there. */
export function folderInMemory(): string {
  const memory = "/dev/shm";
  return mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "trial-"));
}
