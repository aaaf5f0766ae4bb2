import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InFewPieces } from "../../src/transport/in-few-pieces.ts";

afterEach(() => vi.restoreAllMocks());

/** A packet: its kind, its length in as many bytes as it takes, and so many bytes. */
function packet(length: number): number[] {
  const digits: number[] = [];
  for (let rest = length; digits.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    digits.push((rest % 128) + (rest >= 128 ? 128 : 0));
  }
  return [0x30, ...digits, ...Array.from({ length }, (_, index) => index % 251)];
}

function gathering() {
  const given: Uint8Array[] = [];
  return { given, pieces: new InFewPieces((bytes) => void given.push(bytes.slice())) };
}

describe("the bytes of packets", () => {
  it("are all given, in their order, wherever they are cut, once what follows a header is whole", () => {
    const lengths = fc.array(fc.oneof(fc.nat(3), fc.nat(300), fc.constantFrom(127, 128, 16_383, 16_384)), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(lengths, fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1 }), (bodies, cuts) => {
        const { given, pieces } = gathering();
        const bytes = Uint8Array.from(bodies.flatMap(packet));
        for (let [from, turn] = [0, 0]; from < bytes.length; turn++) {
          const to = from + (cuts[turn % cuts.length] ?? 1);
          pieces.take(bytes.subarray(from, to));
          from = to;
        }
        expect(Buffer.concat(given)).toEqual(Buffer.from(bytes));
        for (const body of bodies) if (body > 0) expect(given.some((piece) => piece.length === body)).toBe(true);
      }),
    );
  });

  it("are given in five pieces, and copied three times at most, when a packet of 250,000 comes byte by byte", () => {
    const { given, pieces } = gathering();
    const copied = vi.spyOn(Uint8Array.prototype, "set");
    for (const byte of packet(250_000)) pieces.take(Uint8Array.of(byte));
    const counts = copied.mock.calls.map(([from]) => from.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(3 * 250_000);
    expect(given.map(({ length }) => length)).toEqual([1, 1, 1, 1, 250_000]);
  });

  it("are given at once where they tell a length of more than four bytes, which no packet has", () => {
    const { given, pieces } = gathering();
    pieces.take(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2));
    expect(Buffer.concat(given).toString("hex")).toBe("30ffffffffff0102");
  });

  it("take no memory for what a header only promises", () => {
    const { pieces } = gathering();
    const before = process.memoryUsage().arrayBuffers;
    pieces.take(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 1));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});
