import { commonNamed, integer, sequence, signed, tags, value } from "./der.ts";
import type { Subject } from "./self-signed-certificate.ts";

/** A request for a certificate (PKCS #10, RFC 2986), DER: a name and a key, and nothing that is asked for besides. */
export function certificateRequest({ commonName, publicKey, sign }: Omit<Subject, "serialNumber">): Uint8Array {
  const version = integer(Uint8Array.of(0));
  const request = sequence(version, commonNamed(commonName), publicKey, value(tags.attributes));
  return signed(request, sign(request));
}
