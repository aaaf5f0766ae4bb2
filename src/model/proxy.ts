import { Secret } from "../base/secret.ts";
import { parseServerUrl } from "./server-address.ts";

/** An HTTP proxy that opens the way to the server (RFC 9110, CONNECT). */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** What the proxy wants to know of who asks: `user:password`. */
  readonly credentials?: Secret;
}

/** The port where a URL names none. */
const usualPort = 3128;

export const proxyForm = "http://, a host and a port, such as http://proxy.example:3128";

/** Reads `http://user:password@proxy.example:3128`; undefined for anything else. */
export function parseProxy(text: string): HttpProxy | undefined {
  const [, given, authority = ""] = /^http:\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]+)\/?$/i.exec(text) ?? [];
  const address = parseServerUrl(authority);
  if (authority === "" || "expected" in address) return undefined;
  const credentials = given === undefined ? undefined : decoded(given);
  if (given !== undefined && credentials === undefined) return undefined;
  return {
    host: address.host,
    port: address.port ?? usualPort,
    ...(credentials === undefined ? {} : { credentials: new Secret(credentials) }),
  };
}

/** `http://proxy.example:3128`, without what is secret: as it may be shown and written. */
export function proxyUrl({ host, port }: HttpProxy): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** User name and password as they are, where a URL has them escaped. */
function decoded(given: string): string | undefined {
  const [user = "", ...password] = given.split(":");
  try {
    const parts = [decodeURIComponent(user), decodeURIComponent(password.join(":"))];
    // A line end would begin another line of the request.
    return parts.some((part) => /\p{Cc}/u.test(part)) || user === "" ? undefined : parts.join(":");
  } catch {
    return undefined;
  }
}
