import { commonNamed, ecdsaWithSha256, integer, objectIdentifier, sequence, signed, tags, utf8, value } from "./der.ts";

/** What a certificate is about. */
export interface Subject {
  readonly commonName: string;
  /** 16 bytes by chance. */
  readonly serialNumber: Uint8Array;
  /** The public key as a SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** ECDSA with SHA-256, DER. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/**
 * A certificate (X.509 version 3, RFC 5280) that its own key signs, DER. It is valid from 1970 to 9999: the server looks at
 * the dates on every login, and the camera may not know what time it is.
 */
export function selfSignedCertificate({ commonName, serialNumber, publicKey, sign }: Subject): Uint8Array {
  const name = commonNamed(commonName);
  const certificate = sequence(
    value(tags.version, integer(Uint8Array.of(2))),
    integer(serialNumber),
    ecdsaWithSha256,
    name,
    sequence(value(tags.utcTime, utf8("700101000000Z")), value(tags.generalizedTime, utf8("99991231235959Z"))),
    name,
    publicKey,
    value(tags.extensions, sequence(notAnAuthority, forClients)),
  );
  return signed(certificate, sign(certificate));
}

/** basicConstraints, with nothing said: no authority. */
const notAnAuthority = sequence(objectIdentifier(2, 5, 29, 19), value(tags.octetString, sequence()));
/** extendedKeyUsage clientAuth. */
const forClients = sequence(
  objectIdentifier(2, 5, 29, 37),
  value(tags.octetString, sequence(objectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2))),
);
