import * as v from "valibot";
import { type Credentials, readCredentials, recordCredentials } from "../../model/credentials.ts";
import { isDeviceId } from "../../model/device-id.ts";
import { isDeviceName } from "../../model/device-name.ts";
import type { Intent, Received, Sent } from "../../model/journal.ts";
import { type Field, type Fields, field, readFields, writeFields } from "../json/fields.ts";
import { decodeRecord, encodeRecord } from "./records.ts";

/** What a record's bytes say, or why they say nothing. */
export type Read<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "incomplete" | "damaged" | "newer" };

/** With the server, as the intents may be gone already when it is read. */
export type ReceivedRecord = Received & { readonly host: string };

export type SentRecord = Sent & { readonly host: string };

/** With whether its program writes down where a request went, before it sends one: former versions did not. */
export type IntentRecord = Intent & { readonly sendingIsRecorded: boolean };

const filled = v.pipe(v.string(), v.minLength(1));
const unchanged = <Value>(value: Value) => value;

const number = field("number", v.pipe(v.number(), v.safeInteger(), v.minValue(1)), unchanged);
const attemptId = field("attempt_id", filled, unchanged);
const host = field("server", filled, unchanged);
const deviceName = field("device_name", v.pipe(v.string(), v.check(isDeviceName)), unchanged);

function moment(key: string): Field<Date> {
  const schema = v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => new Date(text)),
  );
  return field(key, schema, (value) => value.toISOString());
}

/** A token stands alone under `token`: there was no other kind once. */
const offered: Field<Credentials> = {
  read: (body) => readCredentials(body["credentials_type"] ?? "ACCESS_TOKEN", { ...body, access_token: body["token"] }),
  write(credentials) {
    const { access_token: token, ...parts } = recordCredentials(credentials);
    return token === undefined ? { credentials_type: credentials.type, ...parts } : { token };
  },
};

const granted: Field<Credentials> = {
  read: (body) => readCredentials(body["credentials_type"], body),
  write: (credentials) => ({ credentials_type: credentials.type, ...recordCredentials(credentials) }),
};

/** Absent in records of former versions, and where there is nothing to say. */
function optional(key: string): Field<string | null> {
  const { read } = field(key, v.nullable(filled), unchanged);
  return {
    read: (object) => (Object.hasOwn(object, key) ? read(object) : null),
    write: (value) => (value === null ? {} : { [key]: value }),
  };
}

/** Written only where it is so: what former versions wrote stays as it is. */
const knownInAdvance: Field<boolean> = {
  read: (object) => object["known_in_advance"] === true,
  write: (value) => (value ? { known_in_advance: true } : {}),
};

const sendingIsRecorded: Field<boolean> = {
  read: (object) => object["sending_is_recorded"] === true,
  write: (value) => (value ? { sending_is_recorded: true } : {}),
};

const intentFields: Fields<IntentRecord> = {
  number,
  attemptId,
  host,
  deviceName,
  credentials: offered,
  replaces: field("replaces", v.nullable(v.string()), unchanged),
  newIdentity: field("new_identity", v.boolean(), unchanged),
  createdAt: moment("created_at"),
  body: optional("body"),
  knownInAdvance,
  sendingIsRecorded,
};

const sentFields: Fields<SentRecord> = {
  number,
  attemptId,
  host,
  address: field("address", v.nullable(filled), unchanged),
  port: field("port", v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(65_535)), unchanged),
  publicKey: field("public_key", v.nullable(filled), unchanged),
  sentAt: moment("sent_at"),
};

const receivedFields: Fields<ReceivedRecord> = {
  number,
  attemptId,
  host,
  deviceName,
  credentials: granted,
  deviceId: field("device_id", v.nullable(v.pipe(v.string(), v.check(isDeviceId))), unchanged),
  receivedAt: moment("received_at"),
  contradicts: optional("contradicts"),
};

export function encodeIntent(intent: Intent): Uint8Array {
  return encodeRecord(writeFields(intentFields, { ...intent, sendingIsRecorded: true }));
}

export function decodeIntent(bytes: Uint8Array): Read<IntentRecord> {
  return decode(bytes, intentFields);
}

export function encodeReceived(answer: Received, server: string): Uint8Array {
  return encodeRecord(writeFields(receivedFields, { ...answer, host: server }));
}

export function decodeReceived(bytes: Uint8Array): Read<ReceivedRecord> {
  return decode(bytes, receivedFields);
}

export function encodeSent(sent: Sent, server: string): Uint8Array {
  return encodeRecord(writeFields(sentFields, { ...sent, host: server }));
}

export function decodeSent(bytes: Uint8Array): Read<SentRecord> {
  return decode(bytes, sentFields);
}

function decode<Value extends object>(bytes: Uint8Array, fields: Fields<Value>): Read<Value> {
  const record = decodeRecord(bytes);
  if (record.kind !== "body") return record;
  const value = readFields(fields, record.body);
  return value === undefined ? { kind: "damaged" } : { kind: "value", value };
}
