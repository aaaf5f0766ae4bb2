import { closings } from "../mqtt/codes.ts";
import type { Connection } from "../mqtt/connection.ts";
import { connack, disconnect, pingresp, puback, publish, suback, unsuback } from "../mqtt/packets.ts";
import type { Moment } from "./keys.ts";
import type { Answer, Situation } from "./situation.ts";

/** Sends the whole answer, and does what follows it. */
export function sendAnswer(connection: Connection, answer: Answer): void {
  connection.send(answer.packets());
  answer.afterwards?.();
}

export async function end(moment: Moment = "before the answer", at: Situation, over: () => void): Promise<void> {
  if (moment !== "before the work") {
    const { packets: answer } = await at.work();
    if (moment === "after the acknowledgement") at.connection.send(answer().slice(0, 1));
    if (moment === "after the answer") at.connection.send(answer());
  }
  at.happened();
  over();
}

export function instead(answer: Answer, payload: string, at: Situation): void {
  const { withPayload } = answer;
  if (withPayload !== undefined) at.happened();
  sendAnswer(at.connection, { ...answer, packets: () => withPayload?.(payload) ?? answer.packets() });
}

export async function other(packet: Uint8Array, at: Situation): Promise<void> {
  await at.work();
  at.happened();
  at.connection.send([packet]);
}

export function falsely(answer: Answer | undefined, at: Situation): void {
  if (answer === undefined) return;
  at.happened();
  sendAnswer(at.connection, answer);
}

export function withCode(answer: Answer, value: number, at: Situation): void {
  if (answer.withCode !== undefined) at.happened();
  const answered = answer.withCode?.(value) ?? answer.packets();
  const isConnack = ((answered[0]?.[0] ?? 0) & 0xf0) === 0x20;
  if (!isConnack || value === 0) {
    sendAnswer(at.connection, { ...answer, packets: () => answered });
    return;
  }
  at.connection.send(answered);
  if (at.connection.level === 5) at.connection.send([disconnect(value)]);
  at.connection.close(closings.scenario);
}

export function sendFlood(connection: Connection, packetCount: number): void {
  const payload = Buffer.from("{}");
  const filler = publish(connection.level, { topic: "v1/devices/me/flood", payload, qos: 0, packetId: 0 });
  for (let sent = 0; sent < packetCount && connection.isOpen; sent++) connection.send([filler]);
}

export function otherPacket(
  packet: "PINGRESP" | "PUBACK" | "SUBACK" | "UNSUBACK" | "CONNACK",
  { level }: Connection,
): Uint8Array {
  switch (packet) {
    case "PINGRESP":
      return pingresp();
    case "PUBACK":
      return puback(level, 0x7777);
    case "SUBACK":
      return suback(level, 0x7777, [0]);
    case "UNSUBACK":
      return unsuback(level, 0x7777, [0]);
    case "CONNACK":
      return connack(level, false, 0);
  }
}
