import { X509Certificate } from "node:crypto";
import { isSelfSigned, moment, namesOf, quoted } from "./certificate-facts.ts";
import type { TlsSettings } from "./link.ts";
import type { Failure } from "./network-failure.ts";
import { alertFailure, alertOf, damaged, versionRefused } from "./tls-alert.ts";
import { identityCodes, nameToProve } from "./tls-settings.ts";

/** What a handshake that failed had shown by then. */
export interface Handshake {
  readonly host: string;
  readonly settings: TlsSettings;
  /** The server's certificate and its issuers; empty where none was seen. */
  readonly chain: readonly X509Certificate[];
  /** Whether the server has sent anything at all. */
  readonly heard: boolean;
  /** The camera's clock. */
  readonly now: Date;
}

/** Why TLS was not set up, or was broken off; undefined for what is no matter of TLS. */
export function tlsFailure(error: Error, name: string | undefined, handshake: Handshake): Failure | undefined {
  const alert = alertOf(error);
  if (alert !== undefined) return alertFailure(alert, nameToProve(handshake.host, handshake.settings));
  if (name === undefined) return undefined;
  if (error.message.includes("tpm2::")) return { code: "TLS_FAILED", sentence: "the TPM did not do its part" };
  return certificateFailure(name, error.message, handshake) ?? protocolFailure(name, handshake);
}

/** What is wrong with the certificate, by Node's code, or by OpenSSL's text where Node has none. */
function certificateFailure(name: string, text: string, handshake: Handshake): Failure | undefined {
  const { host, settings, chain, now } = handshake;
  const [leaf] = chain;
  const last = chain.at(-1);
  switch (name) {
    case "CERT_HAS_EXPIRED": {
      const old = chain.find(({ validTo }) => new Date(validTo) < now);
      const which =
        old === undefined
          ? "the certificate has expired"
          : `${quoted(old.subject)} expired on ${moment(new Date(old.validTo))}`;
      return { code: "TLS_EXPIRED", sentence: `by this camera's clock (${moment(now)}) ${which}` };
    }
    case "CERT_NOT_YET_VALID": {
      const young = chain.find(({ validFrom }) => new Date(validFrom) > now);
      const which =
        young === undefined
          ? "the certificate is not valid yet"
          : `${quoted(young.subject)} is valid from ${moment(new Date(young.validFrom))} only`;
      return { code: "TLS_NOT_YET_VALID", sentence: `by this camera's clock (${moment(now)}) ${which}` };
    }
    case identityCodes.otherName: {
      const wanted = nameToProve(host, settings);
      const names = leaf === undefined ? [] : namesOf(leaf);
      const has =
        names.length > 0
          ? names.map((each) => `"${each}"`).join(", ")
          : leaf === undefined
            ? "another name"
            : `${quoted(leaf.subject)}, and has no names in its subjectAltName`;
      const field = settings.serverName === undefined ? "server_url" : "server_name";
      return { code: "TLS_WRONG_HOST", sentence: `the certificate is for ${has}; ${field} is "${wanted}"` };
    }
    case identityCodes.noName:
      return {
        code: "TLS_CERTIFICATE_WITHOUT_NAME",
        sentence: `the certificate ${leaf === undefined ? "" : `${quoted(leaf.subject)} `}names no host: it has no subjectAltName`,
      };
    case identityCodes.otherKey:
      return {
        code: "TLS_PIN_MISMATCH",
        sentence: `no certificate of the server has one of the pinned_public_keys: ${text}`,
      };
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return untrusted("the server's certificate signed itself, and is not among those trusted here");
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_UNTRUSTED":
      return fromStranger(chain, settings);
    case "CERT_SIGNATURE_FAILURE":
      return namesake(last === undefined ? "authority" : quoted(last.issuer));
    case "CERT_REVOKED":
      return untrusted("the server's certificate was revoked");
    case "CERT_CHAIN_TOO_LONG":
    case "CERT_REJECTED":
      return untrusted("the server's certificate is not trusted here");
    default:
      return refusedByOpenSsl(name, text, chain);
  }
}

/** Signed by somebody who is not trusted here; or by somebody who may be, but whose own certificate was not sent. */
function fromStranger(chain: readonly X509Certificate[], { named = [] }: TlsSettings): Failure {
  const last = chain.at(-1);
  const issuer = last === undefined ? "an authority that was not seen" : quoted(last.issuer);
  if (named.some((pem) => new X509Certificate(pem).subject === last?.issuer)) return namesake(issuer);
  if (last === undefined || chain.length > 1 || isSelfSigned(last)) {
    return untrusted(`the server's certificate comes from ${issuer}, whom this camera does not trust`);
  }
  return {
    code: "TLS_CHAIN_INCOMPLETE",
    sentence: `the server sent its certificate without that of its issuer ${issuer}, which is not among those trusted here`,
  };
}

function namesake(issuer: string): Failure {
  return untrusted(`the certificate was not signed by the ${issuer} that is trusted here, but by another of that name`);
}

function untrusted(sentence: string): Failure {
  return { code: "TLS_UNTRUSTED", sentence };
}

/** The names that OpenSSL's own verification has, besides those that need words of their own. */
const unfit = ["INVALID_PURPOSE", "INVALID_CA", "PATH_LENGTH_EXCEEDED", "UNSPECIFIED"];

/** Node calls most of what OpenSSL finds in a certificate UNSPECIFIED; the text says it. */
function refusedByOpenSsl(name: string, text: string, chain: readonly X509Certificate[]): Failure | undefined {
  if (/KEY_TOO_SMALL|MD_TOO_WEAK/.test(name)) return tooWeak(text);
  if (!unfit.includes(name)) return undefined;
  if (/too (weak|small)/i.test(text)) return tooWeak(text);
  const [leaf, ...issuers] = chain;
  const whose =
    leaf !== undefined && isSelfSigned(leaf)
      ? "the server's own certificate"
      : "the server's certificate, or one that signed it,";
  const what = issuers.every(({ ca }) => ca) ? reason(name, text) : notAnAuthority;
  return { code: "TLS_CERTIFICATE_UNFIT", sentence: `${whose} is not made for this: ${what}` };
}

function tooWeak(text: string): Failure {
  const what = /digest|md/i.test(text)
    ? "a certificate of the server is signed with SHA-1, or another digest that is too weak"
    : /dh key/i.test(text)
      ? "the server's key exchange (DH) is too weak"
      : "a key of the server, or of its authority, is too weak";
  return { code: "TLS_TOO_WEAK", sentence: what };
}

const notAnAuthority = "it was signed by a certificate that is not an authority";

/** OpenSSL's few words, in those of people. */
function reason(name: string, text: string): string {
  if (name === "INVALID_PURPOSE") return "it may be used by clients, or for something else, but not by a server";
  if (name === "PATH_LENGTH_EXCEEDED") return "an authority signed another authority, which it may not";
  if (name === "INVALID_CA" || /certificate signing/i.test(text)) return notAnAuthority;
  if (/subtree|name constraint/i.test(text)) return "its authority may not sign certificates for this name";
  if (/critical extension/i.test(text)) return "it holds a critical extension that nobody here understands";
  return `OpenSSL says "${text}"`;
}

/** What is not TLS, or no TLS that is safe. */
function protocolFailure(name: string, { heard }: Handshake): Failure | undefined {
  if (
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_TOO_SMALL|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE/.test(
      name,
    )
  ) {
    return { code: "TLS_NOT_SPOKEN", sentence: "what answers there does not speak TLS" };
  }
  if (/UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW|WRONG_SSL_VERSION|UNKNOWN_PROTOCOL/.test(name)) {
    return versionRefused;
  }
  if (/BAD_RECORD_MAC|BAD_SIGNATURE|DECRYPTION_FAILED|DIGEST_CHECK_FAILED|BAD_DECRYPT|BLOCK_CIPHER_PAD/.test(name))
    return damaged;
  if (/EXCESSIVE_MESSAGE_SIZE|TOO_MANY_WARN_ALERTS|TOO_MANY_KEY_UPDATES/.test(name))
    return { code: "TLS_FAILED", sentence: "the server sent more than belongs into a TLS handshake" };
  if (name.startsWith("ERR_SSL_")) return { code: "TLS_FAILED", sentence: "TLS could not be set up" };
  if (["ECONNRESET", "EPIPE", "EPROTO", "ECONNABORTED"].includes(name)) {
    return heard
      ? { code: "TLS_FAILED", sentence: "the server ended the connection in the middle of the TLS handshake" }
      : {
          code: "NOTHING_HEARD",
          sentence: "the other side ended the connection without one byte, when TLS was to begin",
        };
  }
  return undefined;
}
