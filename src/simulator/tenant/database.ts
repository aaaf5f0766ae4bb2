import type { StoredCredentials } from "./credentials.ts";
import type { DeviceRecord } from "./device.ts";
import { type DeviceProfile, keyOf, tenantOf } from "./device-profile.ts";

/** Two things that must be unique are not: what the server's database would refuse. */
export class NotUnique extends Error {
  override readonly name = "NotUnique";
}

/**
 * What the server keeps. Unique over all tenants: provisioning keys and credential ids. Unique in a tenant: names of
 * devices and of profiles.
 */
export class Database {
  readonly #profiles = new Map<string, DeviceProfile>();
  readonly #profilesByKey = new Map<string, DeviceProfile>();
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #byName = new Map<string, DeviceRecord>();
  readonly #byCredentials = new Map<string, DeviceRecord>();

  readonly #listeners = new Set<{ readonly changed: () => void }>();

  /** Calls `changed` after every change of what a device has, and of which devices there are. Returns what ends that. */
  onChange(changed: () => void): () => void {
    const listener = { changed };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const { changed } of this.#listeners) changed();
  }

  get devices(): Iterable<DeviceRecord> {
    return this.#devices.values();
  }

  get profiles(): Iterable<DeviceProfile> {
    return this.#profiles.values();
  }

  addProfile(profile: DeviceProfile): void {
    const place = pair(tenantOf(profile), profile.name);
    const key = keyOf(profile);
    if (this.#profiles.has(place)) {
      throw new NotUnique(`The tenant ${tenantOf(profile)} already has a device profile named ${profile.name}.`);
    }
    if (key !== undefined && this.#profilesByKey.has(key)) {
      throw new NotUnique(`The device profile ${profile.name} has the provisioning key of another profile.`);
    }
    this.#profiles.set(place, profile);
    if (key !== undefined) this.#profilesByKey.set(key, profile);
  }

  /** Devices that it has keep its name. */
  removeProfile(profile: DeviceProfile): void {
    const key = keyOf(profile);
    this.#profiles.delete(pair(tenantOf(profile), profile.name));
    if (key !== undefined) this.#profilesByKey.delete(key);
  }

  profile(tenant: string, name: string): DeviceProfile | undefined {
    return this.#profiles.get(pair(tenant, name));
  }

  profileByKey(key: string): DeviceProfile | undefined {
    return this.#profilesByKey.get(key);
  }

  profileOf(device: DeviceRecord): DeviceProfile | undefined {
    return this.profile(device.tenant, device.profile);
  }

  addDevice(device: DeviceRecord): void {
    if (this.byName(device.tenant, device.name) !== undefined) {
      throw new NotUnique(`The tenant ${device.tenant} already has a device named ${device.name}.`);
    }
    if (this.byCredentialsId(device.credentials.credentialsId) !== undefined) {
      throw new NotUnique(`Another device already has the credentials of ${device.name}.`);
    }
    this.#devices.set(device.id, device);
    this.#byName.set(pair(device.tenant, device.name), device);
    this.#byCredentials.set(device.credentials.credentialsId, device);
    for (const values of [...Object.values(device.attributes), device.telemetry])
      values.onChange = () => this.#changed();
    this.#changed();
  }

  removeDevice(device: DeviceRecord): void {
    this.#devices.delete(device.id);
    this.#byName.delete(pair(device.tenant, device.name));
    this.#byCredentials.delete(device.credentials.credentialsId);
    this.#changed();
  }

  replaceCredentials(device: DeviceRecord, credentials: StoredCredentials): void {
    const holder = this.byCredentialsId(credentials.credentialsId);
    if (holder !== undefined && holder !== device) {
      throw new NotUnique(`Another device already has the new credentials of ${device.name}.`);
    }
    this.#byCredentials.delete(device.credentials.credentialsId);
    device.credentials = credentials;
    this.#byCredentials.set(credentials.credentialsId, device);
    this.#changed();
  }

  byId(id: string): DeviceRecord | undefined {
    return this.#devices.get(id);
  }

  byName(tenant: string, name: string): DeviceRecord | undefined {
    return this.#byName.get(pair(tenant, name));
  }

  byCredentialsId(credentialsId: string): DeviceRecord | undefined {
    return this.#byCredentials.get(credentialsId);
  }

  /** A server that starts again without memory: profiles stay, devices are gone. */
  forgetDevices(): void {
    this.#devices.clear();
    this.#byName.clear();
    this.#byCredentials.clear();
    this.#changed();
  }
}

function pair(tenant: string, name: string): string {
  return `${tenant.length}:${tenant}${name}`;
}
