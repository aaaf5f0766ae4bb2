import { join } from "node:path";
import { configName, readFolder } from "../harness/folder.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf } from "../harness/method.ts";
import { nameTaken } from "../harness/strace/settings.ts";
import { type Call, changesSomething, traced } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, inWords, killing } from "../kill/kill.ts";
import { idleViolations, lint } from "./lint.ts";

/** Enough of every buffer that a request and an intent are told whole. */
const length = 2048;

/** Reads the traces of good runs, recoveries, and runs whose syncs fail, against the rules (method 7). */
export async function lintTraces(extent: Extent, setting: Setting = {}): Promise<Result> {
  const settings: Readonly<Record<string, Setting>> = {
    "a new camera": setting,
    "a camera without a configuration": { ...setting, files: { [configName]: null } },
    "a camera whose first name is taken": { ...setting, ...nameTaken },
    "a pre-provisioned device": {
      ...setting,
      provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
      credentials: { device_name: "camera 1" },
      register: (simulator) => void simulator.addDevice({ name: "camera 1" }),
    },
  };
  const good = await inLanes(Object.entries(settings), ([what, each]) => goodRun(what, each));
  const calls = await callsOfAGoodRun(setting);
  const changing = calls.filter(changesSomething);
  const kills = extent === "all" ? changing : changing.filter((_, index) => index % 12 === 0);
  const recoveries = await inLanes(kills, (call) => recovery(call, setting));
  const syncs = calls.filter(({ name }, index) => name === "fsync" && (extent === "all" || index % 3 === 0));
  const failures = await inLanes(syncs, (call) => failedSync(call, setting));
  return resultOf([...good.flat(), ...recoveries, ...failures]);
}

/** An undisturbed run, and one more when all is done. */
export async function goodRun(what: string, setting: Setting): Promise<readonly Case[]> {
  await using trial = await Trial.begin(setting);
  const { calls } = await traced(trial, { length });
  const again = await traced(trial, { length });
  trial.moments.pop();
  return [
    { what, violations: [...linted(trial, calls), ...trial.violations] },
    { what: `${what}, once more when all is done`, violations: idleViolations(again.calls, trial.directory) },
  ];
}

/** The start after the first was killed before `call`. */
export async function recovery(call: Call, setting: Setting): Promise<Case> {
  await using trial = await Trial.begin(setting);
  await trial.start({ wrapper: killing(call) });
  const found = foundIn(trial);
  const { calls } = await traced(trial, { length });
  const what = `the recovery after SIGKILL before ${inWords(call, trial.directory)}`;
  return { what, violations: [...linted(trial, calls, found), ...trial.violations] };
}

/** A sync that fails once and then succeeds: the kernel has forgotten what it could not write. */
export async function failedSync(call: Call, setting: Setting): Promise<Case> {
  await using trial = await Trial.begin(setting);
  const disturb = ["-e", `inject=fsync:error=EIO:when=${call.nth}`];
  const { calls } = await traced(trial, { length, disturb, launch: { hindered: true } });
  const violations = linted(trial, calls);
  await trial.recover();
  return { what: `EIO at ${inWords(call, trial.directory)}`, violations: [...violations, ...trial.violations] };
}

/** The journal's files as they lie there now. */
function foundIn({ directory }: Trial): ReadonlyMap<string, string> {
  const files = [...readFolder(directory)].filter(([name, { kind }]) => kind === "file" && name.startsWith("."));
  return new Map(files.map(([name, { bytes }]) => [join(directory, name), bytes.toString("utf8")]));
}

function linted(trial: Trial, calls: readonly Call[], found: ReadonlyMap<string, string> = new Map()) {
  const config = trial.history.before.get(configName);
  const { directory } = trial;
  return lint({ calls, directory, found, configMode: config?.mode ?? 0o600, hadConfig: config !== undefined });
}
