import { type ParseError, printParseErrorCode, visit } from "jsonc-parser";
import { findTooDeep } from "./json-depth.ts";
import { deepest } from "./json-scan.ts";
import { strangeAt, strangeEnd, strangeFile } from "./strange-signs.ts";
import { anObject, type Fault } from "./text-encoding.ts";

/** What is wrong with a text that is no JSON. What stands in it is never quoted: it may be a secret. */
export function mistakesIn(text: string): readonly Fault[] {
  const tooDeep = findTooDeep(text, deepest);
  if (tooDeep !== undefined) {
    return [{ offset: tooDeep, found: `more than ${deepest} levels of brackets`, expected: `at most ${deepest}` }];
  }
  if (text.trim() === "") return [{ offset: 0, found: "an empty file", expected: anObject }];
  const strange = strangeFile(text);
  if (strange !== undefined) return [strange];
  const errors: ParseError[] = [];
  const onError = (error: ParseError["error"], offset: number, length: number) =>
    errors.push({ error, offset, length });
  visit(text, { onError }, { allowTrailingComma: true });
  if (errors.length === 0) return [{ offset: 0, found: "a mistake that has no name", expected: anObject }];
  // Settings as a shell, an INI file or YAML have them.
  const start = text.search(/[^\s\uFEFF]/);
  if (errors[0]?.offset === start && /\p{L}/u.test(text.charAt(start))) {
    return [{ offset: start, found: "text that is not JSON", expected: anObject }];
  }
  return causesOf(errors).map((error) => faultOf(text, error));
}

/** After a missing comma the parser goes on as if it were there. What comes behind another error is mostly its consequence. */
function causesOf(errors: readonly ParseError[]): readonly ParseError[] {
  const others = errors.findIndex(({ error }) => printParseErrorCode(error) !== "CommaExpected");
  return others === -1 ? errors : errors.slice(0, others + 1);
}

function faultOf(text: string, { error, offset }: ParseError): Fault {
  const name = printParseErrorCode(error);
  const strange = name === "UnexpectedEndOfString" ? strangeEnd(text, offset) : strangeAt(text, offset);
  if (strange !== undefined) return strange;
  if (name === "CommaExpected" && text.charAt(offset) === '"') {
    return { offset, found: "the next entry", expected: "a comma before it" };
  }
  const { found, expected } = syntaxErrors[name];
  return { offset, found: found ?? whatIsAt(text, offset), expected };
}

const signs: Readonly<Record<string, string>> = {
  ",": "a comma",
  ":": "a colon",
  "{": "a brace {",
  "}": "a brace }",
  "[": "a bracket [",
  "]": "a bracket ]",
};

/** What begins at that place, and none of what stands in it. */
function whatIsAt(text: string, offset: number): string {
  const sign = text.charAt(offset);
  if (sign === "") return "the end of the file";
  if (sign === '"') return "a text";
  if (/[-\d]/.test(sign)) return "a number";
  return signs[sign] ?? "a word";
}

const syntaxErrors: Readonly<
  Record<ReturnType<typeof printParseErrorCode>, { readonly found?: string; readonly expected: string }>
> = {
  InvalidSymbol: {
    found: "a word that is not a JSON value",
    expected: 'true, false, null, a number, or text in "quotes"',
  },
  InvalidNumberFormat: { found: "a malformed number", expected: "a number" },
  PropertyNameExpected: { expected: 'a key in "quotes"' },
  ValueExpected: { expected: "a value" },
  ColonExpected: { expected: "a colon behind the key" },
  CommaExpected: { expected: "a comma between two entries" },
  CloseBraceExpected: { found: "the end of the file", expected: "a closing brace }" },
  CloseBracketExpected: { found: "the end of the list", expected: "a closing bracket ]" },
  EndOfFileExpected: { found: "more text", expected: "the end of the file" },
  InvalidCommentToken: { found: "a comment", expected: "none here" },
  UnexpectedEndOfComment: { found: "a comment without its end", expected: "*/" },
  UnexpectedEndOfString: { found: "a text without its end", expected: "a closing quote on the same line" },
  UnexpectedEndOfNumber: { found: "a number that is cut off", expected: "digits" },
  InvalidUnicode: { found: "an escape \\u that is cut off", expected: "four hexadecimal digits" },
  InvalidEscapeCharacter: { found: "an unknown escape", expected: 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u' },
  InvalidCharacter: { found: "a control character in a text", expected: "an escape such as \\t or \\u0007" },
  "<unknown ParseErrorCode>": { expected: "JSON" },
};
