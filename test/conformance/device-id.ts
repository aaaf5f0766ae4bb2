import { generate } from "mqtt-packet";
import type { Place } from "./target.ts";
import { Wire } from "./wire.ts";

const attributes = "v1/devices/me/attributes";
const told = /"deviceId":"([0-9a-f-]{36})"/;

/** A rule chain's push of a device's own id, and nothing else. */
export function isIdPush(packet: Buffer): boolean {
  const text = packet.toString("latin1");
  return (packet[0] ?? 0) >> 4 === 3 && /v[12]\/[a-z/]+.{0,4}\{"deviceId":"[0-9a-f-]{36}"\}$/s.test(text);
}

/** The answer about attributes as it was before a rule chain told the device its id; anything else as it is. */
export function withoutId(packet: Buffer): Buffer {
  const start = packet.indexOf('{"shared":{"deviceId":"');
  const payload = packet.toString("latin1", Math.max(0, start));
  if ((packet[0] ?? 0) >> 4 !== 3 || !/^\{"shared":\{"deviceId":"[0-9a-f-]{36}"\}\}$/.test(payload)) return packet;
  // Header and topic together are shorter than 128 bytes, so that the length stands in one byte.
  const rest = packet.subarray(2, start);
  return Buffer.concat([Buffer.from([packet[0] ?? 0, rest.length + 2]), rest, Buffer.from("{}")]);
}

/** Logs in and gives the id that the device is told, by an answer or by a push; undefined when it is told none. */
export async function toldId(place: Place, token: string, patience: number): Promise<string | undefined> {
  const wire = await Wire.open(place);
  try {
    const login = { clientId: "", username: token, clean: true, keepalive: 60 };
    wire.write(generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, ...login }));
    if ((await wire.next())?.[3] !== 0) return undefined;
    wire.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: attributes, qos: 1 }] }));
    const question = { topic: `${attributes}/request/1`, payload: '{"sharedKeys":"deviceId"}', messageId: 2 };
    wire.write(generate({ cmd: "publish", qos: 1, dup: false, retain: false, ...question }));
    for (let isAnswered = false; ; ) {
      const packet = await wire.next(isAnswered ? patience : undefined);
      if (packet === undefined) return undefined;
      const text = packet.toString("latin1");
      const [, id] = told.exec(text) ?? [];
      if (id !== undefined) return id;
      if (text.includes(`${attributes}/response/1`)) isAnswered = true;
    }
  } finally {
    wire.close();
  }
}
