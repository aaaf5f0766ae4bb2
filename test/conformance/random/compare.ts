import { packetLine, Simulator } from "../../../src/simulator/index.ts";
import { settle } from "../../base/fake-clock.ts";
import type { Target } from "../target.ts";
import { Wire } from "../wire.ts";
import { Chance } from "./chance.ts";
import { type RandomSession, randomSession, type Vocabulary } from "./session.ts";

/** How many sessions were the same on the server and on the simulator of its version, and what was not. */
export interface Comparison {
  readonly sessions: number;
  readonly packets: number;
  readonly differences: readonly string[];
}

/** Plays sessions that nobody has written against a server and against the simulator, and compares what they answer. */
export async function compareRandomly(
  target: Pick<Target, "host" | "port" | "tls" | "key" | "secret" | "version">,
  {
    seed,
    count,
    token,
    prefix,
    signal,
  }: {
    readonly seed: number;
    readonly count: number;
    readonly token: string;
    readonly prefix: string;
    readonly signal?: AbortSignal;
  },
): Promise<Comparison> {
  const { key, secret } = target;
  await using reference = await Simulator.start({
    version: target.version,
    profiles: [
      {
        name: "random",
        provisionType: "ALLOW_CREATE_NEW_DEVICES",
        provisionDeviceKey: key,
        provisionDeviceSecret: secret,
      },
    ],
    devices: [{ name: "random", credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: token } }],
  });
  const words: Vocabulary = { key, secret, token, prefix };
  const differences: string[] = [];
  let packets = 0;
  for (let number = 0; number < count; number++) {
    signal?.throwIfAborted();
    // Each has its own numbers, so that one can be played alone.
    const session = randomSession(new Chance(seed + number), words, number);
    const expected = await answersOfSimulator(session, reference);
    const found = await firstDifference(session, expected, target);
    packets += expected.reduce((sum, { received }) => sum + received.length, 0);
    if (found !== undefined) differences.push(`seed ${seed + number}: ${found}`);
  }
  return { sessions: count, packets, differences };
}

interface Answers {
  readonly received: readonly Buffer[];
  readonly ended: boolean;
}

async function answersOfSimulator({ steps }: RandomSession, simulator: Simulator): Promise<Answers[]> {
  const stream = simulator.connect();
  let received: Buffer[] = [];
  let ended = false;
  stream.on("data", (chunk: Buffer) => received.push(chunk));
  stream.once("end", () => {
    ended = true;
  });
  const answers: Answers[] = [];
  for (const step of steps) {
    if (!ended) stream.write(step);
    await settle();
    answers.push({ received, ended });
    received = [];
  }
  stream.destroy();
  await settle();
  return answers;
}

/** Within a step a server's threads may change the order. */
async function firstDifference(
  { level, steps }: RandomSession,
  expected: readonly Answers[],
  target: Pick<Target, "host" | "port" | "tls">,
): Promise<string | undefined> {
  const wire = await Wire.open(target);
  try {
    for (const [index, step] of steps.entries()) {
      const { received, ended } = expected[index] ?? { received: [], ended: true };
      wire.write(step);
      const here: Buffer[] = [];
      while (here.length < received.length) {
        const packet = await wire.next();
        if (packet === undefined) break;
        here.push(packet);
      }
      const [simulated, found] = [received, here].map((packets) =>
        packets.map((packet) => words(packet, level)).toSorted(),
      );
      if (simulated?.join() !== found?.join()) {
        const said = packetLine({ bytes: step, level }, "masked");
        return `after ${said}: the simulator says ${simulated?.join("; ") || "nothing"}, the server ${found?.join("; ") || "nothing"}`;
      }
      if (!ended) continue;
      return (await wire.next()) === undefined && wire.ended
        ? undefined
        : `step ${index + 1}: the simulator ends the connection, the server does not`;
    }
    return undefined;
  } finally {
    wire.close();
  }
}

/** Without the tokens that a server makes. */
function words(bytes: Buffer, level: 3 | 4 | 5): string {
  return packetLine({ bytes, level }, "shown").replace(/(?<="credentialsValue":")[A-Za-z0-9]{20}(?=")/, "*".repeat(20));
}
