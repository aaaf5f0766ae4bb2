import type { Clock } from "../base/clock.ts";
import type { ProvisioningError } from "../model/errors.ts";
import type { Login } from "../wire/login.ts";
import type { ClientPacket } from "../wire/mqtt-packets.ts";
import type { Link } from "./link.ts";
import { connectPacket, MqttSession, type Progress, refusalInWords } from "./mqtt-session.ts";

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
    if (code !== 0) throw sessionRefused(session, code);
    return await answer(session, question, signal);
  } finally {
    session.close();
  }
}

async function answer(session: MqttSession, { answerTopic }: Question, signal: AbortSignal): Promise<Uint8Array> {
  let progress: Progress = { heard: "the provisioning session was accepted", awaited: "the answer" };
  for (;;) {
    const packet = await session.receive(signal, progress);
    if (packet.type === "puback") {
      progress = { heard: "the request was acknowledged", awaited: "the answer" };
    } else if (packet.type === "publish" && packet.topic === answerTopic) {
      if (packet.packetId !== undefined) session.send({ type: "puback", packetId: packet.packetId });
      return packet.payload;
    }
  }
}

function requestPacket({ topic, payload }: Question): ClientPacket {
  return { type: "publish", topic, payload, packetId: 1 };
}

/** ThingsBoard lets every provisioning session in; what does not is another broker, or not ready. */
export function sessionRefused(session: MqttSession, code: number): ProvisioningError {
  const refusal = `the provisioning session was refused (${refusalInWords(code)})`;
  if (code !== 4 && code !== 5)
    return session.error("SESSION_REFUSED", refusal, { facts: ["the provisioning session was refused"] });
  const sentence = `an MQTT broker answered that is not ThingsBoard: ${refusal}`;
  return session.error("NOT_THINGSBOARD", sentence, { endsRun: true });
}
