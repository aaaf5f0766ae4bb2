import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { isObject, type JsonObject } from "../base/json-object.ts";
import {
  type Credentials,
  keysOfType,
  type OwnType,
  ownTypes,
  readCredentials,
  writeCredentials,
} from "../model/credentials.ts";
import { isDeviceId } from "../model/device-id.ts";
import { isPort, parseServerUrl } from "../model/server-address.ts";
import type { ConfigChange, ConfiguredCredentials, ConfiguredServer } from "../model/thermal-config.ts";
import { readFields } from "./json/fields.ts";
import type { Members, Plain } from "./json/json-edit.ts";
import { serverConnectionEntries, writeServerConnection } from "./server-connection-fields.ts";

type Section = "device" | "server" | "provisioning";

/** How something of ours stands in `thermal_config.json`. */
interface ConfigField<Value> {
  readonly section: Section;
  /** Its keys, with what a provisioning writes there. */
  readonly entries: v.ObjectEntries;
  /** Reads what anybody may have written, in the whole file; undefined: without it the credentials are of no use. */
  readonly read: (config: JsonObject) => Value | undefined;
  /** A key that is left out stays as it is. */
  readonly write: (change: ConfigChange) => Members;
}

type ConfigFields = {
  readonly [Property in keyof ConfiguredCredentials]: ConfigField<ConfiguredCredentials[Property]>;
};

/** Every key that a provisioning writes, by what it is here. The order is that of new keys in the file. */
const fields: ConfigFields & { readonly provisionedFrom: ConfigField<null>; readonly connection: ConfigField<null> } = {
  deviceId: at("device", "device_id", {
    schema: v.pipe(
      v.nullable(v.pipe(v.string(), v.uuid())),
      v.description("ThingsBoard's id of the device; null while unknown."),
    ),
    read: (value) => (typeof value === "string" && isDeviceId(value) ? value : null),
    write: ({ deviceId }) => deviceId,
  }),
  deviceName: at("device", "device_name", {
    schema: v.pipe(v.string(), v.minLength(1), v.maxLength(255), v.description("The device's name on the server.")),
    read: (value) => textOrNull(value) ?? "",
    write: ({ deviceName }) => deviceName,
  }),
  credentials: {
    section: "device",
    entries: {
      access_token: part("A secret: the MQTT user name, of ACCESS_TOKEN."),
      client_id: part("The MQTT client id, of MQTT_BASIC, where it has one."),
      user_name: part("The MQTT user name, of MQTT_BASIC, where it has one."),
      password: part("A secret: the MQTT password, of MQTT_BASIC, where it has one."),
      certificate_file: part("The file of the camera's certificate (PEM), of X509_CERTIFICATE; relative to this file."),
      private_key_file: part("The file of the certificate's private key (PEM); relative to this file."),
      credentials_type: v.pipe(v.picklist(ownTypes), v.description("What the device logs in with.")),
    },
    read: (config) => readConfigured(sectionIn(config, "device")),
    write: ({ credentials }) => ({ ...writeCredentials(credentials), credentials_type: credentials.type }),
  },
  host: at("server", "url", {
    schema: v.pipe(v.string(), v.minLength(1), v.description("The bare host.")),
    read: hostOrUndefined,
    write: ({ host }) => host,
  }),
  serverPort: at("server", "port", {
    schema: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535), v.description("The MQTT port.")),
    read: (value) => (typeof value === "number" && isPort(value) ? value : null),
    write: ({ serverPort }) => serverPort,
  }),
  useSsl: at("server", "use_ssl", {
    schema: v.pipe(v.boolean(), v.description("Whether that port speaks TLS.")),
    read: (value) => (typeof value === "boolean" ? value : null),
    write: ({ useSsl }) => useSsl,
  }),
  connection: {
    section: "server",
    entries: serverConnectionEntries,
    read: () => null,
    write: ({ connection = {} }) => writeServerConnection(connection),
  },
  provisionedAt: at("provisioning", "provisioned_at", {
    schema: v.pipe(v.string(), v.isoTimestamp(), v.description("When these credentials were written.")),
    read: momentOrNull,
    write: ({ provisionedAt }) => toTheSecond(provisionedAt),
  }),
  provisionedFrom: at("provisioning", "provisioned_from", {
    schema: v.pipe(v.string(), v.description("The file that asked for it.")),
    read: () => null,
    write: () => "provision.json",
  }),
  provisionedWith: at("provisioning", "provisioned_with", {
    schema: v.pipe(
      v.string(),
      v.description("An addition of thermal-provision. Tells provisioning keys apart without telling the key."),
    ),
    read: textOrNull,
    write: ({ provisionedWith }) => provisionedWith,
  }),
  attemptId: at("provisioning", "attempt_id", {
    schema: v.pipe(
      v.string(),
      v.description("An addition of thermal-provision. The correlation_id of the provisioning."),
    ),
    read: textOrNull,
    write: ({ attemptId }) => attemptId,
  }),
  body: at("provisioning", "provisioned_on", {
    schema: v.pipe(
      v.nullable(v.string()),
      v.description(
        "An addition of thermal-provision. A hash of the board's serial number, where it tells one: a copied card is recognised by it.",
      ),
    ),
    read: textOrNull,
    write: ({ body }) => body,
  }),
};

/** A field under one key. */
function at<Value>(
  section: Section,
  key: string,
  {
    schema,
    read,
    write,
  }: {
    readonly schema: v.GenericSchema;
    readonly read: (value: unknown) => Value | undefined;
    readonly write: (change: ConfigChange) => Plain | undefined;
  },
): ConfigField<Value> {
  return {
    section,
    entries: { [key]: schema },
    read: (config) => read(sectionIn(config, section)[key]),
    write(change) {
      const value = write(change);
      return value === undefined ? {} : { [key]: value };
    },
  };
}

function sectionIn(config: JsonObject, name: Section): JsonObject {
  const section = Object.hasOwn(config, name) ? config[name] : undefined;
  return isObject(section) ? section : {};
}

/** What each section holds, by `told` of its fields. */
function bySection<Value>(told: (field: ConfigField<unknown>) => Readonly<Record<string, Value>>) {
  const sections: Record<Section, Record<string, Value>> = { device: {}, server: {}, provisioning: {} };
  for (const field of Object.values(fields)) Object.assign(sections[field.section], told(field));
  return sections;
}

/** Our keys, by their section, with what a provisioning writes there. */
export const configEntries: Readonly<Record<Section, v.ObjectEntries>> = bySection(({ entries }) => entries);

/**
 * Our three sections, as a schema. Before the first provisioning nothing of it need be there, and the keys of others may
 * stand beside ours anywhere.
 */
export const thermalConfigEntries: v.ObjectEntries = Object.fromEntries(
  Object.entries(configEntries).map(([name, entries]) => {
    const optional = Object.entries(entries).map(([key, schema]) => [key, v.optional(schema)]);
    return [name, v.optional(v.looseObject(Object.fromEntries(optional)))];
  }),
);

/** What is wanted in each section. */
export function sectionsOf(change: ConfigChange): Readonly<Record<Section, Members>> {
  return bySection(({ write }) => write(change));
}

/** The credentials in a configuration, as far as they are ours to judge; undefined where it holds none. */
export function configuredIn(config: JsonObject): ConfiguredCredentials | undefined {
  const { provisionedFrom: _from, connection: _connection, ...readers } = fields;
  return readFields<ConfiguredCredentials>(readers, config);
}

/** Where the configuration leads, with or without credentials. */
export function serverIn(config: JsonObject): ConfiguredServer | undefined {
  const { host, serverPort, useSsl } = fields;
  return readFields<ConfiguredServer>({ host, serverPort, useSsl }, config);
}

/** The same moment may be written in several ways; everything else is the same when it is the same value. */
export function isSame(key: string, present: unknown, wanted: unknown): boolean {
  if (Array.isArray(present) && Array.isArray(wanted)) return isDeepStrictEqual(present, wanted);
  if (present === wanted || typeof present !== "string" || typeof wanted !== "string") return present === wanted;
  const moment = key in fields.provisionedAt.entries ? momentOrNull(present) : null;
  return moment !== null && toTheSecond(moment) === wanted;
}

function part(description: string): v.GenericSchema {
  return v.pipe(v.string(), v.minLength(1), v.maxLength(2000), v.description(description));
}

function readConfigured(device: JsonObject): Credentials | undefined {
  return readCredentials(typeIn(device), device);
}

/** Where no kind of ours is named, there may be a token, which others have written. */
function typeIn(device: JsonObject): OwnType {
  return ownTypes.find((each) => each === device["credentials_type"]) ?? "ACCESS_TOKEN";
}

/** The keys in `device` that would make other credentials of those in `change`: of the kind that it names, and of its own. */
export function surplusKeys(config: JsonObject, change: ConfigChange): readonly string[] {
  const device = sectionIn(config, "device");
  const written = fields.credentials.write(change);
  return [...keysOfType[typeIn(device)], ...keysOfType[change.credentials.type]].filter(
    (key) => !Object.hasOwn(written, key),
  );
}

/** The keys in `server` that are about the way to another server than that of `change`. */
export function formerConnectionKeys(config: JsonObject, change: ConfigChange): readonly string[] {
  const section = sectionIn(config, "server");
  if (change.connection === undefined || hostOrUndefined(section["url"]) === change.host) return [];
  const written = fields.connection.write(change);
  return Object.keys(fields.connection.entries).filter(
    (key) => Object.hasOwn(section, key) && !Object.hasOwn(written, key),
  );
}

function hostOrUndefined(url: unknown): string | undefined {
  const address = typeof url === "string" ? parseServerUrl(url) : undefined;
  return address === undefined || "expected" in address ? undefined : address.host;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function momentOrNull(value: unknown): Date | null {
  if (typeof value !== "string") return null;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** `2025-10-23T14:30:00Z`, as the specification writes it. */
function toTheSecond(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
