import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Randomness, randomText, randomUuid, systemRandomness } from "../../src/base/randomness.ts";

/** Gives the bytes of `stream` one after the other, and then its beginning again. */
function playing(...stream: readonly number[]): Randomness {
  let next = 0;
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => stream[next++ % stream.length] ?? 0),
    fraction: () => 0.5,
  };
}

describe("a random text", () => {
  test("drops bytes that would favour the first characters", () => {
    // 256 is 25 tens and 6: 250 to 255 would make 0 to 5 likelier than 6 to 9.
    expect(randomText(playing(250, 255, 7, 249, 251, 0), "0123456789", 3)).toBe("790");
  });

  test("is unbiased: over all bytes each character comes equally often", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), (size) => {
        const alphabet = String.fromCodePoint(...Array.from({ length: size }, (_, index) => 0x100 + index));
        const everyByte = Array.from({ length: 256 }, (_, byte) => byte);
        const fair = Math.floor(256 / size);
        const counts = new Map<string, number>();
        for (const sign of randomText(playing(...everyByte), alphabet, fair * size)) {
          counts.set(sign, (counts.get(sign) ?? 0) + 1);
        }
        expect(counts.size).toBe(size);
        expect(new Set(counts.values())).toEqual(new Set([fair]));
      }),
    );
  });

  test("has the length and the characters that were asked for, and is another each time", () => {
    const texts = Array.from({ length: 100 }, () => randomText(systemRandomness, "ABC", 40));
    for (const text of texts) expect(text).toMatch(/^[ABC]{40}$/);
    expect(new Set(texts).size).toBe(100);
  });

  test("of no characters is empty", () => {
    expect(randomText(systemRandomness, "ABC", 0)).toBe("");
  });
});

describe("a random UUID", () => {
  test("is of version 4 and variant 1 (RFC 9562), whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const uuid = randomUuid({ bytes: () => bytes, fraction: () => 0 });
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test("keeps the other bits", () => {
    expect(randomUuid(playing(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
    expect(randomUuid(playing(0x00))).toBe("00000000-0000-4000-8000-000000000000");
  });
});

test("the system's randomness gives as many bytes as asked for, and fractions from 0 up to 1", () => {
  expect(systemRandomness.bytes(16)).toHaveLength(16);
  for (let count = 0; count < 100; count++) {
    const fraction = systemRandomness.fraction();
    expect(fraction >= 0 && fraction < 1).toBe(true);
  }
});
