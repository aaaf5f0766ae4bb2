import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf, together } from "../harness/method.ts";
import { withCertificate } from "../harness/strace/settings.ts";
import { type Call, changesSomething, concerns, disturbing, traced } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, inWords, killing } from "../kill/kill.ts";

/** A state that the first kill leaves behind, from which recoveries are killed in turn. */
interface State {
  readonly name: string;
  /** The call before which the first run is killed. */
  readonly before: (call: Call) => boolean;
}

const states: readonly State[] = [
  { name: "the intent has its name, its folder is not synced", before: follows("link", "intent-1.json", "fsync") },
  { name: "the request is on its way", before: ({ name, text }) => name === "read" && /<(socket|TCP)[:[]/.test(text) },
  { name: "the answer is in the reserved room", before: named("rename", "received-1.json") },
  { name: "the backup is made, the configuration is not", before: named("rename", '/thermal_config.json"') },
  { name: "the configuration is new, the trigger waits", before: named("rename", "provision.txt.processed") },
  { name: "the intent is gone, the answer is not", before: named("unlink", "/received-1.json") },
];

function named(call: string, path: string): (call: Call) => boolean {
  return ({ name, text }) => name === call && text.includes(path);
}

function follows(call: string, path: string, next: string): (call: Call) => boolean {
  let seen = false;
  return (each) => {
    seen ||= named(call, path)(each);
    return seen && each.name === next;
  };
}

/**
 * Kills the recovery, too, before each of its calls, from each of six states; with a certificate, whose files the recovery
 * reads and must not sweep away, from three (method 2, double faults).
 */
export async function killTwice(extent: Extent, setting: Setting = {}): Promise<Result> {
  if (extent !== "all") return killTwiceFrom(states.slice(2, 3), setting);
  const certified = states.filter((_, index) => [0, 2, 4].includes(index));
  return together([
    await killTwiceFrom(states, setting),
    await killTwiceFrom(certified, { ...setting, ...withCertificate }),
  ]);
}

async function killTwiceFrom(chosen: readonly State[], setting: Setting): Promise<Result> {
  const calls = await callsOfAGoodRun(setting);
  const pairs = await inLanes(chosen, async (state) => {
    const first = calls.find(state.before);
    if (first === undefined) throw new Error(`no call leaves this state: ${state.name}`);
    const second = await callsOfRecovery(first, setting);
    return second.map((call) => ({ state, first, call }));
  });
  const cases = await inLanes(pairs.flat(), async ({ state, first, call }): Promise<Case> => {
    await using trial = await Trial.begin(setting);
    await trial.start({ wrapper: killing(first) });
    await trial.start({ wrapper: disturbing(call, String(call.nth), "signal=SIGKILL") });
    await trial.recover();
    return {
      what: `${state.name}; the recovery is killed before ${inWords(call, trial.directory)}`,
      violations: trial.violations,
    };
  });
  return resultOf(cases);
}

async function callsOfRecovery(first: Call, setting: Setting): Promise<readonly Call[]> {
  await using trial = await Trial.begin(setting);
  await trial.start({ wrapper: killing(first) });
  const { calls } = await traced(trial);
  return calls.filter((call) => concerns(call, trial.directory) && changesSomething(call));
}
