import { type Folder, readFolder, sameFolder } from "../harness/folder.ts";
import type { InvariantName, Violation } from "../harness/invariants.ts";
import type { Case } from "../harness/method.ts";
import { Trial } from "../harness/trial.ts";
import { type Scene, type Story, worldOf } from "./story.ts";

/** A disk that a power cut has left, and the camera's folder as the second kernel could read it. */
export interface LeftDisk {
  readonly what: string;
  readonly scene: Scene;
  /** Whether fsck has seen to it. */
  readonly isMended: boolean;
  readonly directory: string;
  /** What could not be read, in the words of the kernel. */
  readonly torn: readonly string[];
}

interface Surroundings {
  readonly story: Story;
  readonly port: number;
  readonly command: string;
}

/** Lets the camera wake up with each of the disks that differ, with its server as it was at that moment. */
export async function wakeUpEverywhere(
  disks: readonly LeftDisk[],
  surroundings: Surroundings,
): Promise<readonly Case[]> {
  const cameras = different(disks);
  const [first] = cameras;
  if (first === undefined) throw new Error("nothing was left");
  const cases: Case[] = [];
  for (const camera of cameras) {
    const { what, torn } = camera;
    cases.push({
      what: torn.length === 0 ? what : `${what} (${torn.join("; ")})`,
      violations: await wakeUp(camera, first.folder, surroundings),
    });
  }
  return cases;
}

interface Camera extends LeftDisk {
  readonly folder: Folder;
}

/** Many writes change nothing that the camera sees: those that look the same, in the same world, are one. */
function different(disks: readonly LeftDisk[]): readonly Camera[] {
  const cameras: Camera[] = [];
  for (const disk of disks) {
    const folder = readFolder(disk.directory);
    const look = lookOf(disk);
    if (!cameras.some((camera) => lookOf(camera) === look && sameFolder(camera.folder, folder)))
      cameras.push({ ...disk, folder });
  }
  return cameras;
}

function lookOf({ scene, isMended, torn }: LeftDisk): string {
  const names = torn.map((line) => line.replace(/^.*\/camera\//, ""));
  return JSON.stringify([worldOf(scene), torn.length > 0 && isMended, names]);
}

async function wakeUp(camera: Camera, before: Folder, { story, port, command }: Surroundings) {
  const { scene, directory } = camera;
  await using trial = await Trial.begin({
    directory,
    command,
    past: { before, heard: story.heard.slice(0, scene.heard) },
    simulator: { port, state: scene.server },
    keepsModes: false,
    ...(camera.torn.length === 0 ? {} : { end: "open" }),
  });
  trial.note(scene.hasEnded ? story.run : { ...story.run, exitStatus: null, output: "" });
  if (camera.torn.length === 0) await trial.recover();
  return [...trial.violations, ...tornViolations(camera)];
}

/**
 * What is torn, no program can read, and once one has tried, the kernel lets nobody write: every start would end with 73
 * or 74 until fsck has run, so none is tried. But fsck must be enough, and a success may leave nothing in that state.
 */
function tornViolations({ torn, isMended, scene }: LeftDisk): readonly Violation[] {
  const invariant: InvariantName | undefined = isMended ? "R" : scene.hasEnded ? "I22" : undefined;
  if (invariant === undefined) return [];
  return torn.map((line) => ({ invariant, what: `${isMended ? "fsck leaves" : "a success leaves"} ${line}` }));
}
