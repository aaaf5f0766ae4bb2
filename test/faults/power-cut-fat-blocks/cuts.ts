import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { builtCommand } from "../harness/program.ts";
import { Trial } from "../harness/trial.ts";
import { freePort } from "./free-port.ts";
import { instantsOf } from "./instants.ts";
import { mend, ReplayedDisk } from "./replayed-disk.ts";
import { type Recording, SecondKernel } from "./second-kernel.ts";
import { type LeftDisk, wakeUpEverywhere } from "./wake-up.ts";

/** Options of a mount: none, and that names are written at once. */
const mounts = ["rw", "dirsync"] as const;

/**
 * Cuts the power between any two blocks that a provisioning writes to FAT: what is on the disk after each of them is
 * what a camera wakes up with, once as it is and once mended by fsck (method 3).
 */
export async function cutPowerOnFat(command = builtCommand, options: readonly string[] = mounts): Promise<Result> {
  const series = await Promise.all(options.map((option) => cutPowerOnMount(option, command)));
  return resultOf(
    series.flatMap(({ cases }) => cases),
    series.map(({ note }) => note),
  );
}

interface Series {
  readonly cases: readonly Case[];
  readonly note: string;
}

async function cutPowerOnMount(options: string, command: string): Promise<Series> {
  const folder = mkdtempSync(join(tmpdir(), "fat-blocks-"));
  try {
    const port = await freePort();
    await fill(join(folder, "camera"), port);
    const kernel = await SecondKernel.build(folder, { command, port, options });
    const recording = await kernel.record();
    const { log, story } = recording;
    if (story.run.exitStatus !== 0)
      throw new Error(`an undisturbed run ended with ${story.run.exitStatus}: ${story.run.output}`);
    const images = leaveDisks(recording, kernel);
    const torn = await kernel.readDisks();
    const disks = images.map((image) => ({
      ...image,
      directory: join(kernel.readFrom(image.name), "camera"),
      torn: torn.filter((line) => line.includes(`/disks/./${image.name}/`)),
    }));
    const cases = await wakeUpEverywhere(disks, { story, port, command });
    return {
      cases: cases.map(({ what, violations }) => ({ what: `mounted ${options}, ${what}`, violations })),
      note: `mounted ${options}: ${disks.length / 2} moments differ in the ${log.length} entries of the log; mended or not, a camera sees ${cases.length} different folders`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files of a camera that wants to be provisioned. */
async function fill(directory: string, port: number): Promise<void> {
  await using _ = await Trial.begin({ directory, port });
}

interface Image extends Pick<LeftDisk, "what" | "scene" | "isMended"> {
  readonly name: string;
}

/** The disk of every instant, as it is and mended. */
function leaveDisks({ emptyDisk, log, story }: Recording, kernel: SecondKernel): readonly Image[] {
  using replayed = new ReplayedDisk(emptyDisk, `${emptyDisk}.replayed`);
  const images: Image[] = [];
  // The disk is as it is at an instant only until the next one is asked for.
  for (const { what, scene } of instantsOf(log, story, replayed)) {
    for (const isMended of [false, true]) {
      const name = String(images.length);
      replayed.copyTo(kernel.imageOf(name));
      if (isMended) mend(kernel.imageOf(name));
      images.push({ name, what: isMended ? `${what}, and fsck` : what, scene, isMended });
    }
  }
  return images;
}
