import { isObject, type JsonObject } from "../base/json-object.ts";

/** A payload larger than this is no answer of ThingsBoard's to a camera (its own limit for a packet). */
const largestPayload = 65_536;

/** The JSON object in a payload; undefined for anything else. Says nothing about why: the text may hold secrets. */
export function parseObject(payload: Uint8Array): JsonObject | undefined {
  if (payload.byteLength > largestPayload) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first of `keys` that `object` has itself: inherited ones, such as `constructor`, do not count. */
export function firstOf(object: JsonObject, ...keys: readonly string[]): unknown {
  const key = keys.find((candidate) => Object.hasOwn(object, candidate));
  return key === undefined ? undefined : object[key];
}
