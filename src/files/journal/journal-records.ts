import * as v from "valibot";
import { Secret } from "../../base/secret.ts";
import { isAccessToken } from "../../model/access-token.ts";
import { isDeviceId } from "../../model/device-id.ts";
import { isDeviceName } from "../../model/device-name.ts";
import type { Intent, Received } from "../../model/journal.ts";
import { decodeRecord, encodeRecord } from "./records.ts";

/** What a record's bytes say, or why they say nothing. */
export type Read<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "incomplete" | "damaged" | "newer" };

/** With the server, as the intents may be gone already when it is read. */
export type ReceivedRecord = Received & { readonly host: string };

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const deviceName = v.pipe(v.string(), v.check(isDeviceName));
const token = v.pipe(
  v.string(),
  v.check(isAccessToken),
  v.transform((text) => new Secret(text)),
);
const moment = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);

const intentBody = v.object({
  number,
  attempt_id: v.pipe(v.string(), v.minLength(1)),
  server: v.pipe(v.string(), v.minLength(1)),
  device_name: deviceName,
  token,
  replaces: v.nullable(v.string()),
  new_identity: v.boolean(),
  created_at: moment,
});

const receivedBody = v.object({
  number,
  attempt_id: v.pipe(v.string(), v.minLength(1)),
  server: v.pipe(v.string(), v.minLength(1)),
  device_name: deviceName,
  credentials_type: v.literal("ACCESS_TOKEN"),
  access_token: token,
  device_id: v.nullable(v.pipe(v.string(), v.check(isDeviceId))),
  received_at: moment,
});

export function encodeIntent(intent: Intent): Uint8Array {
  return encodeRecord({
    number: intent.number,
    attempt_id: intent.attemptId,
    server: intent.host,
    device_name: intent.deviceName,
    token: intent.secret.reveal(),
    replaces: intent.replaces,
    new_identity: intent.newIdentity,
    created_at: intent.createdAt.toISOString(),
  });
}

export function decodeIntent(bytes: Uint8Array): Read<Intent> {
  return decode(bytes, intentBody, (body) => ({
    number: body.number,
    attemptId: body.attempt_id,
    host: body.server,
    deviceName: body.device_name,
    secret: body.token,
    replaces: body.replaces,
    newIdentity: body.new_identity,
    createdAt: body.created_at,
  }));
}

export function encodeReceived(received: Received, host: string): Uint8Array {
  return encodeRecord({
    number: received.number,
    attempt_id: received.attemptId,
    server: host,
    device_name: received.deviceName,
    credentials_type: received.credentials.type,
    access_token: received.credentials.accessToken.reveal(),
    device_id: received.deviceId,
    received_at: received.receivedAt.toISOString(),
  });
}

export function decodeReceived(bytes: Uint8Array): Read<ReceivedRecord> {
  return decode(bytes, receivedBody, (body) => ({
    number: body.number,
    host: body.server,
    attemptId: body.attempt_id,
    deviceName: body.device_name,
    credentials: { type: body.credentials_type, accessToken: body.access_token },
    deviceId: body.device_id,
    receivedAt: body.received_at,
  }));
}

function decode<Schema extends v.GenericSchema, Value>(
  bytes: Uint8Array,
  schema: Schema,
  read: (body: v.InferOutput<Schema>) => Value,
): Read<Value> {
  const record = decodeRecord(bytes);
  if (record.kind !== "body") return record;
  const parsed = v.safeParse(schema, record.body);
  return parsed.success ? { kind: "value", value: read(parsed.output) } : { kind: "damaged" };
}
