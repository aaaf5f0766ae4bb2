import { readFileSync } from "node:fs";
import { systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { authorityFile, identity } from "../../fixtures/tls/certificates.ts";
import type { Run, Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { type Launch, start } from "../harness/program.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { TroubledLoopback, type TroubleName } from "./network.ts";

interface Link {
  readonly what: string;
  readonly troubles: readonly TroubleName[];
  /** Chance decides what happens, so each is tried some times. */
  readonly times: number;
  readonly isSecure?: boolean;
}

/** Those that take long are the first. */
const links: readonly Link[] = [
  { what: "seven packets of ten are lost", troubles: ["lost70"], times: 12 },
  { what: "every second packet is lost", troubles: ["lost50"], times: 6 },
  { what: "8 kbit/s under TLS", troubles: ["slow"], times: 2, isSecure: true },
  { what: "three packets of ten are lost", troubles: ["lost30"], times: 6 },
  { what: "three packets of ten come broken", troubles: ["broken"], times: 4 },
  { what: "8 kbit/s, packets are lost and doubled", troubles: ["slow", "lost10", "doubled"], times: 6 },
  { what: "three packets of ten are lost under TLS", troubles: ["lost30"], times: 4, isSecure: true },
  { what: "8 kbit/s", troubles: ["slow"], times: 3 },
  { what: "every second packet takes a slow detour", troubles: ["detoured"], times: 4 },
  // Of a plain connection an altered byte may be another request, which TCP's sum does not let happen.
  { what: "bytes come altered under TLS", troubles: ["altered"], times: 8, isSecure: true },
  { what: "one packet of ten is lost", troubles: ["lost10"], times: 4 },
  { what: "every second packet comes twice", troubles: ["doubled"], times: 4 },
];

/** These runs wait for most of their time. */
const lanes = 12;

/**
 * One start at the end of a bad link; then the link is mended, and the camera goes on (method 5). This process must have a
 * network namespace of its own.
 */
export async function loseOnTheLink(setting: Setting = {}): Promise<Result> {
  const loopback = new TroubledLoopback();
  const ends: (number | null)[] = [];
  const chosen = links.flatMap((link) => Array.from({ length: link.times }, () => link));
  const cases = await inLanes(chosen, (link) => loseOnce(link, { loopback, setting, ends }), lanes);
  const counts = [...loopback.counts];
  const idle = counts.filter(([, packets]) => packets === 0).map(([name]) => name);
  if (idle.length > 0) throw new Error(`no packet was ${idle.join(", ")}: the rules do not reach them`);
  const [done = 0, again = 0] = [0, 75].map((status) => ends.filter((end) => end === status).length);
  return resultOf(cases, [
    `${done} of ${cases.length} came through at once, ${again} ended with 75 and did so afterwards`,
    `packets: ${counts.map(([name, packets]) => `${packets} ${name}`).join(", ")}`,
  ]);
}

interface Surroundings {
  readonly loopback: TroubledLoopback;
  readonly setting: Setting;
  /** How the starts on bad links ended. */
  readonly ends: (number | null)[];
}

async function loseOnce({ what, troubles, isSecure = false }: Link, around: Surroundings): Promise<Case> {
  let mend: (() => void) | undefined;
  const starter = async (launch: Launch) => {
    const run = await start(launch);
    mend?.();
    mend = undefined;
    // What it has sent last may still be on its way: to meet the next start, or, when it is done, to be no other's.
    if (run.exitStatus === 0) {
      await around.loopback.quiet(trial.simulator.port);
      await heardOut(trial);
    }
    return run;
  };
  await using trial = await Trial.begin({ ...around.setting, ...(isSecure ? secure() : plain), starter });
  mend = around.loopback.trouble(trial.simulator.port, troubles);
  const { run } = await trial.start();
  around.ends.push(run.exitStatus);
  await trial.recover();
  return { what, violations: [...surprising(run), ...trial.violations] };
}

/** Until the server hears nothing more: a slow way holds packets whose connection the kernel knows no more. */
async function heardOut({ simulator }: Trial): Promise<void> {
  for (let heard = -1; heard !== simulator.heard.length; ) {
    heard = simulator.heard.length;
    await systemClock.sleep(slowestPacket);
  }
}

/** A packet of 1,500 bytes at 8 kbit/s takes 1.5 s. */
const slowestPacket = seconds(2);

const timeout = { timeout_seconds: 5 };
const plain: Setting = { credentials: timeout };

function secure(): Setting {
  return {
    simulator: { tls: identity("server") },
    credentials: { ...timeout, use_ssl: true, ca_file: "authority.pem" },
    files: { "authority.pem": readFileSync(authorityFile(), "utf8") },
  };
}

/** A bad link is a reason to try again, and for nothing else. */
function surprising({ exitStatus, output }: Run): readonly Violation[] {
  if (exitStatus === 0 || exitStatus === 75) return [];
  const last = output.trim().split("\n").at(-1)?.slice(0, 300);
  return [{ invariant: "I22", what: `on a bad link it ended with ${exitStatus}: ${last}` }];
}
