import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** What the two ends are reached by. */
export const addresses = {
  camera: { v4: "10.9.0.1", v6: "2001:db8:9::1" },
  server: { v4: "10.9.0.2", v6: "2001:db8:9::2" },
  /** Of the server's networks, and nobody's: what is sent there is lost. */
  nobody: { v4: "10.9.0.9", v6: "2001:db8:9::9" },
} as const;

export type End = "camera" | "server";

/**
 * Two network namespaces, and between them nothing but a program that hands every IP packet over, later. Linux, as root,
 * with Python 3: the traffic shaper that does the same (netem) is not in every kernel.
 */
export class SlowWire implements AsyncDisposable {
  readonly #program: ChildProcess;

  private constructor(program: ChildProcess) {
    this.#program = program;
  }

  static async lay(): Promise<SlowWire> {
    const names = [deviceOf("camera"), deviceOf("server")];
    const program = spawn("python3", ["bench/round-trips/slow-wire.py", ...names], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const wire = new SlowWire(program);
    await wire.#ready();
    for (const end of ["camera", "server"] as const) layEnd(end);
    return wire;
  }

  /** From now on a packet and what answers it take so many milliseconds together. */
  async delay(roundTrip: number): Promise<void> {
    this.#program.stdin?.write(`${roundTrip / 2}\n`);
    await this.#ready();
  }

  async #ready(): Promise<void> {
    if (this.#program.stdout !== null) await once(this.#program.stdout, "data");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#program, "exit");
    this.#program.stdin?.end();
    await gone;
    for (const end of ["camera", "server"] as const) ip("netns", "delete", namespaceOf(end));
  }
}

/** What runs a program at that end of the wire; its names come from the server. */
export function at(end: End, resolver: string): readonly string[] {
  const inside = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return ["ip", "netns", "exec", namespaceOf(end), "sh", "-c", inside, resolver];
}

function layEnd(end: End): void {
  const [space, device] = [namespaceOf(end), deviceOf(end)];
  ip("netns", "add", space);
  ip("link", "set", device, "netns", space);
  ip("-n", space, "link", "set", "lo", "up");
  ip("-n", space, "link", "set", device, "up");
  ip("-n", space, "address", "add", `${addresses[end].v4}/24`, "dev", device);
  ip("-n", space, "address", "add", `${addresses[end].v6}/64`, "dev", device, "nodad");
}

function ip(...parameters: readonly string[]): void {
  execFileSync("ip", parameters, { stdio: ["ignore", "ignore", "inherit"] });
}

function namespaceOf(end: End): string {
  return `slow-${end}-${process.pid}`;
}

/** At most 15 characters. */
function deviceOf(end: End): string {
  return `${end[0]}${process.pid}`;
}
