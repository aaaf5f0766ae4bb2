/** What a server sends that matters to the camera, and what else it may send; MQTT 3.1.1, chapter 3. */
export type ServerPacket =
  | { readonly type: "connack"; readonly returnCode: number }
  | {
      readonly type: "publish";
      readonly topic: string;
      readonly payload: Uint8Array;
      /** With it the server waits for a PUBACK: it is there with QoS 1 alone. */
      readonly packetId: number | undefined;
    }
  | { readonly type: OtherType };

/** By the upper half of the first byte [MQTT-2.2.1]. 0 and 15 are no packets. */
const types = [
  undefined,
  ...(["connect", "connack", "publish", "puback", "pubrec", "pubrel", "pubcomp", "subscribe", "suback"] as const),
  ...(["unsubscribe", "unsuback", "pingreq", "pingresp", "disconnect"] as const),
];
type PacketType = NonNullable<(typeof types)[number]>;

/** Nothing is read in them. Those of a client come from a server only that is none. */
type OtherType = Exclude<PacketType, "connack" | "publish">;

/** Bytes that are no packet of MQTT 3.1.1. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** A packet of which the first bytes are here. */
interface Begun {
  readonly type: PacketType;
  /** Of a PUBLISH. */
  readonly qos: number;
  /** The length of the body as far as it is told, and in how many bytes. */
  length: number;
  digits: number;
  body: Body | undefined;
}

/**
 * Makes packets of bytes that come in pieces of any size. A body is gathered in one piece: a list of pieces would take,
 * for a server that sends byte by byte, a hundred times the memory and the square of the time.
 */
export class PacketReader {
  #begun: Begun | undefined;

  /** The packets that come to their end with these bytes. Throws `Malformed` behind those that came before the mistake. */
  *take(bytes: Uint8Array): Generator<ServerPacket, void> {
    for (let rest = bytes; rest.byteLength > 0; ) {
      this.#begun ??= begin(rest);
      const begun = this.#begun;
      rest = begun.body === undefined ? header(begun, rest) : begun.body.take(rest);
      const whole = begun.body?.whole;
      if (whole === undefined) continue;
      this.#begun = undefined;
      yield decode(begun, whole);
    }
  }
}

/** The flags in the lower half are fixed, but for PUBLISH [MQTT-2.2.2-1]. */
function begin([firstByte = 0]: Uint8Array): Begun {
  const type = types[firstByte >> 4];
  const flags = firstByte & 0x0f;
  const fixed = type === "pubrel" || type === "subscribe" || type === "unsubscribe" ? 2 : 0;
  const qos = (flags >> 1) & 3;
  const areFlags = type === "publish" ? qos < 3 : flags === fixed;
  if (type === undefined || !areFlags) throw new Malformed(`no packet begins with the byte ${firstByte}`);
  return { type, qos, length: 0, digits: -1, body: undefined };
}

/** Takes the first byte and those that tell the length, four at the most [MQTT-2.2.3]; gives what is behind them. */
function header(begun: Begun, bytes: Uint8Array): Uint8Array {
  for (const [index, byte] of bytes.entries()) {
    const digit = begun.digits++;
    if (digit < 0) continue;
    begun.length += (byte & 127) * 128 ** digit;
    if (byte < 128) {
      begun.body = new Body(begun.length);
      return bytes.subarray(index + 1);
    }
    if (digit === 3) throw new Malformed("a length is told in more than four bytes");
  }
  return new Uint8Array();
}

/** What follows a header, in memory of at most twice what has come: the header may promise any length. */
class Body {
  readonly #length: number;
  #bytes: Uint8Array = new Uint8Array();
  #filled = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get whole(): Uint8Array | undefined {
    return this.#filled === this.#length ? this.#bytes : undefined;
  }

  /** Gives what belongs to the next packet. */
  take(bytes: Uint8Array): Uint8Array {
    const mine = bytes.subarray(0, this.#length - this.#filled);
    const filled = this.#filled + mine.byteLength;
    if (filled > this.#bytes.byteLength) this.#grow(filled);
    this.#bytes.set(mine, this.#filled);
    this.#filled = filled;
    return bytes.subarray(mine.byteLength);
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.min(Math.max(least, 2 * this.#bytes.byteLength), this.#length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

function decode({ type, qos }: Begun, body: Uint8Array): ServerPacket {
  switch (type) {
    case "connack":
      return connack(body);
    case "publish":
      return publish(qos, body);
    default:
      return { type };
  }
}

/**
 * Whether there was a session says nothing to a client that asks for a clean one [MQTT-3.2.2]. More than two bytes are of
 * MQTT 5: of such a server, too, the code is told.
 */
function connack(body: Uint8Array): ServerPacket {
  const [flags, returnCode] = body;
  if (flags === undefined || flags > 1 || returnCode === undefined) throw new Malformed("CONNACK is not as it must be");
  return { type: "connack", returnCode };
}

/** The name of the topic, for QoS 1 and 2 the packet identifier, and the rest is the payload [MQTT-3.3]. */
function publish(qos: number, body: Uint8Array): ServerPacket {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const topicEnds = 2 + (bytes.byteLength < 2 ? 0 : bytes.readUInt16BE(0));
  const start = topicEnds + (qos === 0 ? 0 : 2);
  if (bytes.byteLength < start) throw new Malformed("PUBLISH ends before its payload begins");
  return {
    type: "publish",
    topic: bytes.toString("utf8", 2, topicEnds),
    payload: bytes.subarray(start),
    packetId: qos === 1 ? bytes.readUInt16BE(topicEnds) : undefined,
  };
}
