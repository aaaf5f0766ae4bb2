import { type Packet, parser } from "mqtt-packet";

/** `transport.mqtt.netty.max_payload_size`: compared with the remaining length of every packet (protocol sheet 1.5). */
export const largestRemainingLength = 65536;

export type Reading =
  | { readonly ok: true; readonly packet: Packet; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly bytes: Uint8Array };

/**
 * Cuts what arrives into packets and decodes them. Never throws; after the first reading that is not ok there are
 * no more, as Netty's MqttDecoder stops there. Holds at most one packet.
 */
export class PacketReader {
  readonly #decoder = parser();
  #decoded: Packet | Error | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #failed = false;

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
      const packet = this.#decode(bytes);
      this.#failed = packet === undefined;
      yield packet === undefined ? { ok: false, bytes } : { ok: true, packet, bytes };
    }
  }

  #decode(bytes: Buffer): Packet | undefined {
    this.#decoded = undefined;
    try {
      this.#decoder.parse(bytes);
    } catch {
      return undefined;
    }
    const decoded = this.#lastDecoded();
    return decoded === undefined || decoded instanceof Error || !isAllowed(decoded) ? undefined : decoded;
  }

  /** What the decoder's listeners have left there; the compiler does not see that they did. */
  #lastDecoded(): Packet | Error | undefined {
    return this.#decoded;
  }
}

/** What Netty's decoder demands beyond mqtt-packet (protocol sheet 1.1 and 1.5). */
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

function fixedHeader(bytes: Buffer): { length: number; remaining: number } | "incomplete" | "malformed" {
  let remaining = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[index];
    if (byte === undefined) return "incomplete";
    remaining += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { length: index + 1, remaining };
  }
  return "malformed";
}
