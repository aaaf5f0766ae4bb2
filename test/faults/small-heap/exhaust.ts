import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Folder } from "../harness/folder.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { recordsIn } from "../harness/records.ts";
import { type Setting, Trial } from "../harness/trial.ts";

/** What a start has for its heap, both in MiB. */
interface Room {
  readonly heap: number;
  /** Taken by what is of no use: so the rest can be had in small steps. */
  readonly ballast: number;
}

/** In MiB; a run needs half of it. */
const heap = 12;
/** As small as V8 takes them, with nothing taken away. */
const smallest: readonly Room[] = [3, 4, 5, 6].map((size) => ({ heap: size, ballast: 0 }));
const step = 1 / 32;

/**
 * The heap of a start is too small, and V8 aborts the process wherever it is; the camera goes on with a usual one (method
 * 2). How much is just enough is found out first: it differs from Node to Node.
 */
export async function exhaustTheHeap(setting: Setting = {}): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "heap-"));
  const preload = join(folder, "ballast.cjs");
  writeFileSync(
    preload,
    "globalThis.ballast = Array.from({ length: 64 * process.env.BALLAST }, () => Array(2048).fill(0));",
  );
  try {
    const tried: Tried[] = [];
    let [enough, tooMuch] = [0, heap];
    while (tooMuch - enough > step) {
      const ballast = (enough + tooMuch) / 2;
      const one = await tryIn({ heap, ballast }, preload, setting);
      tried.push(one);
      if (one.died) tooMuch = ballast;
      else enough = ballast;
    }
    const around = Array.from({ length: 12 }, (_, index) => ({ heap, ballast: tooMuch + index * step }));
    tried.push(...(await inLanes([...smallest, ...around], (room) => tryIn(room, preload, setting))));
    const died = tried.filter((one) => one.died);
    const amidst = died.filter(({ left }) => recordsIn(left).some(({ kind }) => kind === "intent"));
    if (amidst.length === 0) throw new Error(`${died.length} of ${tried.length} died, and none with an intent`);
    return resultOf(
      tried.map(({ played }) => played),
      [`${died.length} of ${tried.length} starts died, ${amidst.length} of them with an intent on the disk`],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Tried {
  readonly played: Case;
  readonly died: boolean;
  /** The camera's folder after the first start. */
  readonly left: Folder;
}

async function tryIn({ heap, ballast }: Room, preload: string, setting: Setting): Promise<Tried> {
  await using trial = await Trial.begin(setting);
  const options = `--max-old-space-size=${heap} --require ${preload}`;
  const { run, folder } = await trial.start({ environment: { NODE_OPTIONS: options, BALLAST: String(ballast) } });
  await trial.recover();
  const what = `a heap of ${heap} MiB, ${ballast} of them taken`;
  return { played: { what, violations: trial.violations }, died: run.exitStatus === null, left: folder };
}
