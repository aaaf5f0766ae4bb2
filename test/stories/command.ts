import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The command as it is shipped; `npm test` builds it first. */
export const commandPath = fileURLToPath(new URL("../../dist/cli/thermal-provision.cjs", import.meta.url));

export interface Ended {
  /** Null when a signal ended it. */
  readonly exitStatus: number | null;
  readonly out: string;
  readonly err: string;
  /** The JSON objects that it printed, one a line. */
  readonly events: readonly Record<string, unknown>[];
  readonly outcome: Record<string, unknown>;
  /** What everybody on the machine could read while it ran: its parameters and those of its children. */
  readonly commandLines: string;
  /** From the last signal that was sent to the end, in milliseconds. */
  readonly sinceSignal: number;
}

/** The command while it runs. */
export class Command {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #out = "";
  #err = "";
  #commandLines = "";
  #signalled = 0;
  readonly #waiting = new Set<() => void>();

  constructor(parameters: readonly string[], environment: Readonly<Record<string, string | undefined>> = {}) {
    const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...inherited } = process.env;
    const child = spawn(process.execPath, [commandPath, ...parameters], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...inherited, ...environment },
    });
    this.child = child;
    this.#commandLines = commandLinesOf(child.pid);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#commandLines += commandLinesOf(child.pid);
      this.#out += text;
      for (const look of this.#waiting) look();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#err += text;
      for (const look of this.#waiting) look();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject).once("close", (exitStatus) => resolve(this.#endedWith(exitStatus)));
    });
  }

  /** Until `text` was printed; fails when the command ends without it. */
  async printed(text: string): Promise<void> {
    const found = new Promise<void>((resolve) => {
      const look = () => {
        if (!this.#out.includes(text) && !this.#err.includes(text)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    const tooLate = this.ended.then(() => {
      if (this.#out.includes(text) || this.#err.includes(text)) return;
      throw new Error(`the command ended without printing ${text}:\n${this.#out}${this.#err}`);
    });
    await Promise.race([found, tooLate]);
  }

  /** What it has printed so far. */
  get out(): string {
    return this.#out;
  }

  get events(): readonly Record<string, unknown>[] {
    return eventsIn(this.#out);
  }

  signal(signal: NodeJS.Signals): void {
    this.#signalled = performance.now();
    this.child.kill(signal);
  }

  #endedWith(exitStatus: number | null): Ended {
    const events = this.events;
    return {
      exitStatus,
      out: this.#out,
      err: this.#err,
      events,
      outcome: events.findLast(({ type }) => type === "outcome") ?? {},
      commandLines: this.#commandLines,
      sinceSignal: performance.now() - this.#signalled,
    };
  }
}

/** Runs the command to its end. */
export function run(
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  return new Command(parameters, environment).ended;
}

function eventsIn(out: string): readonly Record<string, unknown>[] {
  return out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => jsonOf(line));
}

function jsonOf(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [{ ...value }] : [];
  } catch {
    return [];
  }
}

function commandLinesOf(pid: number | undefined): string {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    return [pid, ...children.filter((each) => each !== "")]
      .map((each) => readFileSync(`/proc/${each}/cmdline`, "utf8"))
      .join("\n");
  } catch {
    // It has ended meanwhile, or this is not Linux.
    return "";
  }
}
