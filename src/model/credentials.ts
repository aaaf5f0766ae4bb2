import type { Secret } from "../base/secret.ts";

/**
 * What a device logs in with. ACCESS_TOKEN is the only kind so far; MQTT_BASIC and X509_CERTIFICATE will be members
 * of this union, told apart by `type`.
 */
export type Credentials = { readonly type: "ACCESS_TOKEN"; readonly accessToken: Secret };

/** The kinds that a ThingsBoard server may name in `credentialsType`. */
export const credentialsTypes = ["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE", "LWM2M_CREDENTIALS"] as const;
export type CredentialsType = (typeof credentialsTypes)[number];

export function sameCredentials(one: Credentials, other: Credentials): boolean {
  return one.accessToken.equals(other.accessToken);
}
