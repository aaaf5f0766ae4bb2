import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { done, type Ended, tried, until } from "./command.ts";
import { plainEnvironment, type RootCopy } from "./root.ts";

/** A root that was booted: systemd is its first process. It shares the network of the process that boots it. */
export class Machine implements AsyncDisposable {
  readonly #container: ChildProcess;
  readonly #leader: string;

  private constructor(container: ChildProcess, leader: string) {
    this.#container = container;
    this.#leader = leader;
  }

  static async boot({ path }: RootCopy): Promise<Machine> {
    const options = ["--quiet", "--register=no", "--keep-unit", "--console=read-only", "--boot"];
    const container = spawn("systemd-nspawn", [...options, `--directory=${path}`], {
      stdio: ["ignore", "pipe", "pipe"],
      // Debian 13 boots with one hierarchy of control groups only.
      env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
    });
    let output = "";
    for (const stream of [container.stdout, container.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const describe = () => `it does not boot: ${output.slice(-3000)}`;
    const leader = await until(async () => childOf(container.pid), { seconds: 30, describe });
    const machine = new Machine(container, leader);
    await until(() => machine.#isUp(), { seconds: 90, describe });
    return machine;
  }

  /** As far as it gets by itself: a unit that failed may be what is tried. */
  async #isUp(): Promise<true | undefined> {
    return (await this.tried("systemctl", "is-active", "multi-user.target")).stdout.trim() === "active" || undefined;
  }

  run(...command: readonly string[]): Promise<string> {
    return done(this.#inside(command));
  }

  tried(...command: readonly string[]): Promise<Ended> {
    return tried(this.#inside(command));
  }

  /** Writes a file as an editor does: beside, then renamed. */
  async write(path: string, text: string): Promise<void> {
    const script = 'umask 077; cat > "$1.new"; chown thermal-camera: "$1.new"; mv "$1.new" "$1"';
    await done(this.#inside(["sh", "-c", script, "write", path]), { input: text });
  }

  /** Some of a unit's properties: `ActiveState`, `Result`. */
  async unit(name: string, ...properties: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const text = await this.run("systemctl", "show", name, ...properties.map((each) => `--property=${each}`));
    const pairs = text
      .trim()
      .split("\n")
      .map((line) => /^(.*?)=(.*)$/.exec(line) ?? []);
    return Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, value]));
  }

  /** The journal of a unit in this boot, as people read it. */
  journal(unit: string, ...options: readonly string[]): Promise<string> {
    return this.run("journalctl", "--boot", "--no-pager", "--output=cat", `--unit=${unit}`, ...options);
  }

  /** As the power goes: nobody is told. */
  async cutPower(): Promise<void> {
    process.kill(Number(this.#leader), "SIGKILL");
    await this.#gone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isGone()) return;
    await this.tried("systemctl", "poweroff");
    await this.#gone();
  }

  #isGone(): boolean {
    return this.#container.exitCode !== null || this.#container.signalCode !== null;
  }

  async #gone(): Promise<void> {
    if (!this.#isGone()) await once(this.#container, "exit");
  }

  #inside(command: readonly string[]): readonly string[] {
    return ["nsenter", `--target=${this.#leader}`, "--all", "env", "-i", ...plainEnvironment, ...command];
  }
}

/** The first child of a process: the container's own first process. */
function childOf(pid: number | undefined): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0] || undefined;
  } catch {
    return undefined;
  }
}
