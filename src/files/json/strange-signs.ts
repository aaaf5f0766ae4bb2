import type { Fault } from "./text-encoding.ts";

/** A sign, or a few, that cannot be a secret, and what stands in a JSON file instead. */
type Strange = Pick<Fault, "found" | "expected">;

const plainQuote = 'the plain quotation mark " (U+0022)';

/** What stands in a JSON file and looks right to a person; `found` may name it, for it is no part of a value. */
function strangeSign(sign: string): Strange | undefined {
  const code = sign.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/[\u2018-\u201f\u00ab\u00bb\u2032\u2033\u2039\u203a\u300c-\u300f\uff02\uff07]/.test(sign)) {
    return { found: `the typographic quotation mark ${point}`, expected: plainQuote };
  }
  if (sign === "'" || sign === "`" || sign === "\u00b4")
    return { found: `the quotation mark ${point}`, expected: plainQuote };
  if (/\s/.test(sign) && code > 0x20) return { found: `the special space ${point}`, expected: "a plain space" };
  if (/\p{Cf}/u.test(sign)) return { found: `the invisible character ${point}`, expected: "nothing there" };
  if (code >= 0xff01 && code <= 0xff5e) {
    return { found: `the full-width sign ${point}`, expected: `the plain sign ${String.fromCharCode(code - 0xfee0)}` };
  }
  return undefined;
}

/** Words of other languages that JSON has not. */
const words: Readonly<Record<string, string>> = {
  NaN: "null, or a number",
  Infinity: "null, or a number",
  "-Infinity": "null, or a number",
  undefined: "null",
  None: "null",
  nil: "null",
  True: "true",
  False: "false",
  TRUE: "true",
  FALSE: "false",
};

/** What is strange in the word that begins at `offset`, with its place. */
export function strangeAt(text: string, offset: number): Fault | undefined {
  const [word = ""] = /^-?[^\s,:{}[\]"]*/.exec(text.slice(offset, offset + 100)) ?? [];
  const [space = ""] = /^[^\S \t\r\n]/.exec(text.slice(offset)) ?? [];
  for (const [index, sign] of [...(word === "" ? space : word)].entries()) {
    const strange = strangeSign(sign);
    if (strange !== undefined) return { offset: offset + index, ...strange };
  }
  const expected = Object.hasOwn(words, word) ? words[word] : undefined;
  return expected === undefined ? undefined : { offset, found: `the word ${word}`, expected };
}

/** Where a text begins with a plain quotation mark, and the line has a typographic one. */
export function strangeEnd(text: string, offset: number): Fault | undefined {
  const [line = ""] = /^[^\r\n]*/.exec(text.slice(offset)) ?? [];
  const at = line.search(/[\u201c\u201d\u201e\u201f\u2033\uff02]/);
  const strange = at === -1 ? undefined : strangeSign(line.charAt(at));
  return strange === undefined ? undefined : { offset: offset + at, ...strange };
}

/** What a whole file is instead of JSON, or what was left over in it. */
export function strangeFile(text: string): Fault | undefined {
  const start = text.length - text.trimStart().length;
  if (text.startsWith("{\\rtf", start)) {
    return { offset: start, found: "a file of a word processor (RTF)", expected: "plain text; save it as such" };
  }
  if (/^<(!doctype|html|\?xml)/i.test(text.slice(start))) {
    return { offset: start, found: "a web page (HTML)", expected: "JSON; download the file itself" };
  }
  const conflict = /^(<{7} |={7}$|>{7} )/m.exec(text);
  if (conflict !== null) {
    return {
      offset: conflict.index,
      found: "a mark of a merge conflict",
      expected: "one of the two versions, without the marks",
    };
  }
  const leftOver = /^(\s*cat\s.*<<.*|EOF|EOT|EOL|END)[ \t]*$/m.exec(text);
  if (leftOver === null) return undefined;
  return { offset: leftOver.index, found: "what a shell's here-document left over", expected: "nothing there" };
}
