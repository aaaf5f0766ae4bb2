import { JsonSyntaxError, type LenientJson, NumberText, parseLenient } from "../encoding/lenient-json.ts";
import type { DeviceRecord, JsonValue } from "./device.ts";

/** The payload is not what the topic asks for: the adaptor's exception (docs/thingsboard-protocol.md#topics). */
export class InvalidPayload extends Error {
  override readonly name = "InvalidPayload";
}

/** What the server's handler does not expect: an exception there, and no invalid payload. */
export class HandlerFailure extends Error {
  override readonly name = "HandlerFailure";
}

/** The JSON of a payload; an empty payload is invalid. Throws InvalidPayload. */
export function payloadJson(payload: Uint8Array): LenientJson {
  if (payload.length === 0) throw new InvalidPayload("the payload is empty");
  try {
    return parseLenient(Buffer.from(payload).toString("utf8"));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new InvalidPayload(error.message);
    throw error;
  }
}

/** The keys and values of a JSON object as the server stores them: texts that look like numbers become numbers. */
export function storedValues(json: LenientJson): Map<string, JsonValue> {
  if (!(json instanceof Map)) throw new InvalidPayload("not a JSON object");
  const values = new Map<string, JsonValue>();
  for (const [key, value] of json) {
    const plain = typeof value === "string" || (value instanceof NumberText && !/e/i.test(value.text));
    const stored = plain ? castNumber(String(value)) : plainJson(value);
    if (stored !== null) values.set(key, stored);
  }
  return values;
}

/** The messages of a telemetry payload: `{k: v}`, `{ts, values}`, or an array of these. */
export function telemetryMessages(json: LenientJson): Map<string, JsonValue>[] {
  return (Array.isArray(json) ? json : [json]).map((message) => {
    if (!(message instanceof Map)) throw new InvalidPayload("telemetry is neither an object nor an array of objects");
    const values = message.get("values");
    if (values === undefined || !message.has("ts")) return storedValues(message);
    // No invalid payload for the server, but a failure of its handler.
    if (!isTimestamp(message.get("ts"))) throw new HandlerFailure("the time of telemetry is not a number");
    return storedValues(values);
  });
}

function isTimestamp(value: LenientJson | undefined): boolean {
  return value instanceof NumberText || (typeof value === "string" && /^[+-]?[0-9]+$/.test(value));
}

/** `JSON_TYPE_CAST_ENABLED` is true by default: "00123" is stored as 123, "1.10" as 1.1, "1.2.3" stays. */
export function castNumber(text: string): JsonValue {
  return /^-?([0-9]+(\.[0-9]+)?|\.[0-9]+)$/.test(text) && isStorable(text) ? Number(text) : text;
}

/** Java's long, or a double of no more than 16 decimals; what is neither stays a text. */
function isStorable(text: string): boolean {
  const [whole = "", decimals] = text.split(".");
  if (decimals !== undefined) return decimals.length <= 16;
  return BigInt.asIntN(64, BigInt(whole)) === BigInt(whole);
}

/** Plain JSON, with numbers as numbers. */
export function plainJson(value: LenientJson): JsonValue {
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plainJson(member)]));
  return value;
}

/** Which attributes are asked for, by scope; undefined: the scope was not named. */
export interface AttributeKeys {
  readonly client: ReadonlySet<string> | undefined;
  readonly shared: ReadonlySet<string> | undefined;
}

export type SelectedAttributes = Readonly<Record<"client" | "shared", Readonly<Record<string, JsonValue>>>>;

/** Of a request that names no keys at all every attribute; keys that are unknown are left out. */
export function selectAttributes(device: DeviceRecord, { client, shared }: AttributeKeys): SelectedAttributes {
  const all = client === undefined && shared === undefined;
  const section = (stored: ReadonlyMap<string, JsonValue>, keys: ReadonlySet<string> | undefined) =>
    Object.fromEntries([...stored].filter(([key]) => all || keys?.has(key) === true));
  return { client: section(device.attributes.client, client), shared: section(device.attributes.shared, shared) };
}

/** The body of an answer to an attribute request. Sections with nothing in them are left out. */
export function attributesAnswer({ client, shared }: SelectedAttributes): string {
  return JSON.stringify({
    ...(Object.keys(client).length === 0 ? {} : { client }),
    ...(Object.keys(shared).length === 0 ? {} : { shared }),
  });
}

/** Keys are split at commas and not trimmed. Throws InvalidPayload. */
export function keysOfJson(request: LenientJson): AttributeKeys {
  if (!(request instanceof Map)) throw new InvalidPayload("not a JSON object");
  return { client: keysOf(request, "clientKeys"), shared: keysOf(request, "sharedKeys") };
}

function keysOf(request: ReadonlyMap<string, LenientJson>, name: string): Set<string> | undefined {
  const value = request.get(name);
  if (value === undefined) return undefined;
  if (typeof value === "string") return new Set(value.split(","));
  if (value instanceof NumberText) return new Set([value.text]);
  throw new InvalidPayload(`${name} is not a text`);
}
