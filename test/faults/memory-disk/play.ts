import type { InvariantName, Violation } from "../harness/invariants.ts";
import type { History, Start } from "./history.ts";
import { Luck } from "./luck.ts";
import { type Mark, marksOf } from "./marks.ts";
import { inWords } from "./session.ts";
import { Verdict } from "./verdict.ts";
import { type Ended, World, type Wrap } from "./world.ts";

/** What became of a history, told for people. */
export interface Played {
  readonly violations: readonly Violation[];
  readonly story: readonly string[];
  /** What it came through. */
  readonly marks: ReadonlySet<Mark>;
}

/** A start with which nothing is wrong. */
export const undisturbed: Start = {
  before: [],
  interruptions: [],
  disturbances: [],
  editAt: null,
  clockBackAt: null,
  secondAt: null,
  powerCut: null,
};

const mostStarts = 3;

/** What is played instead of the program as it is, and what alone is judged then. */
export interface Instead {
  readonly wrap?: Wrap;
  readonly only?: InvariantName;
}

/** Plays a history, then starts undisturbed until it is done, and judges every state on the way. */
export async function play({ camera, starts }: History, { wrap, only }: Instead = {}): Promise<Played> {
  const world = new World(camera);
  const verdict = new Verdict(world, only);
  const story: string[] = [];
  const marks = new Set<Mark>();
  const { violations } = verdict;
  for (const start of starts) {
    await playStart(world, verdict, start, { story, marks }, wrap);
    if (violations.length > 0) return { violations, story, marks };
  }
  await world.rest();
  let last: Ended | undefined;
  for (let count = 0; count < mostStarts && last?.outcome?.exitStatus !== 0 && violations.length === 0; count++) {
    last = await playStart(world, verdict, undisturbed, { story, marks }, wrap);
  }
  const disturbances = starts.flatMap((start) => start.disturbances);
  const hiccups = disturbances.filter(
    (each) => each.on !== "connection" && each.do === "refuse" && each.status === "FAILURE",
  ).length;
  verdict.judgeEnd(last?.outcome, hiccups);
  if (last?.outcome?.exitStatus === 0 && violations.length === 0) {
    const [again] = await world.run(undisturbed, wrap);
    if (again !== undefined) verdict.judgeRest(again);
  }
  return { violations, story, marks };
}

async function playStart(
  world: World,
  verdict: Verdict,
  start: Start,
  { story, marks }: { readonly story: string[]; readonly marks: Set<Mark> },
  wrap: Wrap | undefined,
): Promise<Ended | undefined> {
  for (const whim of start.before) world.indulge(whim);
  verdict.endCommittedOrder();
  // A call that fails may be that which tidies up; and of two starts without a lock one may be killed last.
  if (start.secondAt !== null || start.interruptions.some((each) => each.do !== "kill" && each.do !== "tear"))
    world.isTidy = false;
  const before = world.disk.folder();
  const all = await world.run(start, wrap);
  for (const mark of marksOf({ start, all, before, after: world.disk.folder() })) marks.add(mark);
  for (const ended of all) {
    const at = describe(ended);
    story.push([...start.before, at].join(", "));
    if (ended.outcome?.result === "provisioned") verdict.endOrder();
    verdict.judgeFolder(world.disk.folder(), at);
    verdict.judgeEnding(ended, all.length === 1, at);
  }
  verdict.judgeCut("now");
  if (start.powerCut !== null && world.isTrusty) {
    story.push("the power is cut");
    world.disk = world.disk.afterPowerCut(new Luck(start.powerCut));
    verdict.judgeFolder(world.disk.folder(), "after the power cut");
  }
  world.putCredentials();
  return all[0];
}

function describe({ session, outcome }: Ended): string {
  const { calls } = session;
  if (outcome === undefined) return `killed before call ${calls.length}, ${inWords(calls.at(-1) ?? ["none"])}`;
  if (outcome.result !== "failed") return `${outcome.result} after ${calls.length} calls`;
  const { errorCode, message, cause } = outcome.error;
  return `failed after ${calls.length} calls: ${errorCode}, ${message}${cause === undefined ? "" : ` (${cause})`}`;
}
