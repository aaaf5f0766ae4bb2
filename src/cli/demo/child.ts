import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Io } from "../io.ts";

/** How the program ended: its exit status, or null when a signal ended it, and what it printed. */
export interface Ended {
  readonly exitStatus: number | null;
  readonly lines: readonly string[];
}

/**
 * Runs this very program as a process of its own. `onLine` gets each line of its standard output as it comes. When the
 * signal aborts, it is stopped, too; the promise then rejects with the signal's reason.
 */
export async function runSelf(
  io: Pick<Io, "self" | "environment" | "signal" | "err">,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Ended> {
  const [executable, ...first] = io.self;
  const child = spawn(executable, [...first, ...parameters], {
    env: { ...io.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill("SIGTERM");
  io.signal.addEventListener("abort", stop);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    onLine(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => io.err(text));
  try {
    const exitStatus = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    io.signal.throwIfAborted();
    return { exitStatus, lines };
  } finally {
    io.signal.removeEventListener("abort", stop);
  }
}
