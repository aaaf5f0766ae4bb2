import type { ErrorCode } from "../model/errors.ts";

/** That of this process. */
export { env as environment } from "node:process";

/** The variables that other programs take a proxy from, those of TLS first. */
const variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/** Where these are met, a proxy may be what is missing. */
const closedWays: readonly ErrorCode[] = [
  "HOST_NOT_FOUND",
  "RESOLVER_SILENT",
  "CONNECTION_REFUSED",
  "NETWORK_UNREACHABLE",
  "ADDRESS_FAMILY_MISSING",
  "CONNECT_TIMEOUT",
  "CONNECTION_FORBIDDEN",
];

/**
 * What to say where the way is closed and `environment` names a proxy. Its value is not told: it may hold a password.
 */
export function ignoredProxy(
  code: ErrorCode,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const name = closedWays.includes(code) ? variables.find((each) => (environment[each] ?? "") !== "") : undefined;
  if (name === undefined) return [];
  return [`${name} is set and not obeyed here: if only a proxy leads to the server, write proxy into provision.json`];
}
