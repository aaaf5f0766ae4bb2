import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seconds } from "../../../src/base/duration.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import { loginIn } from "../harness/configuration.ts";
import { readFolder, triggerName } from "../harness/folder.ts";
import { call, folderInMemory } from "../harness/in-process.ts";
import type { Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { loginOfDevice } from "../harness/login.ts";
import { type Case, type Extent, type Result, resultOf } from "../harness/method.ts";
import { type Setting, Trial } from "../harness/trial.ts";

/** What must be the same after any number of provisionings. */
interface Level {
  readonly descriptors: number;
  readonly handles: number;
  readonly files: number;
  readonly heapBytes: number;
}

/** Garbage that a collection leaves for the next, and code that is compiled late. */
const heapTolerance = 2 * 1024 * 1024;

/** One camera, provisioned again and again in one process: nothing may grow (method 10). */
export async function soakInOneProcess(extent: Extent): Promise<Result> {
  const rounds = extent === "all" ? 1000 : 60;
  const directory = folderInMemory();
  const collect = garbageCollector();
  try {
    await using trial = await Trial.begin({ directory, simulator: { remember: 100, clock: hurriedClock } });
    const { simulator } = trial;
    const cases: Case[] = [];
    let first: Level | undefined;
    for (let round = 1; round <= rounds; round++) {
      writeFileSync(join(directory, triggerName), "");
      const { exitStatus } = await call(directory, { newIdentity: true });
      const login = loginIn(readFolder(directory));
      const devices = simulator.devices.map(loginOfDevice);
      const isRight = exitStatus === 0 && devices.length === 1 && devices[0] === login;
      const wrong: Violation = { invariant: "I4", what: `ended with ${exitStatus}, ${devices.length} devices` };
      cases.push({ what: `provisioning ${round}`, violations: isRight ? [] : [wrong] });
      for (const device of simulator.devices) simulator.removeDevice(device);
      // The first ones compile code and fill caches.
      if (round === Math.floor(rounds / 5)) first = await levelOf(directory, collect);
    }
    const last = await levelOf(directory, collect);
    const growth = first === undefined ? [] : growthOf(first, last);
    const flat = { what: `after ${rounds} provisionings`, violations: growth };
    const heap = `heap ${megabytes(first?.heapBytes ?? 0)} MB, then ${megabytes(last.heapBytes)} MB`;
    return resultOf([...cases, flat], [`${last.descriptors} descriptors, ${heap}`]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** As many cameras, each with a process of its own. */
export async function soakInProcesses(extent: Extent, setting: Setting = {}): Promise<Result> {
  const cameras = Array.from({ length: extent === "all" ? 1000 : 20 }, (_, number) => number + 1);
  const cases = await inLanes(cameras, async (camera): Promise<Case> => {
    const directory = folderInMemory();
    try {
      await using trial = await Trial.begin({ ...setting, directory });
      const { folder } = await trial.start();
      const names = [...folder.keys()].map((name) => name.replace(/\d{10}$/, "<seconds>")).join(" ");
      const wrong: Violation = { invariant: "I12", what: `the folder holds ${names}` };
      return { what: `camera ${camera}`, violations: [...trial.violations, ...(names === tidy ? [] : [wrong])] };
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
  return resultOf(cases);
}

const tidy =
  ".thermal-provision .thermal-provision/last-success.json provision.json provision.txt.processed provisioning_status.json thermal_config.json thermal_config.json.backup.<seconds>";

async function levelOf(directory: string, collect: () => void): Promise<Level> {
  // The simulator keeps a timer for a while after a connection has ended; ten seconds are a fifth of one here.
  await hurriedClock.sleep(seconds(10));
  collect();
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    handles: process.getActiveResourcesInfo().length,
    files: readFolder(directory).size,
    heapBytes: process.memoryUsage().heapUsed,
  };
}

function growthOf(first: Level, last: Level): readonly Violation[] {
  const grown = (["descriptors", "handles", "files"] as const).filter((what) => last[what] > first[what]);
  const violations = grown.map(
    (what): Violation => ({ invariant: "I15", what: `${first[what]} ${what}, then ${last[what]}` }),
  );
  if (last.heapBytes <= first.heapBytes + heapTolerance) return violations;
  const heap = `the heap grows from ${megabytes(first.heapBytes)} to ${megabytes(last.heapBytes)} MB`;
  return [...violations, { invariant: "I15", what: heap }];
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("Node does not expose its garbage collector");
  return () => {
    Reflect.apply(collect, undefined, []);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
