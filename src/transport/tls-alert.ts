import { isIpAddress } from "../model/server-address.ts";
import type { Failure } from "./network-failure.ts";

/** OpenSSL ends its message with the number of the alert that came. */
export function alertOf({ message }: Error): number | undefined {
  const [, number] = /SSL alert number (\d+)/.exec(message) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** What the server means by an alert that ends TLS; `wanted` is the name by which it was addressed. */
export function alertFailure(alert: number, wanted: string): Failure {
  switch (alert) {
    case 40:
      return {
        code: "TLS_HANDSHAKE_REFUSED",
        sentence:
          "the server broke the TLS handshake off: it has no cipher in common with this camera, or wants a client certificate",
      };
    case 42:
    case 43:
    case 44:
    case 45:
    case 46:
    case 48:
    case 49:
    case 116:
      return {
        code: "TLS_CLIENT_CERTIFICATE_WANTED",
        sentence: `the server lets nobody in without a client certificate that it knows (alert ${alertWords(alert)})`,
      };
    case 70:
    case 86:
      return versionRefused;
    case 71:
      return { code: "TLS_VERSION_REFUSED", sentence: "the server takes none of the ciphers that this camera offers" };
    case 112: {
      const asked = isIpAddress(wanted)
        ? "the server answers to certain names only, and was addressed by a number"
        : `the server does not know the name "${wanted}"`;
      return { code: "TLS_NAME_REFUSED", sentence: asked };
    }
    case 20:
    case 21:
    case 22:
    case 50:
    case 51:
      return damaged;
    default:
      return { code: "TLS_FAILED", sentence: `the server broke TLS off (alert ${alertWords(alert)})` };
  }
}

/** Less than TLS 1.2 is not safe, and more than 1.3 is not known. */
export const versionRefused: Failure = {
  code: "TLS_VERSION_REFUSED",
  sentence: "the server offers no TLS version that this camera accepts: it must have TLS 1.2 or 1.3",
};

/** Neither side can have meant what arrived. */
export const damaged: Failure = {
  code: "TLS_DAMAGED",
  sentence: "what was sent did not arrive as it was sent: TLS could not be decrypted",
};

/** RFC 8446, section 6, and those that older versions know. */
const alerts: Readonly<Record<number, string>> = {
  10: "unexpected_message",
  30: "decompression_failure",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  80: "internal_error",
  90: "user_canceled",
  109: "missing_extension",
  110: "unsupported_extension",
  113: "bad_certificate_status_response",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
};

function alertWords(alert: number): string {
  const name = alerts[alert];
  return name === undefined ? `${alert}` : `${alert}, ${name}`;
}
