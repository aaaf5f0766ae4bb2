import { milliseconds } from "../../base/duration.ts";
import type { Connection } from "../mqtt/connection.ts";
import {
  beginningOfPublish,
  connack,
  disconnect,
  pingresp,
  puback,
  publish,
  suback,
  unsuback,
} from "../mqtt/packets.ts";
import type { Gate } from "../server.ts";
import type { Behaviour, Moment } from "./behaviours.ts";

/** What the server would send, and how it would look with another payload or another code. */
export interface Answer {
  /** Made when they are sent: packet ids are given in that order. */
  readonly packets: () => readonly Uint8Array[];
  readonly withPayload?: (payload: string | Uint8Array) => readonly Uint8Array[];
  readonly withCode?: (code: number) => readonly Uint8Array[];
  /** What follows the answer: the close of a refused CONNECT, the timer of a provisioning session. */
  readonly afterwards?: () => void;
}

/** Where a behaviour is played. */
export interface Stage {
  readonly connection: Connection;
  /** Ends as a rejection when the server stops or starts again. */
  readonly sleep: (wait: ReturnType<typeof milliseconds>) => Promise<void>;
  readonly work: () => Answer | Promise<Answer>;
  readonly gate: Gate | undefined;
}

/** Sends the whole answer, and does what follows it. */
export function sendAnswer(connection: Connection, answer: Answer): void {
  connection.send(answer.packets());
  answer.afterwards?.();
}

/** Does what the behaviour says instead of sending the answer. What only requests know is played by their session. */
export async function play(behaviour: Behaviour, stage: Stage): Promise<void> {
  const { connection, work } = stage;
  switch (behaviour.do) {
    case "lose":
      (await work()).afterwards?.();
      return;
    case "delay":
      await delay(behaviour.beforeWork ?? 0, behaviour.for, stage);
      return;
    case "close":
      await end(behaviour.when, stage, () => connection.close());
      return;
    case "reset":
      await end(behaviour.when, stage, () => connection.reset());
      return;
    case "truncate":
      connection.send([Buffer.concat((await work()).packets()).subarray(0, behaviour.bytes)]);
      connection.close();
      return;
    case "double": {
      const answer = await work();
      const packets = answer.packets();
      sendAnswer(connection, { ...answer, packets: () => [...packets, ...packets] });
      return;
    }
    case "reorder": {
      const answer = await work();
      sendAnswer(connection, { ...answer, packets: () => answer.packets().toReversed() });
      return;
    }
    case "garble":
      sendAnswer(connection, withPayload(await work(), '{"credentialsValue":\u0001 <<<<'));
      return;
    case "answer":
      sendAnswer(connection, withPayload(await work(), behaviour.payload));
      return;
    case "malform":
      await work();
      connection.send([Buffer.from(behaviour.text ?? "HTTP/1.1 400 Bad Request\r\n\r\n", "latin1")]);
      return;
    case "flood":
      flood(connection, behaviour.packets ?? 1000);
      sendAnswer(connection, await work());
      return;
    case "hugePacket":
      await work();
      connection.send([beginningOfPublish(Math.min(behaviour.bytes ?? largestInMqtt, largestInMqtt))]);
      return;
    case "wrongPacket":
      await work();
      connection.send([otherPacket(behaviour.packet ?? "PINGRESP", connection)]);
      return;
    case "code":
      code(await work(), behaviour.code, connection);
      return;
    case "stopAccepting":
      stage.gate?.stopAccepting(behaviour.for ?? 0);
      sendAnswer(connection, await work());
      return;
    case "restart":
      stage.gate?.restart(behaviour.memory ?? "kept", behaviour.for ?? 0).catch(() => {});
      return;
    default:
      sendAnswer(connection, await work());
  }
}

const largestInMqtt = 268_435_455;

async function delay(beforeWork: number, afterwards: number, { connection, sleep, work }: Stage): Promise<void> {
  await sleep(milliseconds(beforeWork));
  const answer = await work();
  await sleep(milliseconds(afterwards));
  sendAnswer(connection, answer);
}

async function end(when: Moment = "before the answer", { connection, work }: Stage, over: () => void): Promise<void> {
  if (when === "before the work") return over();
  const answer = await work();
  if (when === "after the acknowledgement") connection.send(answer.packets().slice(0, 1));
  if (when === "after the answer") connection.send(answer.packets());
  over();
}

function withPayload(answer: Answer, payload: string): Answer {
  return { ...answer, packets: () => answer.withPayload?.(payload) ?? answer.packets() };
}

function code(answer: Answer, value: number, connection: Connection): void {
  const packets = answer.withCode?.(value) ?? answer.packets();
  const isConnack = ((packets[0]?.[0] ?? 0) & 0xf0) === 0x20;
  if (!isConnack || value === 0) {
    sendAnswer(connection, { ...answer, packets: () => packets });
    return;
  }
  connection.send(packets);
  if (connection.level === 5) connection.send([disconnect(value)]);
  connection.close();
}

function flood(connection: Connection, count: number): void {
  const payload = Buffer.from("{}");
  const filler = publish(connection.level, { topic: "v1/devices/me/flood", payload, qos: 0, packetId: 0 });
  for (let sent = 0; sent < count && connection.isOpen; sent++) connection.send([filler]);
}

function otherPacket(
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
