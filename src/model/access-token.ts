import { type Randomness, randomText } from "../base/randomness.ts";
import { Secret } from "../base/secret.ts";
import { isPlainText } from "./device-name.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A token of our own: 32 letters and digits, 190 bits. Valid base64 (as the specification asks), safe in every shell,
 * and within the 32 characters that ThingsBoard's own pages allow.
 */
export function generateAccessToken(randomness: Randomness): Secret {
  return new Secret(randomText(randomness, alphabet, 32));
}

/**
 * Whether `text` can be an access token: any text of 1 to 2000 characters that MQTT can carry and that no shell or log
 * breaks on. `provision` is no token: ThingsBoard takes that user name for a provisioning session.
 */
export function isAccessToken(text: string): boolean {
  return text.length >= 1 && text.length <= 2000 && isPlainText(text) && text !== "provision";
}

/** The specification's rule for the token of a response; the server's own tokens keep it, too, but it promises nothing. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, "").length % 4 !== 1;
}
