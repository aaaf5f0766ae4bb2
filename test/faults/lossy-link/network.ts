import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { systemClock } from "../../../src/base/clock.ts";
import { milliseconds, seconds } from "../../../src/base/duration.ts";
import { settle } from "../../base/fake-clock.ts";

interface Trouble {
  /** In the words of nft(8): which packets meet it, and what becomes of them. Default: all. */
  readonly only?: string;
  readonly act?: string;
  /** They take a way that is only so fast, and each camera has its own. */
  readonly kbit?: number;
}

const ofAHundred = (packets: number) => `numgen random mod 100 < ${packets}`;

/** What can be wrong with a link, in both directions. */
const troubles = {
  lost10: { only: ofAHundred(10), act: "drop" },
  lost30: { only: ofAHundred(30), act: "drop" },
  lost50: { only: ofAHundred(50), act: "drop" },
  lost70: { only: ofAHundred(70), act: "drop" },
  doubled: { only: ofAHundred(50), act: "dup to 127.0.0.1 device lo" },
  // The sum of the IP header is looked at on a loopback, too: the receiving kernel throws the packet away.
  broken: { only: ofAHundred(30), act: "ip checksum set 0xbad" },
  // A byte behind the 32 of TCP's header. At TCP's sum nobody looks on a loopback: so it arrives.
  altered: { only: `ip length > 120 ${ofAHundred(8)}`, act: "@th,440,8 set 0x55" },
  slow: { kbit: 8 },
  detoured: { only: ofAHundred(50), kbit: 16 },
} as const satisfies Readonly<Record<string, Trouble>>;

/** In milliseconds, of this network namespace; Linux has it from 6.15 on. */
const longestWait = "/proc/sys/net/ipv4/tcp_rto_max_ms";

/**
 * How long at the most the kernel is waited for when a link is mended. It sends what was lost segment by segment, each
 * after a wait of its own, of up to 5 s here and more on an older kernel.
 */
const mostLate = seconds(60);

/** Each look goes through the kernel's whole table, some milliseconds long, and there may be a dozen who wait. */
const betweenLooks = milliseconds(250);

export type TroubleName = keyof typeof troubles;

const all: readonly (readonly [string, Trouble])[] = Object.entries(troubles);

/**
 * The loopback of a network namespace, on which each port has troubles of its own: nft(8) loses, doubles and changes,
 * tc(8) slows down. It ends with the namespace, so nothing is tidied up.
 */
export class TroubledLoopback {
  #ways = 0;

  constructor() {
    const inUse = system("ip", ["-oneline", "link", "show", "up"]);
    if (inUse !== "") throw new Error(`this is somebody's network, and none of its own: ${inUse}`);
    // As on an Ethernet.
    system("ip", ["link", "set", "lo", "mtu", "1500", "up"]);
    if (existsSync(longestWait)) writeFileSync(longestWait, "4000");
    system("tc", ["qdisc", "add", "dev", "lo", "root", "handle", "1:", "htb"]);
    system("nft", ["-f", "-"], ruleset);
  }

  /** Gives the packets from and to this port these troubles. Gives what mends it. */
  trouble(port: number, names: readonly TroubleName[]): () => void {
    const elements = names.flatMap((name) => {
      const { kbit }: Trouble = troubles[name];
      const isChosen = `${name} { ${port} }`;
      return kbit === undefined ? [isChosen] : [isChosen, `${name}_way { ${port} : 1:${this.#way(kbit)} }`];
    });
    const each = (act: string) =>
      system("nft", ["-f", "-"], elements.map((one) => `${act} element ip link ${one}\n`).join(""));
    each("add");
    return () => each("delete");
  }

  #way(kbit: number): string {
    const number = (++this.#ways).toString(16);
    const speed = ["rate", `${kbit}kbit`, "burst", "100", "cburst", "100", "quantum", "1500"];
    system("tc", ["class", "add", "dev", "lo", "parent", "1:", "classid", `1:${number}`, "htb", ...speed]);
    return number;
  }

  /**
   * Until nothing is under way to this port any more. Only the kernel knows: it goes on sending what a program has left
   * to it, when that has long come to its end, and on connections of which the server has not heard yet.
   */
  async quiet(port: number): Promise<void> {
    const end = systemClock.elapsed() + mostLate;
    while (hasClients(port) && systemClock.elapsed() < end) await systemClock.sleep(betweenLooks);
    // What arrived before a reset is there to be read, although the kernel does not count the connection any more.
    await settle();
  }

  /** How many packets met each trouble. */
  get counts(): ReadonlyMap<string, number> {
    const { nftables } = v.parse(countersSchema, JSON.parse(system("nft", ["-j", "list", "counters"])));
    return new Map(nftables.flatMap(({ counter }) => (counter === undefined ? [] : [[counter.name, counter.packets]])));
  }
}

/** In proc_net_tcp(5): the connection has come to its end, and only keeps its number. */
const timeWait = "06";

/** Whether a connection to this port has an end of a client's, which may send; a server's end alone may stay for ever. */
function hasClients(port: number): boolean {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .some(([, , remote = "", state = ""]) => remote.endsWith(end) && state !== timeWait);
}

const countersSchema = v.object({
  nftables: v.array(v.object({ counter: v.optional(v.object({ name: v.string(), packets: v.number() })) })),
});

/** For nft(8): every trouble, and no port that has it yet. */
const ruleset = [
  "table ip link {",
  ...all.flatMap(([name, { kbit }]) => [
    `counter ${name} { }`,
    `set ${name} { type inet_service; }`,
    ...(kbit === undefined ? [] : [`map ${name}_way { type inet_service : classid; }`]),
  ]),
  // What is dropped on its way out, the sender's kernel is told of; on a link it is lost further on.
  ...chain("input", (act) => act === "drop"),
  ...chain("output", (act) => act !== "drop"),
  "}\n",
].join("\n");

function chain(hook: string, isHere: (act: string | undefined) => boolean): readonly string[] {
  const rules = all
    .filter(([, { act }]) => isHere(act))
    .flatMap(([name, { only = "", act }]) =>
      ["tcp dport", "tcp sport"].map((port) => {
        const become = act ?? `meta priority set ${port} map @${name}_way`;
        return `${port} @${name} ${only} counter name ${name} ${become}`;
      }),
    );
  return [`chain ${hook} {`, `type filter hook ${hook} priority 0;`, ...rules, "}"];
}

/** What this machine's kernel lacks for it, found out by trying; nothing when all is there. */
export function missingForTroubles(): readonly string[] {
  const trial = "ip link set lo up && tc qdisc add dev lo root handle 1: htb && nft -f -";
  const { status, stderr } = spawnSync("unshare", ["--net", "sh", "-c", trial], { encoding: "utf8", input: ruleset });
  return status === 0 ? [] : [`nf_tables and sch_htb in its kernel (${stderr.trim().split("\n")[0]})`];
}

function system(program: string, parameters: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { encoding: "utf8", input });
  if (status !== 0) throw new Error(`${program} ${parameters.join(" ")}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}
