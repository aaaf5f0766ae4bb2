import {
  doubleField,
  type Field,
  messageField,
  ProtobufError,
  readFields,
  textField,
  textOf,
  varintField,
} from "../encoding/protobuf.ts";
import { type AttributeKeys, InvalidPayload, type SelectedAttributes } from "./attributes.ts";
import type { JsonValue } from "./device.ts";

/** The keys of an attribute request (`AttributesRequest`). Throws InvalidPayload. */
export function keysOfProtobuf(payload: Uint8Array): AttributeKeys {
  const fields = fieldsOf(payload);
  const keys = (number: number) => {
    const text = textOf(fields, number);
    return text === "" ? undefined : new Set(text.split(","));
  };
  return { client: keys(1), shared: keys(2) };
}

/** Whether it is a message at all. What its fields mean stands in the profile's schema, which is not read here. */
export function requireProtobuf(payload: Uint8Array): void {
  fieldsOf(payload);
}

function fieldsOf(payload: Uint8Array): Field[] {
  try {
    return readFields(payload);
  } catch (error) {
    if (error instanceof ProtobufError) throw new InvalidPayload(`no protobuf: ${error.message}`);
    throw error;
  }
}

/** `GetAttributeResponseMsg`. */
export function attributesResponse(requestId: number, { client, shared }: SelectedAttributes, now: number): Uint8Array {
  const list = (number: number, values: Readonly<Record<string, JsonValue>>) =>
    Object.entries(values).map(([key, value]) => messageField(number, timedValue(key, value, now)));
  return Buffer.concat([varintField(1, requestId), ...list(2, client), ...list(3, shared)]);
}

/** `AttributeUpdateNotificationMsg`: values that have changed, or keys that were deleted. */
export function attributesUpdate(change: Readonly<Record<string, JsonValue>>, now: number): Uint8Array {
  const { deleted } = change;
  if (Array.isArray(deleted)) return Buffer.concat(deleted.map((key) => textField(2, String(key))));
  return Buffer.concat(Object.entries(change).map(([key, value]) => messageField(1, timedValue(key, value, now))));
}

/** `TsKvProto` with its `KeyValueProto`. */
function timedValue(key: string, value: JsonValue, now: number): Uint8Array {
  return Buffer.concat([varintField(1, now), messageField(2, Buffer.concat([textField(1, key), ...typed(value)]))]);
}

const types = { LONG: 1, DOUBLE: 2, STRING: 3, JSON: 4 } as const;

/** The type, and the value in the field of its type; what protobuf has by default is left out. */
function typed(value: JsonValue): Uint8Array[] {
  switch (typeof value) {
    case "boolean":
      return [varintField(3, value ? 1 : 0)];
    case "number":
      return Number.isSafeInteger(value)
        ? [varintField(2, types.LONG), varintField(4, value)]
        : [varintField(2, types.DOUBLE), doubleField(5, value)];
    case "string":
      return [varintField(2, types.STRING), textField(6, value)];
    default:
      return [varintField(2, types.JSON), textField(7, JSON.stringify(value))];
  }
}
