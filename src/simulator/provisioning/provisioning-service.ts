import type { Server } from "../server/server.ts";
import { snapshotOf } from "../tenant/device.ts";
import type { ProvisionRequest } from "./provision-request.ts";
import type { ProvisionResponse } from "./provision-response.ts";
import { carryOut, type Examined, examine } from "./provisioning.ts";
import { tellDeviceId } from "./rule-chain.ts";

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
  async carryOut(examined: Examined, { deviceName }: Pick<ProvisionRequest, "deviceName">): Promise<ProvisionResponse> {
    const { database, randomness, clock, peculiarities, deviceLimit, events } = this.#server;
    if (examined.act === "nothing") {
      await this.#server.sleepForEver();
      return { status: "FAILURE", why: "the core did not answer" };
    }
    const response = carryOut(examined, { database, randomness, now: clock.now(), peculiarities, deviceLimit });
    if (response.status !== "SUCCESS") {
      events.tell({ type: "request refused", deviceName, ...response });
    } else {
      const device = database.byCredentialsId(response.credentials.credentialsId);
      if (device !== undefined) {
        const type = examined.act === "create" ? "device created" : "device claimed";
        events.tell({ type, device: snapshotOf(device) });
        tellDeviceId(device, this.#server, "provisioning");
      }
    }
    return response;
  }
}
