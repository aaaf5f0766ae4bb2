import { randomBytes } from "node:crypto";

/** Chance as an argument. */
export interface Randomness {
  /** `count` bytes that nobody can predict. */
  bytes(count: number): Uint8Array;
  /** From 0 up to, but not including, 1; for waits, never for secrets. */
  fraction(): number;
}

export const systemRandomness: Randomness = {
  bytes: (count) => randomBytes(count),
  fraction: () => Math.random(),
};

/** `length` characters of `alphabet`, each equally likely: bytes that would favour the first characters are dropped. */
export function randomText(randomness: Randomness, alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomness.bytes(length - text.length)) {
      if (byte < fair) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

/** A random UUID (RFC 9562, version 4). */
export function randomUuid(randomness: Randomness): string {
  const hex = Array.from(randomness.bytes(16), (byte, index) => {
    if (index === 6) return ((byte & 0x0f) | 0x40).toString(16).padStart(2, "0");
    if (index === 8) return ((byte & 0x3f) | 0x80).toString(16).padStart(2, "0");
    return byte.toString(16).padStart(2, "0");
  }).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
