import { packetLine, recordedVersion } from "../../src/simulator/index.ts";
import { peculiaritiesOf } from "../../src/simulator/server/versions.ts";
import { factsOf } from "../transcripts/facts.ts";
import type { Recording } from "../transcripts/recording.ts";
import { type Substitution, substituted } from "./substitution.ts";
import type { Target } from "./target.ts";
import { Wire } from "./wire.ts";

/**
 * Plays the client's part of a recording with other texts in it, and tells the first difference to what was recorded;
 * undefined when there is none.
 */
export async function play(
  recording: Recording,
  target: Pick<Target, "host" | "port" | "version">,
  substitution: Substitution,
): Promise<string | undefined> {
  const subscribes = peculiaritiesOf(recordedVersion(target.version)).provisionSessionSubscribes;
  const wires = new Map<number, Wire>();
  const wireOf = async (connection: number) => {
    const wire = wires.get(connection) ?? (await Wire.open(target));
    wires.set(connection, wire);
    return wire;
  };
  try {
    for (const { sent, connection, bytes } of recording.packets) {
      // A server that never answers a SUBSCRIBE in a provisioning session need not be waited for.
      if (!sent && !subscribes && isSubscribed(bytes) && provisions(recording, connection)) continue;
      const { level } = connectionOf(recording, connection);
      const wire = await wireOf(connection);
      const recorded = substituted(bytes, level, substitution);
      if (sent) {
        wire.write(recorded);
        continue;
      }
      const answer = await wire.next();
      if (answer !== undefined && withoutInventions(answer).equals(withoutInventions(recorded))) continue;
      return `recorded ${words(recorded, level)}, here ${words(answer, level)}`;
    }
    for (const [number, wire] of wires) {
      const { level, endedBy } = connectionOf(recording, number);
      if (!endedBy.startsWith("server")) continue;
      const further = await wire.next();
      if (further !== undefined) return `recorded nothing more, here ${words(further, level)}`;
      if (!wire.ended) return "recorded the server's close, here the connection stays";
    }
    return undefined;
  } finally {
    for (const wire of wires.values()) wire.close();
  }
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

/** Without the tokens of 20 characters that a server makes. */
function withoutInventions(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").replace(/(?<="credentialsValue":")[A-Za-z0-9]{20}(?=")/, "*".repeat(20));
  return Buffer.from(text, "latin1");
}
