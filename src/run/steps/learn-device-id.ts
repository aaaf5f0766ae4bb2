import { deadline } from "../../base/clock.ts";
import { waitsForDeviceId } from "../../flow/waits.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { warning } from "../../model/warnings.ts";
import type { DeviceSession, Message } from "../../transport/device-session.ts";
import { decodeDeviceIdMessage, encodeDeviceIdRequest } from "../../wire/device-id-attribute.ts";
import type { AttributeTopics } from "../../wire/topics.ts";
import type { Asking } from "../task.ts";
import type { Try } from "../tries.ts";

/** Asks for the shared attribute `deviceId`. The answer, whatever it says, proves that ThingsBoard took the login. */
export function deviceIdRequest(topics: AttributeTopics, requestId: number): Message {
  return { topic: topics.request(requestId), payload: encodeDeviceIdRequest() };
}

/** What the server has said on the verified connection. */
interface Heard {
  answers: number;
  deviceId: string | undefined;
}

/**
 * Waits for the answer that proves the server to be ThingsBoard, and for the device id, which may come with it, with a
 * later answer, or by itself (docs/thingsboard-protocol.md#waiting-for-the-id). One that is `known` already is not waited
 * for, and gives way to another one in the answer. It is asked for within the bound, and what was asked has its round trip.
 * Null: proved, and no id.
 */
export async function learnDeviceId(
  task: Asking,
  session: DeviceSession,
  present: Pick<Try, "signal" | "topics">,
  known: string | null,
): Promise<string | null> {
  const { signal, clock, deviceIdWithin } = task.surroundings;
  const heard: Heard = { answers: 0, deviceId: known ?? undefined };
  let requestId = 1;
  for (const wait of waitsForDeviceId(deviceIdWithin)) {
    using pause = deadline(clock, wait, present.signal);
    const ending = await listen(task, session, heard, isAllSaid, pause.signal);
    signal.throwIfAborted();
    // The end of the pause is the one reason to ask again; the end of the session, or of the try, is none.
    if (!pause.signal.aborted || present.signal.aborted) return settle(session, heard, ending);
    session.publish(deviceIdRequest(present.topics, ++requestId));
  }
  // The proof has as long as the try.
  const ending = await listen(task, session, heard, isProved, present.signal);
  if (!isProved(heard)) throw unproven(session, ending);
  // The last questions are on their way: on a slow link all of them. A server may leave some of them without an answer.
  using last = deadline(clock, deviceIdWithin, present.signal);
  await listen(task, session, heard, (now) => isAllSaid(now) || now.answers >= requestId, last.signal);
  signal.throwIfAborted();
  return heard.deviceId ?? null;
}

function isProved({ answers }: Heard): boolean {
  return answers > 0;
}

function isAllSaid(heard: Heard): boolean {
  return isProved(heard) && heard.deviceId !== undefined;
}

/** Listens until enough was heard, which gives undefined, or gives the reason why nothing more comes. */
async function listen(
  task: Asking,
  session: DeviceSession,
  heard: Heard,
  isEnough: (heard: Heard) => boolean,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    while (!isEnough(heard)) {
      const { topic, payload } = await session.nextMessage(signal);
      const said = decodeDeviceIdMessage(topic, payload);
      if (said?.isAnswer) heard.answers++;
      if (said?.deviceId === "invalid") task.report.warn(warning("DEVICE_ID_INVALID"));
      else if (said?.deviceId !== undefined) heard.deviceId = said.deviceId;
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Once the server has answered, the end of a session cannot undo the proof. */
function settle(session: DeviceSession, heard: Heard, ending: unknown): string | null {
  if (isProved(heard)) return heard.deviceId ?? null;
  throw unproven(session, ending);
}

/** Silence after CONNACK 0: a plain broker that accepts everyone looks just like that. */
function unproven(session: DeviceSession, ending: unknown): unknown {
  if (!ProvisioningError.is(ending) || ending.errorCode !== "NO_ANSWER") return ending;
  return session.error(
    "CREDENTIALS_UNPROVEN",
    "a connection with the credentials was accepted, but the attribute request was not answered as ThingsBoard does",
    { cause: ending },
  );
}
