import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf } from "../harness/method.ts";
import { Reach } from "../harness/strace/reach.ts";
import {
  knownInAdvance,
  nameTaken,
  provisionedBefore,
  withCertificate,
  withPassword,
} from "../harness/strace/settings.ts";
import { type Call, changesSomething, concerns, disturbing, isOfTheStatus, traced } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";

/** Kills the real process before each of its calls, one run a call, and lets it recover (method 2). */
export async function killBeforeEveryCall(extent: Extent, setting: Setting = {}): Promise<Result> {
  const calls = await callsOfAGoodRun(setting);
  const chosen = extent === "all" ? calls : calls.filter(isWorthMost).filter((_, index) => index % 2 === 0);
  using reach = new Reach();
  const cases = await inLanes(chosen, async (call): Promise<Case> => {
    await using trial = await Trial.begin(setting);
    const { run } = await trial.start({ wrapper: killing(call) });
    reach.count(run.exitStatus === null);
    await trial.recover();
    return { what: `SIGKILL before ${inWords(call, trial.directory)}`, violations: trial.violations };
  });
  return resultOf(cases, reach.notes());
}

/** The same, before each call that matters, for cameras that come in other ways. */
export async function killOtherCameras(extent: Extent, setting: Setting = {}): Promise<Result> {
  const cameras = {
    "registered beforehand": knownInAdvance,
    "provisioned before": provisionedBefore,
    "its first name is taken": nameTaken,
    "with a password": withPassword,
    "with a certificate": withCertificate,
    "with a certificate, its first name is taken": {
      ...withCertificate,
      simulator: { ...withCertificate.simulator, ...nameTaken.simulator },
    },
  };
  const cases: Case[] = [];
  for (const [what, camera] of Object.entries(cameras)) {
    const calls = (await callsThatDiffer({ ...setting, ...camera })).filter(isWorthMost);
    const chosen = extent === "all" ? calls : calls.filter((_, index) => index % 3 === 0);
    const each = await inLanes(chosen, async (call): Promise<Case> => {
      await using trial = await Trial.begin({ ...setting, ...camera });
      await trial.start({ wrapper: killing(call) });
      await trial.recover();
      return { what: `${what}: SIGKILL before ${inWords(call, trial.directory)}`, violations: trial.violations };
    });
    cases.push(...each);
  }
  return resultOf(cases);
}

/** With a second name all is as with the only one until its intent is made. */
async function callsThatDiffer(setting: Setting): Promise<readonly Call[]> {
  const calls = await callsOfAGoodRun(setting);
  return calls.slice(
    Math.max(
      0,
      calls.findIndex(({ text }) => text.includes("intent-2.json")),
    ),
  );
}

export function killing(call: Call): readonly string[] {
  return disturbing(call, String(call.nth), "signal=SIGKILL");
}

/** Can change something that matters. */
function isWorthMost(call: Call): boolean {
  return changesSomething(call) && !isOfTheStatus(call);
}

/** The calls of an undisturbed run that concern the folder, the network or the lock. */
export async function callsOfAGoodRun(setting: Setting = {}): Promise<readonly Call[]> {
  await using trial = await Trial.begin(setting);
  const { moment, calls } = await traced(trial);
  if (moment.run.exitStatus !== 0)
    throw new Error(`an undisturbed run ended with ${moment.run.exitStatus}: ${moment.run.output}`);
  return calls.filter((call) => concerns(call, trial.directory));
}

/** `rename 7 (….tmp → thermal_config.json)`: the paths without the folder. */
export function inWords({ name, nth, text }: Call, directory?: string): string {
  const paths = [...text.matchAll(/[<"]([^<>"]*\/)?([^<>"/]+)[>"]/g)].map(([, , last = ""]) => last);
  const where = directory === undefined ? paths : paths.filter((path) => !directory.endsWith(path));
  return `${name} ${nth}${where.length === 0 ? "" : ` (${[...new Set(where)].slice(0, 2).join(", ")})`}`;
}
