/**
 * The packets that the server sends, byte for byte (docs/thingsboard-protocol.md#bytes-of-the-servers-packets; Netty's
 * MqttEncoder). An encoder of our own, because the server also sends what MQTT forbids: session-present on a refusal, a
 * DISCONNECT with codes of CONNACK. `level` is the protocol level of the CONNECT: 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5.
 */
export type Level = 3 | 4 | 5;

export function connack(level: Level, sessionPresent: boolean, code: number): Uint8Array {
  return packet(0x20, [sessionPresent ? 1 : 0, code], level === 5 ? [0] : []);
}

/** In MQTT 5 a reason code other than 0 is added; earlier there is none. */
export function puback(level: Level, packetId: number, code = 0): Uint8Array {
  return packet(0x40, word(packetId), level === 5 && code !== 0 ? [code, 0] : []);
}

export function suback(level: Level, packetId: number, codes: readonly number[]): Uint8Array {
  return packet(0x90, word(packetId), level === 5 ? [0] : [], codes);
}

/** The codes are sent in MQTT 5 only. */
export function unsuback(level: Level, packetId: number, codes: readonly number[]): Uint8Array {
  return packet(0xb0, word(packetId), level === 5 ? [0, ...codes] : []);
}

/** MQTT 5 only: earlier a server has no DISCONNECT to send. */
export function disconnect(code: number): Uint8Array {
  return code === 0 ? packet(0xe0) : packet(0xe0, [code, 0]);
}

export function pingresp(): Uint8Array {
  return packet(0xd0);
}

export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  /** Sent with QoS 1 only. */
  readonly packetId: number;
}

/** DUP and RETAIN are never set. */
export function publish(level: Level, { topic, payload, qos, packetId }: Publication): Uint8Array {
  const name = Buffer.from(topic, "utf8");
  return packet(
    0x30 | (qos << 1),
    word(name.length),
    name,
    qos === 0 ? [] : word(packetId),
    level === 5 ? [0] : [],
    payload,
  );
}

/** A PUBLISH that announces `length` bytes, of which only the first few are there. */
export function beginningOfPublish(length: number): Uint8Array {
  return Buffer.from([0x30, ...remainingLength(length), 0, 1, 0x78]);
}

function packet(first: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([first, ...remainingLength(body.length)]), body]);
}

function remainingLength(length: number): number[] {
  return length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...remainingLength(length >>> 7)];
}

function word(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}
