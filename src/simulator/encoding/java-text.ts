/** Java's `trim`: what is not above U+0020 goes. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) <= " ") start++;
  while (end > start && text.charAt(end - 1) <= " ") end--;
  return text.slice(start, end);
}

/** A text as Gson writes it: as JSON, U+2028 and U+2029 escaped, a lone surrogate lost to `?` by Java's UTF-8. */
export function gsonText(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "?")).replace(/[\u2028\u2029]/g, (character) =>
    character === "\u2028" ? "\\u2028" : "\\u2029",
  );
}
