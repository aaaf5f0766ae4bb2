import type { Level } from "./packets.ts";

/** A packet in words, in either direction; what it holds that is secret is kept apart from the text. */
export interface PacketText {
  /** The packet's name in MQTT, or `not MQTT`. */
  readonly packet: string;
  readonly topic?: string;
  readonly payload?: Uint8Array;
  readonly userName?: string;
  readonly code?: number;
  /** The whole packet in one line; `hide` is asked for what is secret. */
  text(hide: Hide): string;
}

/** Shows or masks the parts of a packet that may be secret. */
export interface Hide {
  userName(text: string): string;
  password(text: string): string;
  payload(topic: string, payload: Uint8Array): string;
}

const names = [
  "not MQTT",
  "CONNECT",
  "CONNACK",
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBSCRIBE",
  "SUBACK",
  "UNSUBSCRIBE",
  "UNSUBACK",
  "PINGREQ",
  "PINGRESP",
  "DISCONNECT",
  "AUTH",
];

/** Reads one packet for people. Never throws: what cannot be read is `not MQTT`. */
export function readPacket(bytes: Uint8Array, level: Level): PacketText {
  try {
    return new Fields(Buffer.from(bytes), level).read();
  } catch {
    return { packet: "not MQTT", text: () => `not MQTT, ${bytes.length} bytes` };
  }
}

class Fields {
  readonly #bytes: Buffer;
  readonly #level: Level;
  #at = 1;

  constructor(bytes: Buffer, level: Level) {
    this.#bytes = bytes;
    this.#level = level;
    while (this.#byte() >= 0x80);
  }

  read(): PacketText {
    const first = this.#bytes.readUInt8(0);
    const packet = names[first >> 4] ?? "not MQTT";
    switch (packet) {
      case "CONNECT":
        return this.#connect();
      case "CONNACK":
        return this.#connack();
      case "PUBLISH":
        return this.#publish(first);
      case "SUBSCRIBE":
      case "UNSUBSCRIBE":
        return this.#filters(packet);
      case "PUBACK":
      case "SUBACK":
      case "UNSUBACK":
        return this.#acknowledgement(packet);
      case "DISCONNECT":
        return this.#disconnect();
      case "not MQTT":
        throw new RangeError("type 0");
      default:
        return plain(packet, packet);
    }
  }

  #connect(): PacketText {
    this.#string();
    const level = this.#byte();
    const flags = this.#byte();
    const keepAlive = this.#word();
    if (level === 5) this.#properties();
    const clientId = this.#string();
    if ((flags & 0x04) !== 0) {
      if (level === 5) this.#properties();
      this.#string();
      this.#string();
    }
    const userName = (flags & 0x80) !== 0 ? this.#string() : undefined;
    const password = (flags & 0x40) !== 0 ? this.#string() : undefined;
    const text = (hide: Hide) =>
      [
        `CONNECT v${level} clientId=${JSON.stringify(clientId)}`,
        `username=${userName === undefined ? "absent" : hide.userName(userName)}`,
        `password=${password === undefined ? "absent" : hide.password(password)}`,
        `clean=${(flags >> 1) & 1} keepalive=${keepAlive}`,
      ].join(" ");
    return userName === undefined ? { packet: "CONNECT", text } : { packet: "CONNECT", userName, text };
  }

  #connack(): PacketText {
    const present = this.#byte();
    const code = this.#byte();
    const name = this.#level === 5 ? `reason=${hex(code)}` : `returnCode=${code}`;
    return { ...plain("CONNACK", `CONNACK sessionPresent=${present} ${name}`), code };
  }

  #publish(first: number): PacketText {
    const qos = (first >> 1) & 3;
    const topic = this.#string();
    const id = qos === 0 ? "" : ` id=${this.#word()}`;
    if (this.#level === 5) this.#properties();
    const payload = this.#bytes.subarray(this.#at);
    const flags = `q${qos}${id} dup=${(first >> 3) & 1} retain=${first & 1}`;
    return {
      packet: "PUBLISH",
      topic,
      payload,
      text: (hide) => `PUBLISH ${flags} topic=${topic} payload=${hide.payload(topic, payload)}`,
    };
  }

  #filters(packet: "SUBSCRIBE" | "UNSUBSCRIBE"): PacketText {
    const id = this.#word();
    if (this.#level === 5) this.#properties();
    const filters: string[] = [];
    while (this.#at < this.#bytes.length) {
      const topic = this.#string();
      filters.push(packet === "SUBSCRIBE" ? `${topic} q${this.#byte() & 3}` : topic);
    }
    const topic = filters[0]?.replace(/ q[0-3]$/, "") ?? "";
    return { ...plain(packet, `${packet} id=${id} ${filters.join(", ")}`), topic };
  }

  #acknowledgement(packet: "PUBACK" | "SUBACK" | "UNSUBACK"): PacketText {
    const id = this.#word();
    if (packet === "PUBACK") {
      const code = this.#at < this.#bytes.length ? this.#byte() : 0;
      return { ...plain(packet, `PUBACK id=${id}${code === 0 ? "" : ` reason=${hex(code)}`}`), code };
    }
    if (this.#level === 5) this.#properties();
    const codes = [...this.#bytes.subarray(this.#at)].map(hex).join(",");
    return plain(packet, `${packet} id=${id}${codes === "" ? "" : ` codes=${codes}`}`);
  }

  #disconnect(): PacketText {
    if (this.#level !== 5) return plain("DISCONNECT", "DISCONNECT");
    const code = this.#at < this.#bytes.length ? this.#byte() : 0;
    return { ...plain("DISCONNECT", `DISCONNECT reason=${hex(code)}`), code };
  }

  #byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  #word(): number {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  #string(): string {
    const length = this.#word();
    if (this.#at + length > this.#bytes.length) throw new RangeError("too short");
    this.#at += length;
    return this.#bytes.toString("utf8", this.#at - length, this.#at);
  }

  #properties(): void {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      length += (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.#at += length;
  }
}

function plain(packet: string, text: string): PacketText {
  return { packet, text: () => text };
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}
