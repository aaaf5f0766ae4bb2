import type { Server } from "./server/server.ts";
import { castNumber } from "./tenant/attributes.ts";
import { accessToken, type StoredCredentials } from "./tenant/credentials.ts";
import { type AttributeScope, type Device, type DeviceRecord, type JsonValue, snapshotOf } from "./tenant/device.ts";
import type { NewDevice } from "./tenant/new-device.ts";

/** A device by its name, or as `devices` shows it. */
export type DeviceReference = string | Pick<Device, "id">;

/** What a tenant's administrator sees and does. */
export class Administration {
  readonly #server: Server;
  /** How many requests each device was sent, or would have been: their ids count from 0. */
  readonly #rpcs = new WeakMap<DeviceRecord, number>();

  /** @internal */
  constructor(server: Server) {
    this.#server = server;
  }

  /** In the order in which they came to be. */
  get devices(): readonly Device[] {
    return [...this.#server.database.devices].map(snapshotOf);
  }

  device(reference: DeviceReference): Device | undefined {
    const record = this.#find(reference);
    return record && snapshotOf(record);
  }

  /** Registers a device as a tenant would. Throws NotUnique when its name or its credentials are taken. */
  addDevice(device: NewDevice): Device {
    return snapshotOf(this.#server.register(device));
  }

  /** Deletes a device; its sessions are closed. Throws RangeError when there is none. */
  removeDevice(reference: DeviceReference): void {
    this.#server.removeDevice(this.#existing(reference));
  }

  /** Changes the credentials; a text is an access token. Sessions are closed. Throws NotUnique, RangeError. */
  setCredentials(reference: DeviceReference, credentials: StoredCredentials | string): void {
    const record = this.#existing(reference);
    const stored = typeof credentials === "string" ? accessToken(credentials) : credentials;
    const unchanged = JSON.stringify(stored) === JSON.stringify(record.credentials);
    this.#server.database.replaceCredentials(record, stored);
    this.#server.events.tell({ type: "credentials changed", device: snapshotOf(record) });
    if (unchanged && this.#server.peculiarities.keepsSessionsOfUnchangedCredentials) return;
    this.#server.sessions.closeAll(record);
  }

  /** Writes attributes as a tenant over REST does. Shared ones are pushed to the device if it has subscribed. */
  setAttributes(
    reference: DeviceReference,
    values: Readonly<Record<string, JsonValue>>,
    scope: AttributeScope = "shared",
  ): void {
    const record = this.#existing(reference);
    const cast = this.#server.peculiarities.castsWrittenAttributes;
    const written = Object.entries(values).map(
      ([key, value]) => [key, cast && typeof value === "string" ? castNumber(value) : value] as const,
    );
    for (const [key, value] of written) record.attributes[scope].set(key, value);
    if (scope === "shared") this.#server.sessions.pushAttributes(record, Object.fromEntries(written));
  }

  deleteAttributes(reference: DeviceReference, keys: readonly string[], scope: AttributeScope = "shared"): void {
    const record = this.#existing(reference);
    for (const key of keys) record.attributes[scope].delete(key);
    if (scope === "shared") this.#server.sessions.pushAttributes(record, { deleted: [...keys] });
  }

  /** Sends a request to a device. False: it is not connected, or has not subscribed to requests. */
  sendRpc(reference: DeviceReference, method: string, params: JsonValue): boolean {
    const record = this.#existing(reference);
    const id = this.#rpcs.get(record) ?? 0;
    this.#rpcs.set(record, id + 1);
    const body = JSON.stringify({ method, params });
    return this.#server.sessions.of(record).some((session) => session.pushRpc(id, body));
  }

  #find(reference: DeviceReference): DeviceRecord | undefined {
    const { database } = this.#server;
    if (typeof reference !== "string") return database.byId(reference.id);
    return [...database.devices].find(({ name }) => name === reference) ?? database.byId(reference);
  }

  #existing(reference: DeviceReference): DeviceRecord {
    const record = this.#find(reference);
    if (record !== undefined) return record;
    throw new RangeError(`There is no device ${typeof reference === "string" ? reference : reference.id}.`);
  }
}
