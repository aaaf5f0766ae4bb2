import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";
import { packetLine } from "../../src/simulator/index.ts";
import type { Recording } from "../transcripts/recording.ts";
import type { Target } from "./target.ts";

/** The longest that a server was recorded to think is 20 s. In milliseconds. */
const patience = 25_000;

/** What the recorded servers had. */
const recorded = {
  key: "recAllowKey0123456789",
  secret: "recAllowSecret0123456",
  claimKey: "recPreKey01234567890",
  claimSecret: "recPreSecret01234567",
  registered: "cam-pre-1",
};

/**
 * Plays the client's part of a recording, with the server's own key and secret and with a device name and a token that
 * nobody has had before, and tells the first difference to what was recorded; undefined when there is none.
 */
export async function play(recording: Recording, target: Target, unique: string): Promise<string | undefined> {
  const change = substitution(recording, target, unique);
  const level = recording.connections[0]?.level ?? 4;
  const socket = connect(target.port, target.host);
  try {
    await within(once(socket, "connect"), "no connection");
    const server = new Received(socket);
    for (const { sent, bytes } of recording.packets) {
      if (sent) {
        socket.write(change(bytes, level));
        continue;
      }
      const expected = withoutInventions(change(bytes, level));
      const answer = await server.next();
      if (answer !== undefined && withoutInventions(answer).equals(expected)) continue;
      const words = (packet: Buffer | undefined) =>
        packet === undefined ? "nothing" : packetLine({ bytes: packet, level }, "masked");
      return `recorded ${words(expected)}, here ${words(answer)}`;
    }
    const further = recording.connections[0]?.endedBy.startsWith("server") ? await server.next() : undefined;
    if (further !== undefined) return `recorded nothing more, here ${packetLine({ bytes: further, level }, "masked")}`;
    return server.ended || !recording.connections[0]?.endedBy.startsWith("server")
      ? undefined
      : "recorded the server's close, here the connection stays";
  } finally {
    socket.destroy();
  }
}

/** Packets of the recording with other texts in them; their lengths change with them. */
function substitution({ packets }: Recording, { key, secret, claims }: Target, unique: string) {
  const said = packets.map(({ sent, bytes }) => (sent ? bytes.toString("utf8") : "")).join("\n");
  const texts = new Map<string, string>([
    [recorded.key, key],
    [recorded.secret, secret],
  ]);
  for (const [, own = ""] of said.matchAll(/"(?:deviceName|token|username|clientId)":"([^"]{4,})"/g)) {
    texts.set(own, `${own}-${unique}`);
  }
  if (claims !== undefined) {
    texts.set(recorded.claimKey, claims.key).set(recorded.claimSecret, claims.secret);
    texts.set(recorded.registered, claims.deviceName);
  }
  return (bytes: Buffer, level: 3 | 4 | 5): Buffer => {
    const packet = decode(bytes, level);
    if (packet?.cmd !== "publish") return bytes;
    const payload = changed(packet.payload.toString("utf8"), texts);
    return generate({ ...packet, payload }, { protocolVersion: level });
  };
}

function changed(text: string, texts: ReadonlyMap<string, string>): string {
  return text.replace(/"([^"]*)"/g, (whole, found: string) => {
    const other = texts.get(found);
    return other === undefined ? whole : JSON.stringify(other);
  });
}

function decode(bytes: Buffer, protocolVersion: 3 | 4 | 5): Packet | undefined {
  const found: Packet[] = [];
  const reader = parser({ protocolVersion });
  reader.on("packet", (packet) => found.push(packet));
  reader.on("error", () => {});
  reader.parse(bytes);
  return found[0];
}

/** Without the tokens of 20 characters that a server makes. */
function withoutInventions(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").replace(/(?<="credentialsValue":")[A-Za-z0-9]{20}(?=")/, "*".repeat(20));
  return Buffer.from(text, "latin1");
}

/** What the server sends, packet by packet. */
class Received {
  ended = false;
  readonly #packets: Buffer[] = [];
  #wake = () => {};

  constructor(socket: Socket) {
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let length = lengthOf(rest); length !== undefined && length <= rest.length; length = lengthOf(rest)) {
        this.#packets.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      this.#wake();
    });
    const end = () => {
      this.ended = true;
      this.#wake();
    };
    socket.on("error", end).on("end", end).on("close", end);
  }

  /** Undefined when the server ended the connection, or says nothing for too long. */
  async next(): Promise<Buffer | undefined> {
    if (this.#packets.length === 0 && !this.ended) {
      const something = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await within(something, "silence").catch(() => {});
    }
    return this.#packets.shift();
  }
}

/** Of the first packet, header included; undefined as long as the header is not complete. */
function lengthOf(bytes: Buffer): number | undefined {
  let remaining = 0;
  for (let index = 1; index < Math.min(bytes.length, 5); index++) {
    const byte = bytes.readUInt8(index);
    remaining += (byte & 0x7f) << (7 * (index - 1));
    if (byte < 0x80) return remaining + index + 1;
  }
  return undefined;
}

async function within<Value>(work: Promise<Value>, otherwise: string): Promise<Value> {
  const late = AbortSignal.timeout(patience);
  const tooLate = once(late, "abort").then(() => {
    throw new Error(otherwise);
  });
  return Promise.race([work, tooLate]);
}
