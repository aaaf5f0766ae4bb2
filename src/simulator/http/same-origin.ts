import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/** By a name that anybody can point at this machine, a page in a browser could read what is only for testers. */
export function isKnownHost(host: string | undefined, own: string): boolean {
  const name = (host ?? "").replace(/:[0-9]+$/, "").replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === own || isIP(name) !== 0;
}

/** Whether a page of another origin has sent this. What is not a browser says nothing, and a person's address bar `none`. */
export function isForeign({ origin, host, "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== "same-origin" && site !== "none";
}
