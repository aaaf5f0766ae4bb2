import { ProvisioningError } from "../model/errors.ts";
import { isIpAddress } from "../model/server-address.ts";
import { type Family, familyFailure } from "./address-families.ts";
import { chainInWords } from "./certificate-facts.ts";
import { ignoredProxy } from "./ignored-proxy.ts";
import { askedFor, type Endpoint, place } from "./link.ts";
import { type Failure, networkFailure } from "./network-failure.ts";
import { type Handshake, tlsFailure } from "./tls-failure.ts";

/** What a connection had come to when it failed. */
export interface Progress {
  /** The addresses that the name was resolved to, as far as they were tried. */
  readonly addresses: readonly string[];
  /** What was seen of TLS, once the address was reached. */
  readonly handshake?: Omit<Handshake, "host" | "settings"> | undefined;
  /** The kinds of addresses that this machine has, where that is known. */
  readonly families?: readonly Family[];
  /** Where variables may name a proxy. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const nowhere: Progress = { addresses: [] };

/** The error of a connection that could not be opened, or that TLS broke off. */
export function connectionError(endpoint: Endpoint, cause: Error, progress: Progress = nowhere): ProvisioningError {
  const { error, name } = farthest(cause);
  const handshake = handshakeOf(endpoint, progress);
  const failure =
    (handshake === undefined ? undefined : tlsFailure(error, name, handshake)) ??
    (name === undefined ? undefined : wayFailure(name, endpoint, progress)) ??
    unknownFailure(endpoint, error, name);
  const lines = [
    `${place(endpoint, progress.addresses)}: ${failure.sentence}${itself(failure, endpoint, progress)}${bracketed(name)}`,
    ...certificateLines(failure, endpoint, handshake),
    ...wordsOfTls(error, name, handshake),
    ...(endpoint.proxy === undefined ? ignoredProxy(failure.code, progress.environment ?? {}) : []),
  ];
  return new ProvisioningError(failure.code, lines.join("\n  "), {
    cause,
    facts: [askedFor(endpoint.tls !== undefined)],
  });
}

function bracketed(name: string | undefined): string {
  return name === undefined ? "" : ` (${name})`;
}

/** A way that is closed because the two ends have no kind of address in common is no matter of cables and routes. */
function wayFailure(name: string, { host }: Endpoint, { addresses, families = [] }: Progress): Failure | undefined {
  const failure = networkFailure(name);
  const { code } = failure ?? {};
  if (code !== "NETWORK_UNREACHABLE" && code !== "HOST_NOT_FOUND") return failure;
  const servers = addresses.length === 0 && isIpAddress(host) ? [host] : addresses;
  return familyFailure(servers, families) ?? failure;
}

/** Somebody who writes `localhost` may mean another machine than the one that this runs on. */
function itself({ code }: Failure, { host, proxy }: Endpoint, { addresses }: Progress): string {
  const all = addresses.length === 0 ? [host] : addresses;
  const isHere = proxy === undefined && all.every((each) => /^(127\.|0\.0\.0\.0$|::1?$|localhost$)/.test(each));
  return code === "CONNECTION_REFUSED" && isHere ? ", and that is this camera itself, or the container it runs in" : "";
}

function handshakeOf({ host, tls }: Endpoint, { handshake }: Progress): Handshake | undefined {
  return tls === undefined || handshake === undefined ? undefined : { host, settings: tls, ...handshake };
}

function unknownFailure({ tls }: Endpoint, error: Error, name: string | undefined): Failure {
  if (name === undefined) return { code: tls ? "TLS_FAILED" : "CONNECTION_LOST", sentence: error.message };
  return {
    code: "NETWORK_ERROR",
    sentence: `the network failed in a way that is in no table here (${error.message.split("\n", 1)[0]}); please report it`,
  };
}

/** Failures that a certificate explains: its facts are worth more lines. */
const aboutCertificates = [
  "TLS_UNTRUSTED",
  "TLS_CHAIN_INCOMPLETE",
  "TLS_WRONG_HOST",
  "TLS_CERTIFICATE_WITHOUT_NAME",
  "TLS_CERTIFICATE_UNFIT",
  "TLS_PIN_MISMATCH",
  "TLS_TOO_WEAK",
  "TLS_NOT_YET_VALID",
  "TLS_EXPIRED",
];

/** What was presented, and what is trusted. */
function certificateLines({ code }: Failure, { tls }: Endpoint, handshake: Handshake | undefined): readonly string[] {
  if (handshake === undefined || handshake.chain.length === 0 || !aboutCertificates.includes(code)) return [];
  return [
    `presented: ${chainInWords(handshake.chain)}`,
    `trusted: ${tls?.trusted ?? "the authorities that Node.js was built with"}`,
  ];
}

/** OpenSSL's own text, for those who look it up: after a TLS error, that is. */
function wordsOfTls(error: Error, name: string | undefined, handshake: Handshake | undefined): readonly string[] {
  if (handshake === undefined || name === undefined || /^E[A-Z]+$/.test(name)) return [];
  const [, reason = error.message.trim()] = /:SSL routines:[^:]*:([^:]*):/.exec(error.message) ?? [];
  return [`OpenSSL: ${reason}`];
}

interface Attempt {
  readonly error: Error;
  readonly name: string | undefined;
}

/**
 * Node tries all addresses of a name. Without IPv6 on the camera, an IPv6 address is unreachable and says nothing about
 * the server: what got farther than that speaks for all.
 */
function farthest(error: Error): Attempt {
  if (!(error instanceof AggregateError)) return { error, name: nameOf(error) };
  const each: unknown[] = error.errors;
  const attempts = each.filter((attempt) => attempt instanceof Error).map(farthest);
  const [first = { error, name: nameOf(error) }] = attempts;
  return attempts.find(({ name }) => !isUnreachable(name)) ?? first;
}

function isUnreachable(name: string | undefined): boolean {
  return name !== undefined && ["NETWORK_UNREACHABLE", "ADDRESS_UNUSABLE"].includes(networkFailure(name)?.code ?? "");
}

function nameOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
