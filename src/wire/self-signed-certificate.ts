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
  const name = sequence(set(sequence(objectIdentifier(2, 5, 4, 3), value(tags.utf8String, utf8(commonName)))));
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
  return sequence(certificate, ecdsaWithSha256, value(tags.bitString, Uint8Array.of(0), sign(certificate)));
}

/** Of DER (ITU-T X.690). */
const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;

const ecdsaWithSha256 = sequence(objectIdentifier(1, 2, 840, 10045, 4, 3, 2));
/** basicConstraints, with nothing said: no authority. */
const notAnAuthority = sequence(objectIdentifier(2, 5, 29, 19), value(tags.octetString, sequence()));
/** extendedKeyUsage clientAuth. */
const forClients = sequence(
  objectIdentifier(2, 5, 29, 37),
  value(tags.octetString, sequence(objectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2))),
);

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return value(tags.sequence, ...parts);
}

function set(...parts: readonly Uint8Array[]): Uint8Array {
  return value(tags.set, ...parts);
}

function value(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.byteLength), content]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100 ? Uint8Array.of(0x81, length) : Uint8Array.of(0x82, length >> 8, length & 0xff);
}

/** Not negative, and as short as it can be. */
function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return value(tags.integer, ...((digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), digits] : [digits]));
}

function objectIdentifier(first: number, second: number, ...others: readonly number[]): Uint8Array {
  return value(tags.objectIdentifier, Uint8Array.from([first * 40 + second, ...others.flatMap(inSevens)]));
}

/** In groups of seven bits, all but the last marked. */
function inSevens(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
