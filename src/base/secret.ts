import { createHash } from "node:crypto";
import { inspect } from "node:util";

const mask = "[secret]";

/**
 * A text that must not be seen: provisioning key and secret, access token. It prints, inspects and serialises as
 * `[secret]`. `reveal()` is the one way out; a test lists the files that may use it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  /** 16 hexadecimal digits that tell whether two secrets are the same, and nothing else about them (SHA-256, cut). */
  fingerprint(): string {
    return createHash("sha256").update(this.#text, "utf8").digest("hex").slice(0, 16);
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
