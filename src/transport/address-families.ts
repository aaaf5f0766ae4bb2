import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import type { Failure } from "./network-failure.ts";

export type Family = "IPv4" | "IPv6";

/** Of which kinds this machine has addresses that lead farther than to itself and its neighbours. */
export function ownFamilies(): readonly Family[] {
  try {
    const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
    const leading = all.filter(({ internal, address }) => !internal && !isOfNeighbours(address));
    return [...new Set(leading.map(({ address }) => familyOf(address)))];
  } catch {
    // A service may be forbidden to ask (RestrictAddressFamilies); then nothing can be said.
    return [];
  }
}

/** Why a server at these addresses is out of reach, where it has none of the kinds that this machine has: undefined otherwise. */
export function familyFailure(servers: readonly string[], own: readonly Family[]): Failure | undefined {
  const [family, ...others] = new Set(servers.map(familyOf));
  const [ours] = own;
  if (family === undefined || others.length > 0 || ours === undefined || own.includes(family)) return undefined;
  if (servers.every(isOfNeighbours)) return undefined;
  return {
    code: "ADDRESS_FAMILY_MISSING",
    sentence: `the server has an ${family} address only, and this camera has ${ours} only: there is no way from the one to the other`,
  };
}

/**
 * All addresses of a name that was not found: of a kind that this machine has none of the system tells none (AI_ADDRCONFIG),
 * and the name looks as if it did not exist.
 */
export function allAddresses(host: string, signal: AbortSignal): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const giveUp = () => resolve([]);
    signal.addEventListener("abort", giveUp, { once: true });
    lookup(host, { all: true }).then((found) => resolve(found.map(({ address }) => address)), giveUp);
  });
}

function familyOf(address: string): Family {
  return address.includes(":") ? "IPv6" : "IPv4";
}

/** Link-local: from here to the next router at most. */
function isOfNeighbours(address: string): boolean {
  return /^(169\.254\.|fe[89ab])/i.test(address);
}
