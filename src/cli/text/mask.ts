/** Keys whose text is nobody's business, ours and those of others: `access_token`, `wifi_password`, `apiKey`. */
const secretKey = /token|secret|passw|passphrase|psk|key/i;

const quoted = String.raw`"([^"\\]*(?:\\.[^"\\]*)*)"`;
const gap = String.raw`(?:\s|//[^\n]*|/\*[^]*?\*/)*`;
/** A key and its text in JSON with comments. */
const member = new RegExp(`${quoted}(${gap}:${gap})${quoted}`, "g");

/** Kept beside each placeholder, and in no JSON, so that two texts can be compared after their secrets are gone. */
const mark = /\0\d+\0/g;

/** Puts `[secret]` in the place of secret texts in JSON; where the secret differs, the placeholder does until `plain`. */
export class Mask {
  readonly #numbers = new Map<string, number>();

  marked(json: string): string {
    return json.replaceAll(member, (whole, key: string, between: string, value: string) => {
      if (!secretKey.test(key)) return whole;
      const number = this.#numbers.get(value) ?? this.#numbers.size;
      this.#numbers.set(value, number);
      return `"${key}"${between}"[secret]\0${number}\0"`;
    });
  }

  plain(line: string): string {
    return line.replaceAll(mark, "");
  }
}
