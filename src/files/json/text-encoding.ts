/** Where a text is not what it should be; `offset` counts its UTF-16 units from 0. */
export interface Fault {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/** What every file of ours must hold. */
export const anObject = "a JSON object in braces";

/** A text with the byte order mark that stood before it, or why the bytes are none, and the text up to there. */
export type Decoded = { readonly text: string; readonly mark: string; readonly fault?: Fault };

const byteOrderMark = "\u{feff}";

/** Decodes UTF-8, with or without a byte order mark. Encoding the mark and the text again gives the same bytes. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const utf16 = looksLikeUtf16(bytes);
  if (utf16 !== undefined) {
    const found = `a file in ${utf16}`;
    return { text: "", mark: "", fault: { offset: 0, found, expected: "UTF-8; save it again in that encoding" } };
  }
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : "";
  const text = whole.slice(mark.length);
  const broken = firstBrokenCharacter(whole, bytes);
  if (broken !== undefined) {
    const fault = { offset: broken - mark.length, found: "bytes that are not UTF-8", expected: "UTF-8" };
    return { text, mark, fault };
  }
  const zero = text.indexOf("\0");
  if (zero === -1) return { text, mark };
  return { text, mark, fault: { offset: zero, found: "a zero byte", expected: "text; the file was probably damaged" } };
}

/** By its byte order mark, or by the zero half of an ASCII character at the beginning. */
function looksLikeUtf16([first, second]: Uint8Array): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first !== undefined && first > 0 && first < 0x80 && second === 0)) {
    return "UTF-16 (little endian)";
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second > 0 && second < 0x80)) {
    return "UTF-16 (big endian)";
  }
  return undefined;
}

/** The decoder puts U+FFFD for what it cannot read; a file may hold that character, too, so the bytes decide. */
function firstBrokenCharacter(text: string, bytes: Uint8Array): number | undefined {
  const encoder = new TextEncoder();
  let [from, byte] = [0, 0];
  for (let at = text.indexOf("\u{fffd}"); at !== -1; at = text.indexOf("\u{fffd}", from)) {
    byte += encoder.encode(text.slice(from, at)).byteLength;
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return at;
    [from, byte] = [at + 1, byte + 3];
  }
  return undefined;
}
