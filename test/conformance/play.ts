import { packetLine, recordedVersion } from "../../src/simulator/index.ts";
import { peculiaritiesOf } from "../../src/simulator/server/versions.ts";
import { factsOf } from "../transcripts/facts.ts";
import type { Recording } from "../transcripts/recording.ts";
import { isIdPush, withoutId } from "./device-id.ts";
import { type Substitution, substituted } from "./substitution.ts";
import type { Tape } from "./tape.ts";
import type { Target } from "./target.ts";
import { Wire } from "./wire.ts";

/** How a recording is played. */
export interface Playing {
  readonly substitution: Substitution;
  /** The server tells devices their ids, which were not told when it was recorded. */
  readonly tellsIds: boolean;
  /** Keeps what was said; then a session goes on after its first difference. */
  readonly tape?: Tape | undefined;
}

/** How long an answer is awaited where the session has left the recorded way. In milliseconds. */
const patienceAfterDifference = 2000;

/**
 * Plays the client's part of a recording with other texts in it, and tells the first difference to what was recorded;
 * undefined when there is none.
 */
export async function play(
  recording: Recording,
  target: Pick<Target, "host" | "port" | "tls" | "version">,
  { substitution, tellsIds, tape }: Playing,
): Promise<string | undefined> {
  const subscribes = peculiaritiesOf(recordedVersion(target.version)).provisionSessionSubscribes;
  const wires = new Map<number, Wire>();
  const wireOf = async (connection: number) => {
    const wire = wires.get(connection) ?? (await Wire.open(target, tape));
    wires.set(connection, wire);
    return wire;
  };
  let difference: string | undefined;
  const next = async (wire: Wire) => {
    for (;;) {
      const packet = await wire.next(difference === undefined ? undefined : patienceAfterDifference);
      if (!tellsIds || packet === undefined || !isIdPush(packet)) return packet;
    }
  };
  try {
    let going: Buffer[] = [];
    for (const [index, { sent, connection, bytes }] of recording.packets.entries()) {
      // A server that never answers a SUBSCRIBE in a provisioning session need not be waited for.
      if (!sent && !subscribes && isSubscribed(bytes) && provisions(recording, connection)) continue;
      const { level } = connectionOf(recording, connection);
      const wire = await wireOf(connection);
      const recorded = substituted(bytes, level, substitution);
      if (sent) {
        going.push(recorded);
        if (isInOneGo(recording, index)) continue;
        wire.write(...going);
        going = [];
        continue;
      }
      const answer = await next(wire);
      if (answer !== undefined && isSame(recorded, answer)) continue;
      if (answer !== undefined && tellsIds && isSame(recorded, withoutId(answer))) continue;
      difference ??= `recorded ${words(recorded, level)}, here ${words(answer, level)}`;
      if (tape === undefined) return difference;
    }
    for (const [number, wire] of wires) {
      const { level, endedBy } = connectionOf(recording, number);
      if (!endedBy.startsWith("server")) continue;
      const further = await next(wire);
      if (further !== undefined) difference ??= `recorded nothing more, here ${words(further, level)}`;
      else if (!wire.ended) difference ??= "recorded the server's close, here the connection stays";
    }
    return difference;
  } finally {
    for (const wire of wires.values()) wire.close();
  }
}

/** The next packet was written in one go with this one. */
function isInOneGo({ packets }: Recording, index: number): boolean {
  const [here, next] = [packets[index], packets[index + 1]];
  return next?.sent === true && next.segment === here?.segment && next.connection === here.connection;
}

/** SUBACK or UNSUBACK. */
function isSubscribed(bytes: Buffer): boolean {
  return [0x90, 0xb0].includes(bytes[0] ?? 0);
}

function provisions(recording: Recording, connection: number): boolean {
  return factsOf(recording).connects.some((connect) => connect.connection === connection && connect.provisions);
}

function connectionOf({ connections }: Recording, number: number) {
  return connections.find((connection) => connection.number === number) ?? { level: 4 as const, endedBy: "" };
}

function words(packet: Buffer | undefined, level: 3 | 4 | 5): string {
  return packet === undefined ? "nothing" : packetLine({ bytes: packet, level }, "masked");
}

function isSame(recorded: Buffer, answer: Buffer): boolean {
  return withoutInventions(answer).equals(withoutInventions(recorded));
}

/** Without the tokens of 20 characters that a server makes. */
function withoutInventions(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").replace(/(?<="credentialsValue":")[A-Za-z0-9]{20}(?=")/, "*".repeat(20));
  return Buffer.from(text, "latin1");
}
