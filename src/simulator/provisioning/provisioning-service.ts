import { milliseconds } from "../../base/duration.ts";
import type { NewDevice } from "../administration.ts";
import type { Server } from "../server.ts";
import type { StoredCredentials } from "../tenant/credentials.ts";
import { attributeScopes, type DeviceRecord, snapshotOf } from "../tenant/device.ts";
import { type DeviceProfile, defaultTenant, tenantOf } from "../tenant/device-profile.ts";
import type { ProvisionRequest } from "./provision-request.ts";
import type { ProvisionResponse } from "./provision-response.ts";
import { carryOut, type Examined, examine, newDevice } from "./provisioning.ts";

/** The decision procedure at work: on this server's database, with its events and its rule chain. */
export class ProvisioningService {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  examine(request: ProvisionRequest): Examined {
    return examine(request, this.#server.database, this.#server.peculiarities);
  }

  /** Of a request that the core cannot answer this never ends, until the server does. */
  async carryOut(examined: Examined): Promise<ProvisionResponse> {
    const { database, randomness, clock, peculiarities, deviceLimit } = this.#server;
    if (examined.act === "nothing") {
      await this.#server.sleepForEver();
      return { status: "FAILURE" };
    }
    const response = carryOut(examined, { database, randomness, now: clock.now(), peculiarities, deviceLimit });
    if (response.status === "SUCCESS") {
      const device = database.byCredentialsId(response.credentials.credentialsId);
      if (device !== undefined) this.#succeeded(device, examined.act === "create");
    }
    return response;
  }

  /** Adds a device. Throws NotUnique. */
  add(wanted: {
    readonly profile: DeviceProfile;
    readonly name: string;
    readonly gateway: boolean;
    readonly credentials?: StoredCredentials | undefined;
  }): DeviceRecord {
    const { database, randomness, clock, events } = this.#server;
    const device = newDevice(wanted, { randomness, now: clock.now() });
    database.addDevice(device);
    events.tell({ type: "device created", device: snapshotOf(device) });
    return device;
  }

  /** Adds a device as a tenant would. Throws NotUnique, and RangeError when there is no such profile. */
  register({
    name,
    profile: wanted,
    tenant = this.#defaultTenant,
    gateway = false,
    ...further
  }: NewDevice): DeviceRecord {
    const profile = [...this.#server.database.profiles].find(
      (one) => tenantOf(one) === tenant && (wanted === undefined || one.name === wanted),
    );
    if (profile === undefined)
      throw new RangeError(`The tenant ${tenant} has no device profile ${wanted ?? "at all"}.`);
    const device = this.add({ profile, name, gateway, credentials: further.credentials });
    for (const scope of attributeScopes) {
      for (const [key, value] of Object.entries(further.attributes?.[scope] ?? {})) {
        device.attributes[scope].set(key, value);
      }
    }
    return device;
  }

  /**
   * The rule chain sets the shared attribute `deviceId` after PROVISION_SUCCESS and after every CONNECT; an unchanged
   * value is neither saved nor pushed (docs/thingsboard-protocol.md#a-rule-chain-for-the-id).
   */
  tellDeviceId(device: DeviceRecord): void {
    const after = this.#server.database.profileOf(device)?.deviceIdAfter;
    if (after === undefined) return;
    this.#server.run(undefined, async () => {
      if (after > 0) await this.#server.sleep(milliseconds(after));
      if (device.attributes.shared.get("deviceId") === device.id) return;
      device.attributes.shared.set("deviceId", device.id);
      this.#server.sessions.pushAttributes(device, { deviceId: device.id });
    });
  }

  /** Whether `register` would find a device of this name already. */
  knows({ name, tenant = this.#defaultTenant }: NewDevice): boolean {
    return this.#server.database.byName(tenant, name) !== undefined;
  }

  get #defaultTenant(): string {
    const [first] = this.#server.database.profiles;
    return first === undefined ? defaultTenant : tenantOf(first);
  }

  #succeeded(device: DeviceRecord, created: boolean): void {
    this.#server.events.tell({ type: created ? "device created" : "device claimed", device: snapshotOf(device) });
    this.tellDeviceId(device);
  }
}
