import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import type { OccasionKind } from "../../../src/simulator/index.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import { journalName } from "../harness/folder.ts";
import { call } from "../harness/in-process.ts";
import type { Run, Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { start } from "../harness/program.ts";
import { missingPrograms } from "../harness/requirements.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { FakedClock } from "./faked-clock.ts";

/** What happens to the holder of the lock, and to those who come then (method 6). */
export async function troubleTheHolder(setting: Setting = {}): Promise<Result> {
  const missing = missingPrograms("faketime");
  const stories: readonly (() => Promise<Case>)[] = [
    ...moments.map((moment) => () => stopped(moment, seconds(0), setting)),
    () => stopped("request", seconds(4), setting),
    ...moments.map((moment) => () => killed(moment, setting)),
    ...(missing.length === 0 ? sleeps.map((each) => () => sleptThroughAJump(each, setting)) : []),
    () => heldByAStranger(setting),
    ...planted.map((each) => () => plantedFile(each, setting)),
    ...jumps.map((each) => () => clockJumps(each)),
  ];
  const skipped = missing.length === 0 ? [] : sleeps.map(({ what }) => `${what}: ${missing.join(", ")}`);
  return resultOf(await inLanes(stories, (story) => story()), [], skipped);
}

const moments: readonly OccasionKind[] = ["connection", "request", "probe"];

/** Starts the command and calls `act` with its process id when the server meets this moment; gives its end. */
async function interrupted(trial: Trial, moment: OccasionKind, act: (pid: number) => void): Promise<Run> {
  let pid = 0;
  const stop = trial.simulator.on((event) => {
    if (!isAt(moment, event)) return;
    stop();
    act(pid);
  });
  return start({
    ...trial.launch,
    onStart: (started) => {
      pid = started;
    },
  });
}

type Listened = Parameters<Parameters<Trial["simulator"]["on"]>[0]>[0];

function isAt(moment: OccasionKind, event: Listened): boolean {
  if (moment === "connection") return event.type === "connection opened";
  if (event.type !== "exchange" || event.exchange.from !== "client") return false;
  const { topic } = event.exchange;
  return moment === "request" ? topic === "/provision/request" : topic?.startsWith("v2/a/req/") === true;
}

/** The holder sleeps, perhaps longer than its own time: nobody else may take the lock, and it goes on when it wakes. */
async function stopped(
  moment: OccasionKind,
  nap: ReturnType<typeof seconds>,
  setting: Setting,
  meanwhile = () => {},
): Promise<Case> {
  const timeout = nap > 0 ? 2 : 30;
  await using trial = await Trial.begin({ ...setting, credentials: { timeout_seconds: timeout } });
  let sleeper: Promise<Run> | undefined;
  const pid = await new Promise<number>((asleep) => {
    const stop = (holder: number) => {
      process.kill(holder, "SIGSTOP");
      asleep(holder);
    };
    sleeper = interrupted(trial, moment, stop);
  });
  meanwhile();
  // The holder may have been stopped with a file half written: what lies there is not the second one's.
  const second = await trial.start({ hindered: true });
  await systemClock.sleep(nap);
  process.kill(pid, "SIGCONT");
  if (sleeper !== undefined) trial.note(await sleeper);
  const violations = second.run.exitStatus === 75 ? [] : [both(`the second start ended with ${second.run.exitStatus}`)];
  await trial.recover();
  const what = `the holder is stopped at its ${moment}${nap > 0 ? " for longer than its time" : ""}`;
  return { what, violations: [...violations, ...trial.violations] };
}

/** The wall clock jumps while the holder sleeps; for both of them it is another time then. */
const sleeps = [
  { what: "the holder sleeps at its request while the clock jumps a year ahead", moment: "request", by: 31_536_000 },
  { what: "the holder sleeps at its probe while the clock goes back a year", moment: "probe", by: -31_536_000 },
] as const;

async function sleptThroughAJump({ what, moment, by }: (typeof sleeps)[number], setting: Setting): Promise<Case> {
  using clock = new FakedClock();
  const { environment } = clock;
  const { violations } = await stopped(moment, seconds(0), { ...setting, environment }, () => clock.jump(by));
  return { what, violations };
}

/** The holder is killed: the kernel gives the lock back, and the next start goes on at once. */
async function killed(moment: OccasionKind, setting: Setting): Promise<Case> {
  await using trial = await Trial.begin(setting);
  trial.note(await interrupted(trial, moment, (pid) => process.kill(pid, "SIGKILL")));
  const { run } = await trial.start();
  const violations = run.exitStatus === 0 ? [] : [both(`the next start ended with ${run.exitStatus}`)];
  await trial.recover();
  return { what: `the holder is killed at its ${moment}`, violations: [...violations, ...trial.violations] };
}

/** Another program holds the lock: nothing is done, until it is gone. */
async function heldByAStranger(setting: Setting): Promise<Case> {
  await using trial = await Trial.begin(setting);
  const folder = join(trial.directory, journalName);
  mkdirSync(folder, { mode: 0o700 });
  const stranger = spawn("flock", ["--no-fork", folder, "sh", "-c", "echo held; exec sleep 100"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(stranger.stdout, "data");
  const { run } = await trial.start();
  stranger.kill("SIGKILL");
  await once(stranger, "exit");
  const violations = run.exitStatus === 75 ? [] : [both(`a start ended with ${run.exitStatus}`)];
  await trial.recover();
  return { what: "a stranger holds the lock", violations: [...violations, ...trial.violations] };
}

interface Planted {
  readonly what: string;
  readonly plant: (directory: string) => void;
  /** Whether it must be cleared away by a person; else it is no hindrance. */
  readonly refused: boolean;
}

const planted: readonly Planted[] = [
  {
    what: "a file in the place of the journal",
    plant: (directory) => writeFileSync(join(directory, journalName), "mine"),
    refused: true,
  },
  {
    what: "a link in the place of the journal",
    plant: (directory) => {
      mkdirSync(join(directory, "elsewhere"));
      symlinkSync("elsewhere", join(directory, journalName));
    },
    refused: true,
  },
  {
    what: "lock files of other habits",
    plant: (directory) => {
      mkdirSync(join(directory, journalName), { mode: 0o700 });
      for (const name of ["lock", "pid", ".lock"]) writeFileSync(join(directory, journalName, name), "1");
      writeFileSync(join(directory, "provision.lock"), "1");
    },
    refused: false,
  },
];

async function plantedFile({ what, plant, refused }: Planted, setting: Setting): Promise<Case> {
  await using trial = await Trial.begin({ ...setting, end: refused ? "open" : "provisioned" });
  plant(trial.directory);
  const { run } = await trial.start();
  const isRight = refused ? run.exitStatus !== null && run.exitStatus >= 73 : run.exitStatus === 0;
  const violations = isRight ? [] : [both(`a start ended with ${run.exitStatus}`)];
  // What a stranger put into the journal stays there: it is not ours to remove.
  const others = trial.violations.filter(
    ({ invariant, what: found }) => !(invariant === "I12" && found.startsWith("left")),
  );
  return { what, violations: [...violations, ...others] };
}

/** Where the wall clock goes at each look at it; what has elapsed never jumps. */
const jumps: readonly { readonly what: string; readonly next: (look: number) => number }[] = [
  { what: "jumps a year ahead with every look", next: (look) => Date.UTC(2026, 0, 1) + look * 31_536_000_000 },
  { what: "goes back to 1970 in the middle", next: (look) => (look < 6 ? Date.UTC(2026, 0, 1) : 1000 * look) },
  { what: "goes back a day with every look", next: (look) => Date.UTC(2026, 0, 1) - look * 86_400_000 },
];

async function clockJumps({ what, next }: (typeof jumps)[number]): Promise<Case> {
  let looks = 0;
  const clock: Clock = { ...hurriedClock, now: () => new Date(next(looks++)) };
  await using trial = await Trial.begin({
    starter: ({ directory }) => call(directory, { clock }),
    simulator: { scenario: [{ on: "request", do: "lose" }] },
    credentials: { timeout_seconds: 10 },
  });
  await trial.recover();
  return { what: `the clock ${what}`, violations: trial.violations };
}

function both(what: string): Violation {
  return { invariant: "I14", what };
}
