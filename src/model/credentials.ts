import { type Randomness, randomText } from "../base/randomness.ts";
import { Secret } from "../base/secret.ts";
import { isPlainText } from "./device-name.ts";

/**
 * What a device logs in with. ACCESS_TOKEN is the only kind so far; MQTT_BASIC and X509_CERTIFICATE will be members
 * of this union, told apart by `type`.
 */
export type Credentials = { readonly type: "ACCESS_TOKEN"; readonly accessToken: Secret };

/** The kinds that a ThingsBoard server may name in `credentialsType`. */
export const credentialsTypes = ["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE", "LWM2M_CREDENTIALS"] as const;
export type CredentialsType = (typeof credentialsTypes)[number];

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Credentials of our own. A token has 32 letters and digits, 190 bits: valid base64 (as the specification asks), safe in
 * every shell, and within the 32 characters that ThingsBoard's own pages allow.
 */
export function generateCredentials(randomness: Randomness): Credentials {
  return { type: "ACCESS_TOKEN", accessToken: new Secret(randomText(randomness, alphabet, 32)) };
}

export function sameCredentials(one: Credentials, other: Credentials): boolean {
  return one.accessToken.equals(other.accessToken);
}

/** Tells whether two credentials are the same, and nothing else about them. */
export function fingerprintOf({ accessToken }: Credentials): string {
  return accessToken.fingerprint();
}

/**
 * Whether `text` can be an access token: any text of 1 to 2000 characters that MQTT can carry and that no shell or log
 * breaks on. `provision` is no token: ThingsBoard takes that user name for a provisioning session.
 */
export function isAccessToken(text: string): boolean {
  return text.length >= 1 && text.length <= 2000 && isPlainText(text) && text !== "provision";
}

/** The specification asks for base64; a server's own token that is none is worth a warning, no more. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, "").length % 4 !== 1;
}
