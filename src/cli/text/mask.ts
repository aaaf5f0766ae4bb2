import { configName } from "../../files/file-names.ts";
import { membersOf, parseJsonText } from "../../files/json/json-text.ts";
import type { Node } from "../../files/json/json-tree.ts";

/** Keys whose values are nobody's business, ours and those of others: `access_token`, `wifi_password`, `apiKey`. */
const secretKey =
  /token|secret|^credentials?$|passw|passphrase|passcode|psk|key|credentials?_?(id|value)|authorization|bearer/i;
/** By what a device logs in with MQTT Basic: without a password these alone let in. */
const loginName = /^(client_?id|user_?name)$/i;
/** `private_key_file`: where a secret is, and not what it is. */
const namesFile = /_file$/i;
/** The same for short words, which many harmless ones hold: `pass`, but not `compass`. */
const secretWord = /^(pass|pwd|pw|pin|auth)$/;

/** A URL with a user, and perhaps a password, or with parameters, among which a token may be. */
const tellingUrl = /^\s*[a-z][a-z0-9+.-]*:\/\/[\s\S]*[@?#]/i;

/** The comments of a text that is known to be JSON, and its texts, in which two slashes are no comment. */
const textOrComment = /"[^"\\]*(?:\\.[^"\\]*)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

/** Kept beside each placeholder, and in no JSON, so that two texts can be compared after their secrets are gone. */
const mark = /\0\d+\0/g;

interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Puts `[secret]` in the place of secret values in JSON, and `…` in that of comments, since anything may have been noted
 * down there; where two differ, the placeholders do until `plain`.
 */
export class Mask {
  readonly #numbers = new Map<string, number>();

  marked(json: string): string {
    if (json === "") return "";
    const parsed = parseJsonText(configName, new TextEncoder().encode(json));
    // Where nobody knows what is what, everything may be secret.
    if ("problems" in parsed) return this.#placeholder("[secret]", json);
    const { text, root } = parsed;
    const places = [...secretsIn(root, false), ...commentsIn(text)].toSorted((one, next) => one.offset - next.offset);
    const pieces: string[] = [];
    let from = 0;
    for (const { offset, length } of places) {
      pieces.push(text.slice(from, offset), this.#hidden(text.slice(offset, offset + length)));
      from = offset + length;
    }
    return pieces.join("") + text.slice(from);
  }

  plain(line: string): string {
    return line.replaceAll(mark, "");
  }

  /** Line ends stay, so that the lines have the numbers that they have in the file. */
  #hidden(secret: string): string {
    if (secret.startsWith("//")) return this.#placeholder("// …", secret);
    if (!secret.startsWith("/*")) return `"${this.#placeholder("[secret]", secret)}"`;
    const lineEnds = secret.match(/\r\n|\n|\r/g) ?? [];
    return `${["/*", ...lineEnds].join(" …")} ${this.#placeholder("…", secret)} */`;
  }

  #placeholder(words: string, secret: string): string {
    const number = this.#numbers.get(secret) ?? this.#numbers.size;
    this.#numbers.set(secret, number);
    return `${words}\0${number}\0`;
  }
}

/** The texts and numbers under a key that names a secret, however deep, with the keys there; and URLs that tell one. */
function* secretsIn(node: Node, isSecret: boolean): Generator<Place> {
  for (const { name, key, value } of membersOf(node)) {
    if (isSecret) yield key;
    yield* secretsIn(value, isSecret || namesSecret(name));
  }
  if (node.type === "list") for (const element of node.elements) yield* secretsIn(element, isSecret);
  if (node.type !== "plain") return;
  if (typeof node.value === "number" && isSecret) yield node;
  if (typeof node.value === "string" && (isSecret || tellingUrl.test(node.value))) yield node;
}

function namesSecret(name: string): boolean {
  if (namesFile.test(name)) return false;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return secretKey.test(name) || loginName.test(name) || words.some((word) => secretWord.test(word));
}

function* commentsIn(text: string): Generator<Place> {
  for (const { 0: found, index: offset } of text.matchAll(textOrComment)) {
    if (!found.startsWith('"')) yield { offset, length: found.length };
  }
}
