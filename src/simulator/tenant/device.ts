import type { StoredCredentials } from "./credentials.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Attributes or telemetry of a device by key. The keeper of the device is told of every change. */
export class Values extends Map<string, JsonValue> {
  onChange?: () => void;

  override set(key: string, value: JsonValue): this {
    super.set(key, value);
    this.onChange?.();
    return this;
  }

  override delete(key: string): boolean {
    const was = super.delete(key);
    if (was) this.onChange?.();
    return was;
  }
}

/** Who sets an attribute and who may see it; a device sees its own (client) and the shared ones. */
export const attributeScopes = ["client", "server", "shared"] as const;
export type AttributeScope = (typeof attributeScopes)[number];

/** A device as the simulator shows it: a copy that does not change. */
export interface Device {
  /** A UUID. No device is ever told its own, unless by a rule chain. */
  readonly id: string;
  readonly tenant: string;
  /** Unique in the tenant. */
  readonly name: string;
  /** The name of its profile, which is also its type. */
  readonly profile: string;
  /** As the tenant wrote it; devices do not see it. */
  readonly label?: string;
  readonly gateway: boolean;
  readonly credentials: StoredCredentials;
  /** The server attribute of that name: `provisioned` once a device has claimed it, else null. */
  readonly provisionState: JsonValue;
  readonly attributes: Readonly<Record<AttributeScope, Readonly<Record<string, JsonValue>>>>;
  /** The newest value of each key. */
  readonly telemetry: Readonly<Record<string, JsonValue>>;
  readonly createdAt: Date;
}

/** A device as the server keeps it. */
export interface DeviceRecord
  extends Pick<Device, "id" | "tenant" | "name" | "profile" | "label" | "gateway" | "createdAt"> {
  credentials: StoredCredentials;
  /** Nobody is let in with its credentials; which is nothing that a ThingsBoard knows. */
  blocked?: boolean;
  readonly attributes: Readonly<Record<AttributeScope, Values>>;
  readonly telemetry: Values;
}

export function snapshotOf(record: DeviceRecord): Device {
  const { client, server, shared } = record.attributes;
  return {
    id: record.id,
    tenant: record.tenant,
    name: record.name,
    profile: record.profile,
    ...(record.label === undefined ? {} : { label: record.label }),
    gateway: record.gateway,
    credentials: record.credentials,
    provisionState: server.get("provisionState") ?? null,
    attributes: {
      client: Object.fromEntries(client),
      server: Object.fromEntries(server),
      shared: Object.fromEntries(shared),
    },
    telemetry: Object.fromEntries(record.telemetry),
    createdAt: record.createdAt,
  };
}
