import { type Randomness, randomText, randomUuid } from "../../base/randomness.ts";
import { accessToken, type StoredCredentials } from "./credentials.ts";
import type { Database } from "./database.ts";
import { type AttributeScope, attributeScopes, type DeviceRecord, type JsonValue, Values } from "./device.ts";
import { type DeviceProfile, defaultTenant, tenantOf } from "./device-profile.ts";

/** A device that a tenant registers. */
export interface NewDevice {
  readonly name: string;
  /** Default: the first profile's. */
  readonly profile?: string;
  /** Default: the profile's, or `tenant`. */
  readonly tenant?: string;
  /** Default: an access token that the server makes. */
  readonly credentials?: StoredCredentials;
  readonly gateway?: boolean;
  readonly attributes?: Partial<Record<AttributeScope, Readonly<Record<string, JsonValue>>>>;
}

/** A device to be made, its profile found. */
export interface WantedDevice {
  readonly profile: DeviceProfile;
  /** Empty: the server makes one. */
  readonly name: string;
  readonly gateway: boolean;
  readonly credentials?: StoredCredentials | undefined;
  readonly label?: string;
  readonly attributes?: NewDevice["attributes"] | undefined;
}

/** What a tenant registers, with the profile that is meant. Throws RangeError when there is no such profile. */
export function wantedDevice({ gateway = false, ...device }: NewDevice, database: Database): WantedDevice {
  const tenant = tenantOfNew(device, database);
  const profile = [...database.profiles].find(
    (one) => tenantOf(one) === tenant && (device.profile === undefined || one.name === device.profile),
  );
  if (profile !== undefined) return { ...device, profile, gateway };
  throw new RangeError(`The tenant ${tenant} has no device profile ${device.profile ?? "at all"}.`);
}

/** Without a tenant of its own a device is of the first profile's. */
export function tenantOfNew({ tenant }: Pick<NewDevice, "tenant">, database: Database): string {
  const [first] = database.profiles;
  return tenant ?? (first === undefined ? defaultTenant : tenantOf(first));
}

/** A device with an id, a name and credentials of its own where none are given; not yet in the database. */
export function newDevice(
  wanted: WantedDevice,
  { randomness, now }: { readonly randomness: Randomness; readonly now: Date },
): DeviceRecord {
  const device: DeviceRecord = {
    id: randomUuid(randomness),
    tenant: tenantOf(wanted.profile),
    name: wanted.name === "" ? generatedText(randomness) : wanted.name,
    profile: wanted.profile.name,
    ...(wanted.label === undefined ? {} : { label: wanted.label }),
    gateway: wanted.gateway,
    credentials: wanted.credentials ?? accessToken(generatedText(randomness)),
    attributes: { client: new Values(), server: new Values(), shared: new Values() },
    telemetry: new Values(),
    createdAt: now,
  };
  for (const scope of attributeScopes) {
    for (const [key, value] of Object.entries(wanted.attributes?.[scope] ?? {}))
      device.attributes[scope].set(key, value);
  }
  return device;
}

const lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Names and tokens that the server makes: 20 letters and digits. */
export function generatedText(randomness: Randomness): string {
  return randomText(randomness, lettersAndDigits, 20);
}
