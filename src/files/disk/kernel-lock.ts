import { spawnSync } from "node:child_process";
import { fstatSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Handle, Locking } from "./handle.ts";

/**
 * Locks an open folder with flock(1). The lock belongs to the open folder, not to the process that took it, so it stays
 * when flock(1) ends, and goes when `folder` is closed, by this program or by its death. Where there is no flock(1), an
 * abstract Unix socket named after the folder does the same, though only within one network namespace.
 */
export async function lock(folder: Handle): Promise<Locking> {
  switch (flock("-x", folder)) {
    case "locked":
      return { release: () => {} };
    case "taken":
      return "taken";
    default:
      return lockBySocket(folder);
  }
}

/** Whether another process holds the lock. Where it is free, it is taken for the blink of an eye. */
export async function isLocked(folder: Handle): Promise<boolean> {
  switch (flock("-s", folder)) {
    case "locked":
      flock("-u", folder);
      return false;
    case "taken":
      return true;
    default:
      return answers(socketOf(folder));
  }
}

function flock(option: "-x" | "-s" | "-u", folder: Handle): "locked" | "taken" | "unavailable" {
  const { status } = spawnSync("flock", ["-n", option, "3"], { stdio: ["ignore", "ignore", "ignore", folder] });
  if (status === 0) return "locked";
  return status === 1 ? "taken" : "unavailable";
}

function socketOf(folder: Handle): string {
  const { dev, ino } = fstatSync(folder);
  return `\0thermal-provision-${dev}-${ino}`;
}

function lockBySocket(folder: Handle): Promise<Locking> {
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy());
    // For good: what fails later, such as taking a visitor in when descriptors are short, must not end the program.
    server.on("error", (error) => {
      resolve("code" in error && error.code === "EADDRINUSE" ? "taken" : "unavailable");
    });
    server.listen(socketOf(folder), () => {
      server.unref();
      resolve({ release: () => server.close() });
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(path);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}
