import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "../../../src/files/json/text-encoding.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("decoding a text", () => {
  it("gives the text, and the byte order mark apart", () => {
    expect(decodeUtf8(utf8('{"ä": "€"}'))).toEqual({ text: '{"ä": "€"}', mark: "" });
    expect(decodeUtf8(utf8("\u{feff}{}"))).toEqual({ text: "{}", mark: "\u{feff}" });
    expect(decodeUtf8(utf8(""))).toEqual({ text: "", mark: "" });
  });

  it("names UTF-16, with and without a byte order mark", () => {
    const found = (...bytes: number[]) => decodeUtf8(Uint8Array.from(bytes)).fault?.found;
    expect(found(0xff, 0xfe, 0x7b, 0x00)).toBe("a file in UTF-16 (little endian)");
    expect(found(0xfe, 0xff, 0x00, 0x7b)).toBe("a file in UTF-16 (big endian)");
    expect(found(0x7b, 0x00, 0x7d, 0x00)).toBe("a file in UTF-16 (little endian)");
    expect(found(0x00, 0x7b, 0x00, 0x7d)).toBe("a file in UTF-16 (big endian)");
  });

  it("gives no text of a file in UTF-16, and says what to do", () => {
    const expected = "UTF-8; save it again in that encoding";
    const fault = { offset: 0, found: "a file in UTF-16 (little endian)", expected };
    expect(decodeUtf8(Uint8Array.from([0xff, 0xfe]))).toEqual({ text: "", mark: "", fault });
  });

  it("does not take half a byte order mark, or a zero byte beside one that is no ASCII, for UTF-16", () => {
    for (const bytes of [
      [0xff, 0x41],
      [0x41, 0xfe],
      [0xfe, 0x41],
      [0x41, 0xff],
      [0x80, 0x00],
      [0xc3, 0x00],
      [0x00, 0x80],
      [0x00, 0xc3],
    ]) {
      expect(decodeUtf8(Uint8Array.from(bytes)).fault?.found, String(bytes)).toBe("bytes that are not UTF-8");
    }
  });

  it("is not deceived by bytes that are nearly those of the replacement character", () => {
    const offsetOf = (...bytes: number[]) => decodeUtf8(Uint8Array.from(bytes)).fault?.offset;
    expect(offsetOf(0xff, 0xbf, 0xbd)).toBe(0);
    expect(offsetOf(0xef, 0x41, 0xbd)).toBe(0);
    expect(offsetOf(0xef, 0xbf, 0x41)).toBe(0);
  });

  it("finds the first bytes that are not UTF-8, also behind a replacement character that is meant", () => {
    const bytes = Uint8Array.from([...utf8("a\n\u{fffd}b"), 0xc3, 0x28]);
    expect(decodeUtf8(bytes).fault).toEqual({ offset: 4, found: "bytes that are not UTF-8", expected: "UTF-8" });
    expect(decodeUtf8(utf8("a\u{fffd}b")).fault).toBeUndefined();
    const marked = Uint8Array.from([...utf8("\u{feff}ab"), 0xff]);
    expect(decodeUtf8(marked).fault?.offset).toBe(2);
  });

  it("finds a zero byte, as a power cut leaves them", () => {
    expect(decodeUtf8(utf8("{\n\0\0")).fault).toEqual({
      offset: 2,
      found: "a zero byte",
      expected: "text; the file was probably damaged",
    });
    expect(decodeUtf8(new Uint8Array(4096)).fault).toMatchObject({ offset: 0, found: "a zero byte" });
  });

  it("loses nothing: the mark and the text encode to the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const { text, mark, fault } = decodeUtf8(bytes);
        if (fault === undefined) expect(utf8(mark + text)).toEqual(bytes);
        else expect(fault.offset).toBeLessThanOrEqual(text.length);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("a", "\n", "\0", "\u{e4}", "\u{20ac}", "\u{fffd}", "\u{feff}", "\u{1f4f7}"),
        }),
        (text) => {
          const { fault } = decodeUtf8(utf8(text));
          expect(fault === undefined || fault.found !== "bytes that are not UTF-8").toBe(true);
        },
      ),
    );
  });
});
