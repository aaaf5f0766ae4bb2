import { rmSync } from "node:fs";
import { callAlone, folderInMemory } from "../harness/in-process.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf, together } from "../harness/method.ts";
import { type Launch, start } from "../harness/program.ts";
import { withPassword } from "../harness/strace/settings.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { type Lie, LyingProxy, type Plan } from "./lying-proxy.ts";

const lies: readonly Lie[] = ["close", "reset", "stall", "delay", "double", "split"];

/** Many at a time: these runs mostly wait. */
const lanes = 6;

/**
 * Lies at every byte, in both directions, of both connections of a provisioning; where the camera asks for a password, at
 * every seventh (method 5). Under TLS a byte that is changed is an error of TLS, whatever the credentials are.
 */
export async function lieAtEveryByte(extent: Extent): Promise<Result> {
  const isAll = extent === "all";
  return together([await lieAt(isAll ? 1 : 23, {}), await lieAt(isAll ? 7 : 161, withPassword)]);
}

/** At every `step`th place. */
async function lieAt(step: number, setting: Setting): Promise<Result> {
  const chosen = (await allPlans(setting)).filter((_, index) => index % step === 0);
  return resultOf(await inLanes(chosen, (plan) => lied(plan, setting, quick), lanes));
}

/** The same with the real command and a clock that does not hurry, at fewer places. */
export async function lieToTheCommand(setting: Setting = {}): Promise<Result> {
  const plans = (await allPlans(setting)).filter(({ lie }, index) => lie !== "stall" && index % 29 === 0);
  return resultOf(await inLanes(plans, (plan) => lied(plan, setting, thorough), 4));
}

interface Pace {
  readonly inProcess: boolean;
  readonly timeoutSeconds: number;
}

const quick: Pace = { inProcess: true, timeoutSeconds: 20 };
const thorough: Pace = { inProcess: false, timeoutSeconds: 5 };

async function lied(plan: Plan | undefined, setting: Setting, pace: Pace): Promise<Case> {
  const directory = folderInMemory();
  try {
    await using proxy = await LyingProxy.start(plan);
    const starter = async (launch: Launch) => {
      const run = await (pace.inProcess ? callAlone(launch) : start(launch));
      // What it has sent last may meet the next start; when it is done, it would be taken for the next one's.
      if (run.exitStatus === 0) await proxy.quiet();
      return run;
    };
    await using trial = await Trial.begin({
      ...setting,
      directory,
      port: proxy.port,
      credentials: { timeout_seconds: pace.timeoutSeconds, ...setting.credentials },
      starter,
    });
    proxy.towards(trial.simulator.port);
    await trial.recover();
    return { what: plan === undefined ? "no lie" : inWords(plan), violations: trial.violations };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function inWords({ connection, direction, after, lie }: Plan): string {
  return `${lie} after ${after} bytes ${direction} on connection ${connection}`;
}

/** Every lie at every byte that a good run sends and receives. */
async function allPlans(setting: Setting): Promise<readonly Plan[]> {
  await using proxy = await LyingProxy.start();
  const directory = folderInMemory();
  try {
    await using trial = await Trial.begin({
      ...setting,
      directory,
      port: proxy.port,
      starter: callAlone,
    });
    proxy.towards(trial.simulator.port);
    await trial.start();
    const packets = trial.simulator.heard.filter(({ from }) => from === "client");
    return [...proxy.passed].flatMap(([key, length]) => {
      const [connection = "", direction] = key.split(" ");
      const sent = packets.filter((packet) => packet.connection === Number(connection));
      if (direction !== "up" && direction !== "down") return [];
      return Array.from({ length }, (_, after) => after).flatMap((after) =>
        lies.flatMap((lie): readonly Plan[] => {
          const twice =
            direction === "down"
              ? 1
              : packetAt(
                  sent.map(({ bytes }) => bytes.length),
                  after,
                );
          return lie === "double" && twice === 0
            ? []
            : [{ connection: Number(connection), direction, after, lie, twice }];
        }),
      );
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * The length of the packet that begins after so many bytes; 0 where none does. Towards the server only whole packets are
 * doubled: a changed byte of a plain connection would be another request, which TCP does not let happen and TLS shows.
 */
function packetAt(lengths: readonly number[], after: number): number {
  let begin = 0;
  for (const length of lengths) {
    if (begin === after) return length;
    begin += length;
  }
  return 0;
}
