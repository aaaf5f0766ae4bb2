import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Behaviour } from "../../../src/simulator/index.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import { backupNames, configName, journalName } from "../harness/folder.ts";
import type { Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { start } from "../harness/program.ts";
import { recordNames } from "../harness/records.ts";
import { nameTaken } from "../harness/strace/settings.ts";
import type { Call } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, killing } from "../kill/kill.ts";
import { cutPower } from "../power-cut/cut.ts";
import { formats } from "../power-cut/image.ts";
import { fullAfter } from "../strange-disk/disks.ts";
import { survive } from "../strange-disk/survive.ts";
import { failedSync, goodRun, recovery } from "../traces/traces.ts";

/** Plays something with a build of the command, and gives what is wrong. */
export type Check = (command: string, program: "control" | "real") => Promise<readonly Violation[]>;

/** The run of such a camera is killed before each of these calls, and recovers. */
export function kills(which: (call: Call) => boolean, camera: Setting = {}): Check {
  return async (command) => {
    const setting = { ...camera, command };
    const calls = (await callsOfAGoodRun(setting)).filter(which);
    const found = await inLanes(calls, async (call) => {
      await using trial = await Trial.begin(setting);
      await trial.start({ wrapper: killing(call) });
      await trial.recover();
      return trial.violations;
    });
    return found.flat();
  };
}

/** The trace of a good run. */
export const linted: Check = async (command) =>
  (await goodRun("", { command })).flatMap(({ violations }) => violations);

/** The trace of a run whose first name is taken. */
export const lintedSecondName: Check = async (command) =>
  (await goodRun("", { command, ...nameTaken })).flatMap(({ violations }) => violations);

/** The trace of a recovery that finds an intent. */
export const lintedRecovery: Check = async (command) => {
  const asking = (await callsOfAGoodRun({ command })).find(({ name }) => name === "connect");
  return asking === undefined ? [] : (await recovery(asking, { command })).violations;
};

/** The trace of runs in which one sync fails. */
export const lintedFailures: Check = async (command) => {
  const syncs = (await callsOfAGoodRun({ command })).filter(({ name }) => name === "fsync").slice(0, 3);
  return (await inLanes(syncs, (call) => failedSync(call, { command }))).flatMap(({ violations }) => violations);
};

/** A server that misbehaves so; its own clock hurries. */
export function scenario(behaviours: readonly Behaviour[]): Check {
  return async (command) => {
    await using trial = await Trial.begin({
      command,
      credentials: { timeout_seconds: 5 },
      simulator: { clock: hurriedClock, scenario: behaviours },
    });
    await trial.recover();
    return trial.violations;
  };
}

/**
 * A pre-provisioned device whose secret the server said once. The run is killed between the removal of its two records;
 * then somebody puts the backup of the configuration back. What is left of the journal must be enough.
 */
export const configRestored: Check = async (command) => {
  const setting = {
    command,
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    credentials: { device_name: "camera 1" },
    register: (simulator) => void simulator.addDevice({ name: "camera 1" }),
  } satisfies Parameters<typeof Trial.begin>[0];
  const removals = (await callsOfAGoodRun(setting)).filter(
    ({ name, text }) => name === "unlink" && /\/(intent|received)-1\.json/.test(text),
  );
  const last = removals.at(-1);
  await using trial = await Trial.begin(setting);
  if (last === undefined) return [{ invariant: "R", what: "no record is ever removed" }];
  const { folder } = await trial.start({ wrapper: killing(last) });
  const backup = folder.get(backupNames(folder)[0] ?? "");
  if (recordNames(folder).length !== 1 || backup === undefined)
    return [{ invariant: "R", what: "not killed in between" }];
  writeFileSync(join(trial.directory, configName), backup.bytes);
  const { run } = await trial.start();
  return run.exitStatus === 0 ? [] : [{ invariant: "R", what: `the next start ends with ${run.exitStatus}` }];
};

/** A holder that was killed left its process id behind, and the id belongs to another program by now: to this one. */
export const lockPlanted: Check = async (command) => {
  await using trial = await Trial.begin({ command });
  mkdirSync(join(trial.directory, journalName), { mode: 0o700 });
  writeFileSync(join(trial.directory, journalName, "pid"), String(process.pid));
  const { run } = await trial.start();
  return run.exitStatus === 0 ? [] : [{ invariant: "R", what: `a start ends with ${run.exitStatus}` }];
};

const mostRounds = 10;

/** Eight at once, again and again until something is wrong. */
export const crowded: Check = async (command) => {
  for (let round = 1; round <= mostRounds; round++) {
    await using trial = await Trial.begin({ command });
    const runs = await Promise.all(Array.from({ length: 8 }, () => start({ ...trial.launch, hindered: true })));
    for (const run of runs) trial.note(run);
    await trial.recover();
    const found = trial.violations.filter(({ invariant }) => invariant !== "I8");
    if (found.length > 0) return found;
  }
  return [];
};

/** Power cuts on ext4, which hides more than any other; the control in this environment. */
export function cuts(environment: Readonly<Record<string, string>>): Check {
  return async (command, program) => {
    const [ext4] = formats;
    if (ext4 === undefined) return [];
    const { broken } = await cutPower(ext4, program === "real" ? { command } : { command, environment });
    return broken.flatMap(({ violations }) => violations);
  };
}

/** Disks that fill up once the server is asked. */
export const fullDisks: Check = async (command) => {
  const cases = await inLanes(fullAfter, (disk) => survive(disk, { command }));
  return cases.flatMap(({ violations }) => violations);
};
