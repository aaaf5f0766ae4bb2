import { X509Certificate } from "node:crypto";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate, rootCertificates } from "node:tls";
import { isIpAddress } from "../model/server-address.ts";
import { chainOf, namesOf, publicKeyPin, verifiedPart } from "./certificate-facts.ts";
import type { TlsSettings } from "./link.ts";

/** Why the server is not the one that was meant, in the manner of Node's own codes. */
export const identityCodes = {
  otherName: "ERR_TLS_CERT_ALTNAME_INVALID",
  noName: "TLS_CERTIFICATE_WITHOUT_NAME",
  otherKey: "TLS_PIN_MISMATCH",
} as const;

/**
 * Forward secrecy and authenticated encryption only, at OpenSSL's security level 2: RSA and DH of 2048 bits, no SHA-1.
 * Named here, because Node's defaults can be changed by the environment.
 */
const ciphers =
  "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=2";

/** The name that the server must prove to have. */
export function nameToProve(host: string, { serverName }: TlsSettings): string {
  return serverName ?? host;
}

/** What Node is told of the TLS connection. `noticed` is called for a certificate that has no name and is trusted itself. */
export function tlsOptions(host: string, settings: TlsSettings, noticed: () => void): ConnectionOptions {
  const name = nameToProve(host, settings);
  const { authorities, named = [], alsoNodes = false, clientCertificate: own } = settings;
  return {
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers,
    rejectUnauthorized: true,
    // Also an intermediate authority, or the server's own certificate, is trusted where a person has named it.
    allowPartialTrustChain: named.length > 0,
    checkServerIdentity: (_host, certificate) => identityError(name, certificate, settings, noticed),
    ...(isIpAddress(name) ? {} : { servername: name }),
    ...(own === undefined ? {} : { cert: own.certificates, key: own.privateKey.reveal() }),
    ...(authorities === undefined ? {} : { ca: [...authorities, ...(alsoNodes ? rootCertificates : [])] }),
  };
}

function identityError(
  name: string,
  leaf: PeerCertificate,
  settings: TlsSettings,
  noticed: () => void,
): Error | undefined {
  return nameError(name, leaf, settings, noticed) ?? pinError(leaf, settings);
}

/** Whether the certificate is for `name`. A common name counts only where a person has named this very certificate. */
function nameError(
  name: string,
  leaf: PeerCertificate,
  { named = [] }: TlsSettings,
  noticed: () => void,
): Error | undefined {
  const certificate = new X509Certificate(leaf.raw);
  if (namesOf(certificate).length > 0) {
    return isNamed(certificate, name, leaf) ? undefined : failure(identityCodes.otherName, `not for ${name}`);
  }
  const isTrustedItself = named.some((pem) => new X509Certificate(pem).raw.equals(certificate.raw));
  if (!isTrustedItself) return failure(identityCodes.noName, "no names in its subjectAltName");
  const hasCommonName = isIpAddress(name)
    ? leaf.subject.CN === name
    : certificate.checkHost(name, { subject: "always", partialWildcards: false }) !== undefined;
  if (!hasCommonName) return failure(identityCodes.otherName, `not for ${name}`);
  noticed();
  return undefined;
}

/** Node 22.23 takes an IPv6 address for a name, and finds it in no certificate. */
function isNamed(certificate: X509Certificate, name: string, leaf: PeerCertificate): boolean {
  if (isIpAddress(name)) return certificate.checkIP(withoutZone(name)) !== undefined;
  return hasDnsName(certificate) && checkServerIdentity(name, leaf) === undefined;
}

function hasDnsName({ subjectAltName = "" }: X509Certificate): boolean {
  return /(^|, )DNS:/.test(subjectAltName);
}

/** The interface of a link-local address, `%eth0`, is this machine's affair. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

function pinError(leaf: PeerCertificate, { pinnedPublicKeys = [] }: TlsSettings): Error | undefined {
  if (pinnedPublicKeys.length === 0) return undefined;
  const keys = verifiedPart(chainOf(leaf)).map(publicKeyPin);
  if (keys.some((key) => pinnedPublicKeys.includes(key))) return undefined;
  return failure(identityCodes.otherKey, `the keys are ${keys.join(", ")}`);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
