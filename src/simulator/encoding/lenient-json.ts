/**
 * JSON as the server reads it: Gson's `JsonParser`, which is lenient (docs/thingsboard-protocol.md#parsing-a-request).
 * Single quotes, unquoted names and texts, comments, `=` and `=>` for `:`, `;` for `,` and a leading BOM are accepted.
 */
export type LenientJson = null | boolean | string | NumberText | LenientJson[] | Map<string, LenientJson>;

/** A number keeps its text, because a number where a text is expected becomes that text: `5.0` is "5.0". */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** The text is not JSON, even leniently. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}

/** Gson 2.12 and later refuse what is nested deeper; earlier ones have no bound, but nothing meaningful is so deep. */
const nestingLimit = 255;

/** Reads a whole document. An empty one is null, as for Gson. Throws JsonSyntaxError. */
export function parseLenient(text: string): LenientJson {
  const reader = new Reader(text.replace(/^\uFEFF/, "").replace(notToExecute, ""));
  if (reader.next() === "") return null;
  const value = reader.value(0);
  if (value !== null && reader.next() !== "") throw new JsonSyntaxError("more text after the end");
  return value;
}

/** Against the execution of JSON as a script some servers begin with this, and Gson skips it. */
const notToExecute = /^[ \t\r\n]*\)\]\}'\n/;
/** Gson knows four kinds of white space; a form feed ends a word, and is none. */
const literalEnd = /[/\\;#={}[\]:, \t\f\r\n]/;
const numberForm = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next character that counts, not consumed; empty at the end. */
  next(): string {
    for (;;) {
      const character = this.#text.charAt(this.#at);
      if (character === "" || !/[ \t\r\n/#]/.test(character)) return character;
      if (character === "#" || this.#text.startsWith("//", this.#at)) this.#skipTo("\n", "");
      else if (this.#text.startsWith("/*", this.#at)) this.#skipTo("*/", "a comment without end");
      else if (character === "/") return character;
      else this.#at++;
    }
  }

  value(depth: number): LenientJson {
    if (depth > nestingLimit) throw new JsonSyntaxError("nested too deep");
    const character = this.next();
    if (character === "{") return this.#object(depth);
    if (character === "[") return this.#array(depth);
    if (character === '"' || character === "'") return this.#quoted(character);
    return this.#literal();
  }

  #object(depth: number): Map<string, LenientJson> {
    const members = new Map<string, LenientJson>();
    this.#at++;
    if (this.next() === "}") {
      this.#at++;
      return members;
    }
    for (;;) {
      const quote = this.next();
      const name = quote === '"' || quote === "'" ? this.#quoted(quote) : this.#word();
      this.#colon();
      members.delete(name);
      members.set(name, this.value(depth + 1));
      const end = this.next();
      this.#at++;
      if (end === "}") return members;
      if (end !== "," && end !== ";") throw new JsonSyntaxError("an object without end");
    }
  }

  #colon(): void {
    const sign = this.next();
    this.#at++;
    if (sign === ":") return;
    if (sign !== "=") throw new JsonSyntaxError("a name without a value");
    if (this.#text.charAt(this.#at) === ">") this.#at++;
  }

  /** A place with nothing in it is null: `[1,]` has two elements. */
  #array(depth: number): LenientJson[] {
    const elements: LenientJson[] = [];
    this.#at++;
    if (this.next() === "]") {
      this.#at++;
      return elements;
    }
    for (;;) {
      elements.push(/[\],;]/.test(this.next()) ? null : this.value(depth + 1));
      const end = this.next();
      this.#at++;
      if (end === "]") return elements;
      if (end !== "," && end !== ";") throw new JsonSyntaxError("an array without end");
    }
  }

  #quoted(quote: string): string {
    let text = "";
    this.#at++;
    for (;;) {
      const character = this.#text.charAt(this.#at++);
      if (character === "") throw new JsonSyntaxError("a text without end");
      if (character === quote) return text;
      text += character === "\\" ? this.#escaped() : character;
    }
  }

  #escaped(): string {
    const character = this.#text.charAt(this.#at++);
    if (character === "u") {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonSyntaxError("an escape that is not a character");
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[character];
    if (plain !== undefined) return plain;
    if (character !== "" && "\n'\"\\/".includes(character)) return character;
    throw new JsonSyntaxError("an escape that is not a character");
  }

  #word(): string {
    const rest = this.#text.slice(this.#at);
    const end = rest.search(literalEnd);
    const word = end === -1 ? rest : rest.slice(0, end);
    if (word === "") throw new JsonSyntaxError("a value is missing");
    this.#at += word.length;
    return word;
  }

  #literal(): LenientJson {
    const word = this.#word();
    if (numberForm.test(word)) return new NumberText(word);
    const keyword: Record<string, boolean | null> = { true: true, false: false, null: null };
    return keyword[word.toLowerCase()] ?? (word.toLowerCase() === "null" ? null : word);
  }

  #skipTo(end: string, missing: string): void {
    const at = this.#text.indexOf(end, this.#at + 1);
    if (at === -1 && missing !== "") throw new JsonSyntaxError(missing);
    this.#at = at === -1 ? this.#text.length : at + end.length;
  }
}
