import type { Packet } from "mqtt-packet";
import type { Clock } from "../base/clock.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { Login } from "../wire/login.ts";
import type { Link } from "./link.ts";
import { connectPacket, MqttSession, type Progress } from "./mqtt-session.ts";

/** One question of a provisioning session and where its answer comes. */
export interface Question {
  readonly login: Login;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly answerTopic: string;
}

/**
 * Asks once and gives the answer's payload. CONNECT and PUBLISH travel in one flight, without SUBSCRIBE: the server
 * handles them in order and answers whether or not the client has subscribed
 * (docs/thingsboard-protocol.md#packets-in-a-provisioning-session, #packets-sent-before-connack). The PUBACK says
 * nothing: it comes with the answer, or before a close. Once `sent` was called, the server may carry the request out
 * whatever happens here. Closes the link in any case.
 */
export async function ask(
  link: Link,
  question: Question,
  clock: Clock,
  signal: AbortSignal,
  sent: () => void,
): Promise<Uint8Array> {
  const session = new MqttSession(link, clock);
  try {
    session.send(connectPacket(question.login), requestPacket(question));
    sent();
    const code = await session.receiveConnack(signal);
    if (code !== 0) throw refused(code);
    return await answer(session, question, signal);
  } finally {
    session.close();
  }
}

async function answer(session: MqttSession, { answerTopic }: Question, signal: AbortSignal): Promise<Uint8Array> {
  let progress: Progress = { heard: "the server accepted the MQTT session", awaited: "the answer" };
  for (;;) {
    const packet = await session.receive(signal, progress);
    if (packet.cmd === "puback") {
      progress = { heard: "the server acknowledged the request", awaited: "the answer" };
    } else if (packet.cmd === "publish" && packet.topic === answerTopic) {
      if (packet.qos === 1 && packet.messageId !== undefined) {
        session.send({ cmd: "puback", messageId: packet.messageId });
      }
      return Buffer.from(packet.payload);
    }
  }
}

function requestPacket({ topic, payload }: Question): Packet {
  return { cmd: "publish", topic, payload: Buffer.from(payload), qos: 1, messageId: 1, dup: false, retain: false };
}

function refused(code: number): ProvisioningError {
  return new ProvisioningError("SESSION_REFUSED", `the server refused the provisioning session (CONNACK code ${code})`);
}
