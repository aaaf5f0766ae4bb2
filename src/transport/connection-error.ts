import { type ErrorCode, ProvisioningError } from "../model/errors.ts";
import type { Endpoint } from "./link.ts";

/** What Node calls the failures of a connection, and what they are here. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "HOST_NOT_FOUND",
  EAI_AGAIN: "HOST_NOT_FOUND",
  EAI_FAIL: "HOST_NOT_FOUND",
  EAI_NODATA: "HOST_NOT_FOUND",
  EAI_NONAME: "HOST_NOT_FOUND",
  ECONNREFUSED: "CONNECTION_REFUSED",
  ENETUNREACH: "NETWORK_UNREACHABLE",
  EHOSTUNREACH: "NETWORK_UNREACHABLE",
  ENETDOWN: "NETWORK_UNREACHABLE",
  EHOSTDOWN: "NETWORK_UNREACHABLE",
  EADDRNOTAVAIL: "NETWORK_UNREACHABLE",
  EACCES: "NETWORK_UNREACHABLE",
  EPERM: "NETWORK_UNREACHABLE",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  CERT_NOT_YET_VALID: "TLS_NOT_YET_VALID",
  CERT_HAS_EXPIRED: "TLS_EXPIRED",
  ERR_TLS_CERT_ALTNAME_INVALID: "TLS_WRONG_HOST",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS_UNTRUSTED",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT: "TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS_UNTRUSTED",
  CERT_SIGNATURE_FAILURE: "TLS_UNTRUSTED",
  CERT_CHAIN_TOO_LONG: "TLS_UNTRUSTED",
  CERT_REVOKED: "TLS_UNTRUSTED",
  CERT_REJECTED: "TLS_UNTRUSTED",
  CERT_UNTRUSTED: "TLS_UNTRUSTED",
  INVALID_CA: "TLS_UNTRUSTED",
  INVALID_PURPOSE: "TLS_UNTRUSTED",
};

/** What the codes mean for the connection; Node's own word follows in brackets, for those who look it up. */
const words: Readonly<Partial<Record<ErrorCode, string>>> = {
  HOST_NOT_FOUND: "no address was found for this name",
  CONNECTION_REFUSED: "nothing listens there",
  NETWORK_UNREACHABLE: "there is no way to it",
  CONNECT_TIMEOUT: "nobody answers",
  TLS_NOT_YET_VALID: "by this machine's clock the certificate is not valid yet",
  TLS_EXPIRED: "by this machine's clock the certificate has expired",
  TLS_WRONG_HOST: "the certificate is for another name",
  TLS_UNTRUSTED: "nobody whom this machine trusts has signed the certificate",
  TLS_FAILED: "TLS could not be set up",
  CONNECTION_LOST: "the connection was closed",
};

/** The error of a connection that could not be opened. */
export function connectionError(endpoint: Endpoint, cause: Error): ProvisioningError {
  const name = nameOf(cause);
  const code = kindOf(name) ?? (endpoint.tls ? "TLS_FAILED" : "CONNECTION_LOST");
  const what = name === undefined ? cause.message : `${words[code]} (${name})`;
  return new ProvisioningError(code, `${place(endpoint)}: ${what}`, { cause });
}

/** `eu.thingsboard.cloud:8883 (TLS)`, as it stands at the beginning of every message about the network. */
export function place({ host, port, tls }: Endpoint): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port} (${tls ? "TLS" : "plain text"})`;
}

function kindOf(name: string | undefined): ErrorCode | undefined {
  return name !== undefined && Object.hasOwn(codes, name) ? codes[name] : undefined;
}

/**
 * Node tries all addresses of a name. Without IPv6 on the camera, an IPv6 address is unreachable and says nothing about
 * the server: what got farther than that speaks for all.
 */
function nameOf(error: Error): string | undefined {
  if (error instanceof AggregateError) {
    const attempts: unknown[] = error.errors;
    const names = attempts.map((attempt) => (attempt instanceof Error ? nameOf(attempt) : undefined));
    return names.find((name) => kindOf(name) !== "NETWORK_UNREACHABLE") ?? names[0];
  }
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
