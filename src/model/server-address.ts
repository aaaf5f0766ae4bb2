import { domainToASCII } from "node:url";

/** What a `server_url` says; port and transport only where it says them. */
export interface ServerAddress {
  /** Bare, and in one spelling only, by which servers are told apart: `eu.thingsboard.cloud`, `192.168.1.5`, `fe80::1`. */
  readonly host: string;
  readonly port?: number;
  readonly useSsl?: boolean;
}

const schemes: Readonly<Record<string, boolean>> = { mqtt: false, tcp: false, mqtts: true, ssl: true };

/**
 * Reads a `server_url`: a bare host (the specification's example) or a URL with the scheme mqtt, tcp (plain), mqtts or
 * ssl (TLS). Gives the problem as a text otherwise.
 */
export function parseServerUrl(text: string): ServerAddress | { readonly expected: string } {
  const { scheme, authority } = splitScheme(text);
  if (scheme !== undefined && !Object.hasOwn(schemes, scheme)) {
    const meant = /^(http|https|ws|wss)$/.test(scheme) ? "; MQTT is spoken here, not HTTP" : "";
    return { expected: `a host name, or a URL that starts with mqtt://, tcp://, mqtts:// or ssl://${meant}` };
  }
  if (/\s/.test(text)) return { expected: "a host name without spaces" };
  if (authority.includes("@")) return { expected: "a server without user name; key and secret have keys of their own" };
  if (/[/?#\\]/.test(authority)) return { expected: "a server without a path" };
  const { host, port } = splitPort(authority);
  const name = isIPv4(host) ? host : isIPv6(host) ? spellIPv6(host) : hostName(host);
  if (name === undefined) return { expected: "a host name, an IPv4 or an IPv6 address" };
  if (port !== undefined && !isPort(port)) return { expected: "a port from 1 to 65535 behind the host" };
  const useSsl = scheme === undefined ? undefined : schemes[scheme];
  return { host: name, ...(port === undefined ? {} : { port }), ...(useSsl === undefined ? {} : { useSsl }) };
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Whether `host` is a literal address: TLS then sends no server name (RFC 6066), and nothing is looked up. */
export function isIpAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host);
}

function isIPv4(text: string): boolean {
  const numbers = text.split(".");
  return numbers.length === 4 && numbers.every((number) => /^(0|[1-9]\d{0,2})$/.test(number) && Number(number) <= 255);
}

function isIPv6(text: string): boolean {
  const { address, zone } = splitZone(text);
  if (zone !== "" && !isLinkLocal(address)) return false;
  return /^[0-9A-Fa-f:.]+$/.test(address) && URL.canParse(`mqtt://[${address}]`);
}

/** Whether an address is one of a single link (fe80::/10), which says nothing without the interface that leads there. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]?:/i.test(address);
}

/** Whether the interface is missing from a link-local address: nothing can be connected to it then. */
export function lacksInterface(host: string): boolean {
  const { address, zone } = splitZone(host);
  return isIPv6(host) && zone === "" && isLinkLocal(address);
}

/** `fe80::1%eth0`: the address, and the interface with its sign. In a URL the sign may be written as %25 (RFC 6874). */
function splitZone(text: string): { readonly address: string; readonly zone: string } {
  const [, address = text, name] = /^([^%]*)%(?:25)?([A-Za-z0-9_.-]{1,15})$/.exec(text) ?? [];
  return { address, zone: name === undefined ? "" : `%${name}` };
}

/**
 * The spelling of RFC 5952: `0:0:0:0:0:0:0:1` and `0::0001` are `::1`. An IPv4 address in the form of an IPv6 one
 * (`::ffff:10.0.0.1`) is connected to by IPv4, and is spelt so.
 */
function spellIPv6(text: string): string {
  const { address, zone } = splitZone(text);
  const { hostname } = new URL(`mqtt://[${address}]`);
  if (zone !== "") return hostname.slice(1, -1) + zone;
  const [, high, low] = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname.slice(1, -1);
  return [high, low].flatMap((pair) => [Number.parseInt(pair, 16) >> 8, Number.parseInt(pair, 16) & 255]).join(".");
}

function splitScheme(text: string): { readonly scheme?: string; readonly authority: string } {
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { authority: text };
  return { scheme: scheme.toLowerCase(), authority: rest.replace(/\/$/, "") };
}

function splitPort(authority: string): { readonly host: string; readonly port?: number } {
  if (isIPv6(authority)) return { host: authority };
  const [, inBrackets, bare, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,10}))?$/.exec(authority) ?? [];
  // Brackets are for IPv6 addresses only; what is neither form falls through to a host name that is none.
  const host = inBrackets === undefined ? (bare ?? authority) : isIPv6(inBrackets) ? inBrackets : "";
  return port === undefined ? { host } : { host, port: Number(port) };
}

/** RFC 1123 names, and the underscore that private networks use; other scripts in their ASCII form (IDNA). */
function hostName(text: string): string | undefined {
  const ascii = /^[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const labels = ascii.replace(/\.$/, "").split(".");
  const wellFormed = labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
  // A number at the end makes it a mistyped IPv4 address, which resolvers read in surprising ways: 127.1, 0x7f000001.
  const isNumber = /^(\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? "");
  return wellFormed && ascii.length <= 253 && !isNumber ? labels.join(".") : undefined;
}
