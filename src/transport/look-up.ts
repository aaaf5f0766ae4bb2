import { lookup } from "node:dns/promises";
import { connectionError } from "./connection-error.ts";
import { environment } from "./ignored-proxy.ts";
import type { Endpoint } from "./link.ts";

/**
 * All addresses of the endpoint's name, in the order in which they are tried.
 *
 * @throws ProvisioningError HOST_NOT_FOUND, RESOLVER_SILENT
 */
export async function lookUp(endpoint: Endpoint): Promise<readonly string[]> {
  try {
    const found = await lookup(endpoint.host, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw connectionError(endpoint, error, { addresses: [], environment });
  }
}
