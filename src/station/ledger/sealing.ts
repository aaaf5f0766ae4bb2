import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { Randomness } from "../../base/randomness.ts";
import { ProvisioningError } from "../../model/errors.ts";

/** Makes texts of secrets that nobody can read, or put in another place, without the key. */
export interface Sealing {
  /** Tells whether two keys are the same, and nothing else about them. */
  readonly fingerprint: string;
  /** `place` is bound to the text: sealed for one row, it opens for no other. */
  seal(bytes: Uint8Array, place: string): string;
  open(sealed: string, place: string): Uint8Array;
}

const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;
const mark = "aes-256-gcm:";
const plainMark = "plain:";

/** The key in the text of a key file: 32 bytes in base64; undefined for anything else. */
export function parseLedgerKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(trimmed)) return undefined;
  const key = Buffer.from(trimmed, "base64");
  return key.byteLength === keyLength ? key : undefined;
}

/** AES-256-GCM with a random nonce for each text. */
export function sealingWith(key: Uint8Array, randomness: Randomness): Sealing {
  return {
    fingerprint: createHmac("sha256", key).update("thermal-provision ledger").digest("hex").slice(0, 32),
    seal(bytes, place) {
      const nonce = randomness.bytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
      const sealed = [nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
      return mark + Buffer.concat(sealed).toString("base64");
    },
    open(sealed, place) {
      try {
        if (!sealed.startsWith(mark)) throw new Error("not sealed with a key");
        const bytes = Buffer.from(sealed.slice(mark.length), "base64");
        const nonce = bytes.subarray(0, nonceLength);
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagLength })
          .setAAD(Buffer.from(place))
          .setAuthTag(bytes.subarray(-tagLength));
        return Buffer.concat([decipher.update(bytes.subarray(nonceLength, -tagLength)), decipher.final()]);
      } catch (error) {
        throw unreadable(place, error);
      }
    },
  };
}

/** For ledgers that are to be readable: --plain-ledger. */
export const plainSealing: Sealing = {
  fingerprint: "plain",
  seal: (bytes) => plainMark + Buffer.from(bytes).toString("base64"),
  open(sealed, place) {
    if (!sealed.startsWith(plainMark)) throw unreadable(place);
    return Buffer.from(sealed.slice(plainMark.length), "base64");
  },
};

function unreadable(place: string, cause?: unknown): ProvisioningError {
  return new ProvisioningError("LEDGER_UNUSABLE", `what the ledger keeps for ${place} was changed, or moved there`, {
    cause,
  });
}
