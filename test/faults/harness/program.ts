import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { longestRun, type Run } from "./invariants.ts";

/** The command as it is built and installed; `npm run test:faults` keeps a copy, which no build in between replaces. */
export const builtCommand = resolve(process.env["FAULTS_COMMAND"] ?? "dist/cli/thermal-provision.cjs");

export interface Launch {
  readonly directory: string;
  /** Another build of the command, such as a control. */
  readonly command?: string;
  /** What stands before node: `["strace", "-f", …]`. */
  readonly wrapper?: readonly string[];
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the disk was made to fail. */
  readonly hindered?: boolean;
  /** Called with the id of the process that was started, which is the wrapper's where there is one. */
  readonly onStart?: (pid: number) => void;
}

/** What hangs is killed; by how long it took the judge tells it from what was killed on purpose. */
const patience = (longestRun + 10) * 1000;
const mostOutput = 1024 * 1024;

/** Starts the real command once, and waits until it has ended in whatever way. */
export function start({
  directory,
  command = builtCommand,
  wrapper = [],
  options = [],
  environment = {},
  hindered = false,
  onStart = () => {},
}: Launch): Promise<Run> {
  const parameters = ["provision", "--directory", directory, "--json", ...options];
  const [program = "", ...rest] = [...wrapper, process.execPath, command, ...parameters];
  const started = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      // One thread of libuv and no io_uring: so strace sees every call, and counts it in the thread that makes it.
      env: { PATH: process.env["PATH"] ?? "", UV_THREADPOOL_SIZE: "1", UV_USE_IO_URING: "0", ...environment },
      timeout: patience,
      killSignal: "SIGKILL",
    });
    let output = "";
    const hear = (text: string) => {
      if (output.length < mostOutput) output += text;
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.once("error", fail);
    if (child.pid !== undefined) onStart(child.pid);
    child.once("close", (exitStatus) => {
      const seconds = (performance.now() - started) / 1000;
      done({ parameters: [...rest], exitStatus, output, seconds, hindered });
    });
  });
}

/** Where a program of this system is; undefined where it is missing. */
export function whereIs(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
