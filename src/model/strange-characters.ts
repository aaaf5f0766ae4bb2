/**
 * What is strange about a text that was typed or pasted, without quoting it: `begins with a space`. Undefined where
 * nothing is: a plain space inside is not.
 */
export function strangeness(text: string): string | undefined {
  const first = [...text][0] ?? "";
  const last = [...text].at(-1) ?? "";
  if (/\s/.test(first)) return `begins with ${nameOf(first)}`;
  if (/\s/.test(last)) return `ends with ${nameOf(last)}`;
  const index = [...text].findIndex(
    (sign) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(sign) || (/\s/.test(sign) && sign !== " "),
  );
  const sign = [...text][index];
  return sign === undefined ? undefined : `holds ${nameOf(sign)} as its character ${index + 1}`;
}

function nameOf(sign: string): string {
  const point = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  if (sign === " ") return "a space";
  if (sign === "\t") return "a tab";
  if (sign === "\n" || sign === "\r") return "a line end";
  if (/\s/.test(sign)) return `a special space (${point})`;
  return /\p{Cc}/u.test(sign) ? `a control character (${point})` : `an invisible character (${point})`;
}

/** Whether `text` is what samples have in the place of a key or a secret. */
export function isPlaceholder(text: string): boolean {
  return placeholders.some((placeholder) => placeholder.test(text));
}

const placeholders: readonly RegExp[] = [
  // The specification's own, ThingsBoard's, and what looks like them.
  /^(your|put|insert|enter)[-_ ].*(key|secret|token|here)\b/i,
  /^provision[-_ ]device[-_ ](key|secret)$/i,
  /^(<.*>|\$\{.*\}|\{\{.*\}\}|\.\.\.|…|x{3,})$/i,
];
