import { type Packet, parser } from "mqtt-packet";
import { withoutDebugOutput } from "./without-debug-output.ts";

/**
 * `transport.mqtt.netty.max_payload_size`: compared with the remaining length of every packet
 * (docs/thingsboard-protocol.md#parsing-a-request).
 */
export const largestRemainingLength = 65536;

export type Reading =
  | { readonly ok: true; readonly packet: Packet; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly bytes: Uint8Array };

/**
 * Cuts what arrives into packets and decodes them. Never throws; after the first reading that is not ok there are
 * no more, as Netty's MqttDecoder stops there. Holds at most one packet.
 */
export class PacketReader {
  readonly #decoder = withoutDebugOutput(() => parser());
  #decoded: Packet | Error | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #failed = false;
  #isVersion5 = false;

  constructor() {
    this.#decoder.on("packet", (packet) => {
      this.#decoded = packet;
    });
    this.#decoder.on("error", (error: unknown) => {
      this.#decoded = error instanceof Error ? error : new Error("undecodable");
    });
  }

  /** Bytes that are not a whole packet yet. */
  get pending(): Uint8Array {
    return this.#rest;
  }

  *read(chunk: Uint8Array): Generator<Reading, void> {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    while (!this.#failed) {
      const header = fixedHeader(this.#rest);
      if (header === "incomplete") return;
      if (header === "malformed" || header.remaining > largestRemainingLength) {
        this.#failed = true;
        yield { ok: false, bytes: this.#rest };
        return;
      }
      const length = header.length + header.remaining;
      if (this.#rest.length < length) return;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const packet = this.#decode(bytes, header.length);
      this.#failed = packet === undefined;
      yield packet === undefined ? { ok: false, bytes } : { ok: true, packet, bytes };
    }
  }

  #decode(bytes: Buffer, body: number): Packet | undefined {
    const type = bytes.readUInt8(0) >> 4;
    if (type >= 4 && type <= 7) return acknowledgement(type, bytes.subarray(body));
    if (type === 12 || type === 13) return bytes.length === body ? ping(type) : undefined;
    if (type === 14) return { cmd: "disconnect" };
    if (type === 15) return this.#isVersion5 ? { cmd: "auth", reasonCode: 0 } : undefined;
    this.#decoded = undefined;
    try {
      withoutDebugOutput(() => this.#decoder.parse(type === 1 ? withoutReservedFlag(bytes, body) : bytes));
    } catch {
      return undefined;
    }
    const decoded = this.#lastDecoded();
    if (decoded === undefined || decoded instanceof Error || !isAllowed(decoded)) return undefined;
    if (decoded.cmd === "connect") this.#isVersion5 = decoded.protocolVersion === 5;
    return decoded;
  }

  /** What the decoder's listeners have left there; the compiler does not see that they did. */
  #lastDecoded(): Packet | Error | undefined {
    return this.#decoded;
  }
}

/**
 * Of these nothing matters to the server but that they are there, and mqtt-packet refuses reasons that Netty lets pass.
 * An id of 0 Netty refuses, too.
 */
function acknowledgement(type: number, body: Buffer): Packet | undefined {
  const messageId = body.length < 2 ? 0 : body.readUInt16BE(0);
  const cmd = (["puback", "pubrec", "pubrel", "pubcomp"] as const)[type - 4];
  return cmd === undefined || !isPacketId(messageId) ? undefined : { cmd, messageId };
}

function ping(type: 12 | 13): Packet {
  return { cmd: type === 12 ? "pingreq" : "pingresp" };
}

/** The reserved flag of CONNECT is looked at from MQTT 3.1.1 on only. */
function withoutReservedFlag(bytes: Buffer, body: number): Buffer {
  const flags = body + "..MQIsdp.".length;
  if (bytes.toString("latin1", body + 2, flags) !== "MQIsdp\x03" || bytes.length <= flags) return bytes;
  const cleared = Buffer.from(bytes);
  cleared.writeUInt8(cleared.readUInt8(flags) & 0xfe, flags);
  return cleared;
}

/**
 * What Netty's decoder demands beyond mqtt-packet (docs/thingsboard-protocol.md#opening-a-provisioning-session,
 * #parsing-a-request).
 */
function isAllowed(packet: Packet): boolean {
  switch (packet.cmd) {
    case "connect": {
      const level = packet.protocolVersion;
      if ("bridgeMode" in packet || (packet.protocolId === "MQIsdp") !== (level === 3)) return false;
      return level !== 3 || (packet.clientId.length >= 1 && packet.clientId.length <= 23);
    }
    case "publish":
      return !/[+#]/.test(packet.topic) && (packet.qos === 0 || isPacketId(packet.messageId));
    case "subscribe":
    case "unsubscribe":
      return isPacketId(packet.messageId);
    default:
      return true;
  }
}

function isPacketId(id: number | undefined): boolean {
  return id !== undefined && id >= 1;
}

/** Type and flags are looked at before there is more than the first byte. */
function fixedHeader(bytes: Buffer): { length: number; remaining: number } | "incomplete" | "malformed" {
  if (bytes.length > 0 && !hasValidFlags(bytes.readUInt8(0))) return "malformed";
  let remaining = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[index];
    if (byte === undefined) return "incomplete";
    remaining += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { length: index + 1, remaining };
  }
  return "malformed";
}

/** PUBLISH has flags of its own; PUBREL, SUBSCRIBE and UNSUBSCRIBE have bit 1 set, all others none. */
function hasValidFlags(first: number): boolean {
  const type = first >> 4;
  const flags = first & 0x0f;
  if (type === 0) return false;
  if (type === 3) return (flags & 0x06) !== 0x06;
  return flags === (type === 6 || type === 8 || type === 10 ? 0x02 : 0);
}
