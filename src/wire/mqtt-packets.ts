import type { Login } from "./login.ts";

/** What the camera sends; MQTT 3.1.1, chapter 3. */
export type ClientPacket =
  | { readonly type: "connect"; readonly login: Login; readonly keepAlive: number }
  | { readonly type: "publish"; readonly topic: string; readonly payload: Uint8Array; readonly packetId: number }
  | { readonly type: "subscribe"; readonly topic: string; readonly packetId: number }
  | { readonly type: "puback"; readonly packetId: number }
  | { readonly type: "pingreq" }
  | { readonly type: "disconnect" };

/** The bytes of packets, one behind the other. Every PUBLISH and every SUBSCRIBE is of QoS 1. */
export function encodePackets(packets: readonly ClientPacket[]): Uint8Array {
  return Buffer.concat(packets.map(encode));
}

function encode(packet: ClientPacket): Uint8Array {
  switch (packet.type) {
    case "connect":
      return framed(0x10, connectBody(packet.login, packet.keepAlive));
    case "publish":
      return framed(0x32, [text(packet.topic), sixteenBits(packet.packetId), packet.payload]);
    case "puback":
      return framed(0x40, [sixteenBits(packet.packetId)]);
    case "subscribe":
      return framed(0x82, [sixteenBits(packet.packetId), text(packet.topic), Uint8Array.of(1)]);
    case "pingreq":
      return framed(0xc0, []);
    case "disconnect":
      return framed(0xe0, []);
  }
}

/** Protocol level 4, which is 3.1.1, and a clean session [MQTT-3.1.2]. The password is bytes: those of its UTF-8. */
function connectBody({ clientId, userName, password }: Login, keepAlive: number): readonly Uint8Array[] {
  const cleanSession = 0x02;
  const flags = (userName === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40) | cleanSession;
  return [
    text("MQTT"),
    Uint8Array.of(4, flags),
    sixteenBits(keepAlive),
    ...[clientId, userName, password].flatMap((field) => (field === undefined ? [] : [text(field)])),
  ];
}

/** The first byte, the length of the rest, the rest [MQTT-2.2]. */
function framed(firstByte: number, body: readonly Uint8Array[]): Uint8Array {
  const digits: number[] = [];
  let length = body.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (; length > 127; length = Math.floor(length / 128)) digits.push(128 | (length % 128));
  return Buffer.concat([Uint8Array.of(firstByte, ...digits, length), ...body]);
}

/** Its length in two bytes, and its UTF-8 [MQTT-1.5.3]. */
function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([sixteenBits(bytes.byteLength), bytes]);
}

/** Throws a RangeError for what two bytes do not hold: everything here is bounded where it is read. */
function sixteenBits(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
