import { buildVariant, withoutLock } from "../controls/variant.ts";
import { requestsIn } from "../harness/heard.ts";
import type { Violation } from "../harness/invariants.ts";
import { type Case, type Extent, type Result, resultOf } from "../harness/method.ts";
import { type Launch, start } from "../harness/program.ts";
import { type Setting, Trial } from "../harness/trial.ts";

const crowd = 8;

interface Crowd {
  readonly what: string;
  readonly launch: Partial<Launch>;
  /** Whether one at a time is promised; everything else is in any case. */
  readonly hasLock: boolean;
  readonly rounds: Readonly<Record<Extent, number>>;
}

/** Eight starts at the same instant, with both kinds of lock and with none (method 6). */
export async function provisionInCrowds(extent: Extent, setting: Setting = {}): Promise<Result> {
  using unlocked = await buildVariant("without-lock", withoutLock);
  const { command } = unlocked;
  const crowds: readonly Crowd[] = [
    { what: "with flock(1)", launch: {}, hasLock: true, rounds: { all: 6, some: 2 } },
    {
      what: "without flock(1), with a socket",
      launch: { environment: { PATH: "/nonexistent" } },
      hasLock: true,
      rounds: { all: 6, some: 2 },
    },
    { what: "with no lock at all", launch: { command }, hasLock: false, rounds: { all: 20, some: 4 } },
  ];
  const cases: Case[] = [];
  for (const each of crowds) {
    for (let round = 1; round <= each.rounds[extent]; round++) cases.push(await gather(each, round, setting));
  }
  return resultOf(cases);
}

async function gather({ what, launch, hasLock }: Crowd, round: number, setting: Setting): Promise<Case> {
  await using trial = await Trial.begin(setting);
  const runs = await Promise.all(
    Array.from({ length: crowd }, () => start({ ...trial.launch, hindered: !hasLock, ...launch })),
  );
  for (const run of runs) trial.note(run);
  const violations: Violation[] = [];
  const wrong = (found: string) => violations.push({ invariant: "I14", what: found });
  if (hasLock) {
    const asked = requestsIn(trial.simulator.heard).length;
    if (asked !== 1) wrong(`${asked} requests of ${crowd} starts`);
    const done = runs.filter(({ output }) => output.includes('"result":"provisioned"')).length;
    if (done !== 1) wrong(`${done} of ${crowd} starts say that they provisioned the camera`);
    const others = runs.filter(({ exitStatus }) => exitStatus !== 0 && exitStatus !== 75).length;
    if (others > 0) wrong(`${others} of ${crowd} starts ended with neither 0 nor 75`);
  }
  await trial.recover();
  return { what: `${crowd} at once ${what}, round ${round}`, violations: [...violations, ...judged(trial, hasLock)] };
}

/** Without a lock two may commit the same credentials, each with a backup of what it found: that many are no harm. */
function judged({ violations }: Trial, hasLock: boolean): readonly Violation[] {
  return violations.filter(({ invariant, what }) => hasLock || invariant !== "I8" || !/backups of one/.test(what));
}
