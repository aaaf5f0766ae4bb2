import { isObject } from "../base/json-object.ts";
import { isDeviceId } from "../model/device-id.ts";
import { firstOf, objectIn } from "./json.ts";
import { deviceIdAttribute, longTopics, shortTopics } from "./topics.ts";

/** The payload of an attribute request that asks for the device's own id. */
export function encodeDeviceIdRequest(): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ sharedKeys: deviceIdAttribute }));
}

/** What a message on a device session says about the device's id. */
export interface DeviceIdMessage {
  /** An answer to the attribute request: only ThingsBoard gives one, so it proves the credentials. */
  readonly isAnswer: boolean;
  /** A UUID, `invalid` for something else under that name, or undefined for nothing. */
  readonly deviceId: string | "invalid" | undefined;
}

/**
 * Reads a message of a device session: the answer `{"shared":{"deviceId":"…"}}` (or `{}`), or the push
 * `{"deviceId":"…"}`, which may carry other attributes (docs/thingsboard-protocol.md#topics, #waiting-for-the-id).
 * Undefined for anything else.
 */
export function decodeDeviceIdMessage(topic: string, payload: Uint8Array): DeviceIdMessage | undefined {
  const used = [shortTopics, longTopics];
  const isAnswer = used.some(({ response }) => topic.startsWith(response(0).slice(0, -1)));
  if (!isAnswer && !used.some(({ pushed }) => topic === pushed)) return undefined;
  const message = objectIn(payload);
  if (message === undefined) return undefined;
  const attributes = isAnswer ? firstOf(message, "shared") : message;
  const value = isObject(attributes) ? firstOf(attributes, deviceIdAttribute) : undefined;
  if (value === undefined) return { isAnswer, deviceId: undefined };
  return { isAnswer, deviceId: typeof value === "string" && isDeviceId(value) ? value : "invalid" };
}
