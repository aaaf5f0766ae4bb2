/** A serial number is the name of a folder, too: no path, no option, no space can be written with these characters. */
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** What is expected of a serial number, for messages. */
export const serialInWords =
  "a serial number: letters, digits, '.', '_' and '-', beginning with a letter or a digit, at most 100 characters";

export function isSerial(text: string): boolean {
  return wellFormed.test(text);
}

/** Whether a spreadsheet has made a number with an exponent of it: `1.23E+11`. The digits behind are lost. */
export function hasExponent(text: string): boolean {
  return /^\d+([.,]\d+)?[eE][+-]?\d+$/.test(text);
}

/**
 * The serial numbers of a column that a spreadsheet has taken the leading zeros from: digits without one, where others
 * have one. In a column of one width, those of that width are as they were.
 */
export function withoutLeadingZero(column: readonly string[]): ReadonlySet<string> {
  const widths = new Set(column.filter((text) => /^0\d+$/.test(text)).map((text) => text.length));
  if (widths.size === 0) return new Set();
  const isWhole = (text: string) => widths.size === 1 && widths.has(text.length);
  return new Set(column.filter((text) => /^[1-9]\d*$/.test(text) && !isWhole(text)));
}
