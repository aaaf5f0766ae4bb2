import { rmSync } from "node:fs";
import { systemClock } from "../../../src/base/clock.ts";
import { identity } from "../../fixtures/tls/certificates.ts";
import { callAlone, folderInMemory } from "../harness/in-process.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf, together } from "../harness/method.ts";
import { type Launch, start } from "../harness/program.ts";
import { withCertificate, withPassword } from "../harness/strace/settings.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { type Identity, type Lie, LyingProxy, type Plan } from "./lying-proxy.ts";

const lies: readonly Lie[] = ["close", "reset", "stall", "delay", "double", "split"];

/** Many at a time: these runs mostly wait. */
const lanes = 6;

/** A camera, and what the proxy sees of its connections. */
interface Line {
  readonly what: string;
  readonly setting: Setting;
  /** The proxy ends TLS. */
  readonly isInsideTls?: true;
}

const plain: Line = { what: "", setting: {} };
const password: Line = { what: "with a password: ", setting: withPassword };

/** What is said inside TLS, where the camera makes a certificate and shows it in the handshake. */
const certificate: Line = {
  what: "with a certificate, inside TLS: ",
  setting: {
    credentials: { ...withCertificate.credentials, use_ssl: true },
    files: withCertificate.files ?? {},
  },
  isInsideTls: true,
};

/** The bytes of TLS itself, handshakes and records; one that is doubled is an error of TLS. */
const records: Line = { what: "with a certificate, the bytes of TLS: ", setting: withCertificate };

/**
 * Lies at every byte, in both directions, of both connections of a provisioning; where the camera asks for a password, at
 * every seventh; where it comes with a certificate, at every 23rd inside TLS and every 151st of TLS (method 5).
 */
export async function lieAtEveryByte(extent: Extent): Promise<Result> {
  const rarely = extent === "all" ? 1 : 47;
  return together([
    await lieAt(rarely, plain),
    await lieAt(7 * rarely, password),
    await lieAt(23 * rarely, certificate),
    await lieAt(151 * rarely, records),
  ]);
}

/** At every `step`th place. */
async function lieAt(step: number, line: Line): Promise<Result> {
  const chosen = (await allPlans(line)).filter((_, index) => index % step === 0);
  return resultOf(await inLanes(chosen, (plan) => lied(plan, line, quick), lanes));
}

/** The same with the real command and a clock that does not hurry, at fewer places. */
export async function lieToTheCommand(setting: Setting = {}): Promise<Result> {
  return together([await lieToCommandAt(29, { ...plain, setting }), await lieToCommandAt(593, certificate)]);
}

async function lieToCommandAt(step: number, line: Line): Promise<Result> {
  const plans = (await allPlans(line)).filter(({ lie }, index) => lie !== "stall" && index % step === 0);
  return resultOf(await inLanes(plans, (plan) => lied(plan, line, thorough), 4));
}

interface Pace {
  readonly inProcess: boolean;
  readonly timeoutSeconds: number;
}

const quick: Pace = { inProcess: true, timeoutSeconds: 20 };
const thorough: Pace = { inProcess: false, timeoutSeconds: 5 };

async function lied(plan: Plan, line: Line, pace: Pace): Promise<Case> {
  const { setting } = line;
  const directory = folderInMemory();
  try {
    await using proxy = await LyingProxy.start(plan, identityFor(line));
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
    proxy.towards(trial.simulator);
    await trial.recover();
    return { what: line.what + inWords(plan), violations: trial.violations };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function identityFor({ isInsideTls }: Line): Identity | undefined {
  return isInsideTls === true ? identity("server") : undefined;
}

function inWords({ connection, direction, after, lie }: Plan): string {
  return `${lie} after ${after} bytes ${direction} on connection ${connection}`;
}

/** Every lie at every byte that a good run sends and receives. */
async function allPlans(line: Line): Promise<readonly Plan[]> {
  const { setting } = line;
  await using proxy = await LyingProxy.start(undefined, identityFor(line));
  const directory = folderInMemory();
  try {
    await using trial = await Trial.begin({
      ...setting,
      directory,
      port: proxy.port,
      // On a clock that hurries, a busy machine makes a good run ask twice, and every byte of that would be a place, too.
      starter: (launch) => callAlone(launch, { clock: systemClock }),
    });
    proxy.towards(trial.simulator);
    await trial.start();
    const packets = trial.simulator.heard.filter(({ from }) => from === "client");
    return [...proxy.passed].flatMap(([key, length]) => {
      const [connection = "", direction] = key.split(" ");
      const sent = packets.filter((packet) => packet.connection === Number(connection));
      if (direction !== "up" && direction !== "down") return [];
      return Array.from({ length }, (_, after) => after).flatMap((after) =>
        lies.flatMap((lie): readonly Plan[] => {
          const twice =
            direction === "down" || setting.simulator?.tls !== undefined
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
