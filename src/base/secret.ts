import { createHash, pbkdf2Sync } from "node:crypto";
import { inspect } from "node:util";

const mask = "[secret]";
const saltDigits = 16;
/** Half a millisecond on a desktop computer. */
const rounds = 1000;

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

  /**
   * The same for a file that others may read: with a salt, so that it is another one on each camera, and slow to guess.
   *
   * @param salt at least 16 hexadecimal digits by chance, which need not be secret; hyphens are left out
   */
  saltedFingerprint(salt: string): string {
    const digits = salt.replaceAll("-", "").slice(0, saltDigits);
    return `${digits}-${pbkdf2Sync(this.#text, digits, rounds, 8, "sha256").toString("hex")}`;
  }

  /** Whether this is the fingerprint of this secret, salted or not, as former versions wrote it. */
  hasFingerprint(fingerprint: string): boolean {
    const [salt, hash] = fingerprint.split("-");
    return (
      fingerprint === (hash === undefined || salt === undefined ? this.fingerprint() : this.saltedFingerprint(salt))
    );
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
