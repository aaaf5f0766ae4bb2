/** Of DER (ITU-T X.690), those that certificates and requests for them need. */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** In a certificate. */
  version: 0xa0,
  /** In a request. */
  attributes: 0xa0,
  extensions: 0xa3,
} as const;

export const ecdsaWithSha256 = sequence(objectIdentifier(1, 2, 840, 10045, 4, 3, 2));

/** A name with nothing but a common name. */
export function commonNamed(commonName: string): Uint8Array {
  return sequence(set(sequence(objectIdentifier(2, 5, 4, 3), value(tags.utf8String, utf8(commonName)))));
}

/** What is signed, how, and the signature: the form of certificates and of requests. */
export function signed(content: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(content, ecdsaWithSha256, value(tags.bitString, Uint8Array.of(0), signature));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return value(tags.sequence, ...parts);
}

function set(...parts: readonly Uint8Array[]): Uint8Array {
  return value(tags.set, ...parts);
}

export function value(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.byteLength), content]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100 ? Uint8Array.of(0x81, length) : Uint8Array.of(0x82, length >> 8, length & 0xff);
}

/** Not negative, and as short as it can be. */
export function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return value(tags.integer, ...((digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), digits] : [digits]));
}

export function objectIdentifier(first: number, second: number, ...others: readonly number[]): Uint8Array {
  return value(tags.objectIdentifier, Uint8Array.from([first * 40 + second, ...others.flatMap(inSevens)]));
}

/** In groups of seven bits, all but the last marked. */
function inSevens(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
