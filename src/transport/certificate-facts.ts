import { createHash, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
import { printable } from "../model/problem.ts";

/** More is not a chain; who sends so many wants to be read for ever. */
const longestChain = 10;

/** More names than a person reads. */
const mostNames = 6;

/**
 * The certificate of a server and those that signed it, as far as they were sent or are at hand. Node's
 * `getPeerX509Certificate` is not asked: on Node 20 it takes the certificate away from the check that follows.
 */
export function chainOf(leaf: DetailedPeerCertificate | PeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | PeerCertificate | undefined = leaf;
  // A certificate that signed itself is its own issuer there.
  while (
    next?.raw !== undefined &&
    chain.length < longestChain &&
    !chain.some(({ raw }) => raw.equals(next?.raw ?? raw))
  ) {
    chain.push(new X509Certificate(next.raw));
    next = "issuerCertificate" in next ? next.issuerCertificate : undefined;
  }
  return chain;
}

/** What was presented: `"tb.example" (for tb.example, 10.0.0.5), issued by "E7", valid from … to …`; then its issuers. */
export function chainInWords(chain: readonly X509Certificate[]): string {
  const [leaf, ...issuers] = chain;
  if (leaf === undefined) return "no certificate that can be read";
  const names = namesOf(leaf);
  const forWhom = names.length === 0 ? "without names in its subjectAltName" : `for ${names.join(", ")}`;
  const behind = issuers.map((each) => `; then ${quoted(each.subject)}, ${issuedBy(each)}${validity(each)}`);
  return `${quoted(leaf.subject)} (${forWhom}), ${issuedBy(leaf)}${validity(leaf)}${behind.join("")}`;
}

/** The host names and addresses that a certificate is for. */
export function namesOf({ subjectAltName = "" }: X509Certificate): readonly string[] {
  const names = Array.from(
    subjectAltName.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g),
    ([, name = ""]) => name,
  );
  const shown = names.slice(0, mostNames).map((name) => printable(name));
  return names.length > mostNames ? [...shown, `${names.length - mostNames} more`] : shown;
}

/** The common name, else whatever the name ends with, in quotes. */
export function quoted(distinguishedName: string): string {
  const parts = distinguishedName.split("\n");
  const commonName = parts.findLast((part) => part.startsWith("CN="))?.slice("CN=".length);
  return `"${printable(commonName ?? parts.at(-1) ?? "")}"`;
}

/** `2026-11-27 06:30 UTC`. */
export function moment(date: Date): string {
  return Number.isNaN(date.getTime())
    ? "a moment that cannot be read"
    : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

/** `sha256/…`, the form in which public keys are pinned (RFC 7469). */
export function publicKeyPin({ publicKey }: X509Certificate): string {
  const bytes = publicKey.export({ type: "spki", format: "der" });
  return `sha256/${createHash("sha256").update(bytes).digest("base64")}`;
}

/** Those of the chain, from the leaf on, that truly signed the one before: a name alone is easily claimed. */
export function verifiedPart(chain: readonly X509Certificate[]): readonly X509Certificate[] {
  const unsigned = chain.findIndex((each, index) => {
    const below = chain[index - 1];
    return below !== undefined && !below.verify(each.publicKey);
  });
  return unsigned === -1 ? chain : chain.slice(0, unsigned);
}

function issuedBy(certificate: X509Certificate): string {
  return isSelfSigned(certificate) ? "which signed itself" : `issued by ${quoted(certificate.issuer)}`;
}

function validity({ validFrom, validTo }: X509Certificate): string {
  return `, valid from ${moment(new Date(validFrom))} to ${moment(new Date(validTo))}`;
}
