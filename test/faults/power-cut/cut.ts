import { join } from "node:path";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { start } from "../harness/program.ts";
import { type Call, changesSomething, isOfTheStatus } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, inWords, killing } from "../kill/kill.ts";
import { type DiskFormat, Disks } from "./image.ts";

/**
 * Cuts the power before each call that changes something, and once more right after the end, on a real file system: the
 * image is copied without a sync, and the copy is what the camera wakes up with (method 3).
 */
export async function cutPower(format: DiskFormat, setting: Setting = {}): Promise<Result> {
  using disks = new Disks(format);
  const calls = (await callsOnDisk(disks, setting)).filter(isWorthIt);
  const cases = await inLanes([...calls, undefined], (call) => cut(disks, call, setting));
  return resultOf(cases);
}

async function callsOnDisk(disks: Disks, setting: Setting): Promise<readonly Call[]> {
  using disk = disks.next();
  return callsOfAGoodRun({ ...setting, directory: join(disk.mountPoint, "camera") });
}

/** One cut for every file of the status would only be more of the same. */
function isWorthIt(call: Call): boolean {
  return changesSomething(call) && !isOfTheStatus(call);
}

async function cut(disks: Disks, before: Call | undefined, setting: Setting): Promise<Case> {
  using disk = disks.next();
  const directory = join(disk.mountPoint, "camera");
  await using trial = await Trial.begin({ ...setting, directory });
  disk.sync();
  const wrapper = before === undefined ? [] : killing(before);
  const run = await start({ ...trial.launch, wrapper });
  disk.cutPower();
  trial.note(run);
  await trial.recover();
  const when = before === undefined ? "after the end" : `before ${inWords(before, directory)}`;
  return { what: `power cut ${when}`, violations: trial.violations };
}
