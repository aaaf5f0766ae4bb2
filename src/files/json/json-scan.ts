/*
 * Goes through JSON with comments and trailing commas without making anything of it: a large file costs milliseconds, and
 * no memory. Each function gives the place behind what it went over, or `nowhere` where the text is wrong; what is wrong
 * there, mistakes.ts finds out.
 */

export const nowhere = -1;

/** More is not a configuration, and what reads it calls itself for each level. */
export const deepest = 64;

const sign = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  asterisk: 0x2a,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  exponent: 0x65,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** What is done with a member; gives the place behind its value, which begins at `value`. */
export type OnMember = (key: number, keyEnd: number, value: number) => number;

/** Goes over white space and comments. */
export function overBlanks(text: string, from: number): number {
  for (let at = from; ; ) {
    switch (text.charCodeAt(at)) {
      case sign.space:
      case sign.tab:
      case sign.lineFeed:
      case sign.carriageReturn:
        at++;
        break;
      case sign.slash:
        at = overComment(text, at);
        break;
      default:
        return at;
    }
  }
}

function overComment(text: string, from: number): number {
  const second = text.charCodeAt(from + 1);
  if (second === sign.asterisk) {
    const end = text.indexOf("*/", from + 2);
    return end === -1 ? nowhere : end + 2;
  }
  if (second !== sign.slash) return nowhere;
  let at = from + 2;
  while (at < text.length && !endsLine(text.charCodeAt(at))) at++;
  return at;
}

function endsLine(code: number): boolean {
  return code === sign.lineFeed || code === sign.carriageReturn;
}

/** Goes over a value `depth` levels deep. */
export function overValue(text: string, from: number, depth: number): number {
  switch (text.charCodeAt(from)) {
    case sign.quote:
      return overString(text, from);
    case sign.openBrace:
      return overObject(text, from, depth, (_key, _keyEnd, value) => overValue(text, value, depth + 1));
    case sign.openBracket:
      return overList(text, from, depth, (value) => overValue(text, value, depth + 1));
    default:
      return overWord(text, from);
  }
}

/** Goes over an object, and over each value as `onMember` does. */
export function overObject(text: string, from: number, depth: number, onMember: OnMember): number {
  if (depth >= deepest || text.charCodeAt(from) !== sign.openBrace) return nowhere;
  let at = overBlanks(text, from + 1);
  while (text.charCodeAt(at) !== sign.closeBrace) {
    const key = at;
    const keyEnd = overString(text, key);
    const between = overBlanks(text, keyEnd);
    if (text.charCodeAt(between) !== sign.colon) return nowhere;
    at = overComma(text, onMember(key, keyEnd, overBlanks(text, between + 1)), sign.closeBrace);
    if (at === nowhere) return nowhere;
  }
  return at + 1;
}

/** Goes over a list, and over each value as `onValue` does. */
export function overList(text: string, from: number, depth: number, onValue: (value: number) => number): number {
  if (depth >= deepest || text.charCodeAt(from) !== sign.openBracket) return nowhere;
  let at = overBlanks(text, from + 1);
  while (text.charCodeAt(at) !== sign.closeBracket) {
    at = overComma(text, onValue(at), sign.closeBracket);
    if (at === nowhere) return nowhere;
  }
  return at + 1;
}

/** Goes behind the comma that follows a value, or up to the closing sign. */
function overComma(text: string, from: number, closing: number): number {
  const at = overBlanks(text, from);
  const code = text.charCodeAt(at);
  if (code === sign.comma) return overBlanks(text, at + 1);
  return code === closing ? at : nowhere;
}

function overString(text: string, from: number): number {
  if (text.charCodeAt(from) !== sign.quote) return nowhere;
  for (let at = from + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === sign.quote) return at + 1;
    if (code < sign.space) return nowhere;
    if (code !== sign.backslash) at++;
    else if (escapes.includes(text.charAt(at + 1))) at += 2;
    else if (/^u[0-9a-f]{4}$/i.test(text.slice(at + 1, at + 6))) at += 6;
    else return nowhere;
  }
  return nowhere;
}

const escapes: readonly string[] = Array.from('"\\/bfnrt');

/** Goes over a number, or a word of the language. */
function overWord(text: string, from: number): number {
  const digits = from + (text.charCodeAt(from) === sign.minus ? 1 : 0);
  if (isDigit(text.charCodeAt(digits))) return overNumber(text, digits);
  const word = ["true", "false", "null"].find((each) => text.startsWith(each, from));
  return word === undefined ? nowhere : from + word.length;
}

function overNumber(text: string, digits: number): number {
  let at = text.charCodeAt(digits) === sign.zero ? digits + 1 : overDigits(text, digits);
  if (text.charCodeAt(at) === sign.dot) at = overDigits(text, at + 1);
  // Of the letters only e and E are the same but for the bit that tells small ones.
  if ((text.charCodeAt(at) | 0x20) !== sign.exponent) return at;
  const signed = text.charCodeAt(at + 1);
  return overDigits(text, at + (signed === sign.plus || signed === sign.minus ? 2 : 1));
}

function overDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at === from ? nowhere : at;
}

function isDigit(code: number): boolean {
  return code >= sign.zero && code < sign.colon;
}
