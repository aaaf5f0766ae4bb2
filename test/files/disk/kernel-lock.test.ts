import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { isLocked, lock } from "../../../src/files/disk/kernel-lock.ts";
import { cameraFolder } from "../camera-folder.ts";
import { withoutPrograms } from "./without-programs.ts";

/** Opens the folder; each time it is another that may hold the lock. */
function opened(directory: string): number {
  const folder = openSync(directory, "r");
  onTestFinished(() => closeSync(folder));
  return folder;
}

/** Where a socket stands in for the lock of this folder. */
function socketOf(directory: string): string {
  const { dev, ino } = statSync(directory);
  return `thermal-provision-${dev}-${ino}`;
}

/** Whether a socket stands in for the lock of this folder. */
function hasSocket(directory: string): boolean {
  // Some versions of Node fill the name up to the length that it may have.
  return new RegExp(`@${socketOf(directory)}@*$`, "m").test(readFileSync("/proc/net/unix", "utf8"));
}

it("where there is flock(1), no socket stands in for it", async () => {
  const directory = cameraFolder();
  const held = await lock(opened(directory));
  expect(held).toHaveProperty("release");
  expect(hasSocket(directory)).toBe(false);
  expect(await lock(opened(directory))).toBe("taken");
});

it("a look at the lock leaves none behind, although the one who looked keeps the folder open", async () => {
  const directory = cameraFolder();
  expect(await isLocked(opened(directory))).toBe(false);
  expect(await lock(opened(directory))).toHaveProperty("release");
  expect(await isLocked(opened(directory))).toBe(true);
});

it("where there is none, a socket does, until the lock is given back", async () => {
  withoutPrograms();
  const directory = cameraFolder();
  const held = await lock(opened(directory));
  expect(hasSocket(directory)).toBe(true);
  if (typeof held === "string") throw new Error(`the lock is ${held}`);
  // Anybody may come by and stay; they are shown out.
  const visitor = connect(`\0${socketOf(directory)}`);
  visitor.resume();
  await once(visitor, "close");
  held.release();
  expect(hasSocket(directory)).toBe(false);
});
