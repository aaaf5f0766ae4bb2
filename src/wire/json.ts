import { type JsonObject, parseObject } from "../base/json-object.ts";

/** A payload larger than this is no answer of ThingsBoard's to a camera (its own limit for a packet). */
const largestPayload = 65_536;

/** The JSON object in a payload; undefined for anything else, and for one that is too large. */
export function objectIn(payload: Uint8Array): JsonObject | undefined {
  return payload.byteLength > largestPayload ? undefined : parseObject(payload);
}

/** The first of `keys` that `object` has itself: inherited ones, such as `constructor`, do not count. */
export function firstOf(object: JsonObject, ...keys: readonly string[]): unknown {
  const key = keys.find((candidate) => Object.hasOwn(object, candidate));
  return key === undefined ? undefined : object[key];
}
