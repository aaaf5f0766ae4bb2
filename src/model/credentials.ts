import type { JsonObject } from "../base/json-object.ts";
import { type Randomness, randomText } from "../base/randomness.ts";
import { Secret } from "../base/secret.ts";
import { isPlainText } from "./device-name.ts";

/** What a device logs in with, told apart by `type`. */
export type Credentials = AccessToken | MqttBasic | ClientCertificate;

export interface AccessToken {
  readonly type: "ACCESS_TOKEN";
  readonly accessToken: Secret;
}

/** Up to three texts that a CONNECT carries. What is null is neither sent nor looked at by the server. */
export interface MqttBasic {
  readonly type: "MQTT_BASIC";
  readonly clientId: Secret | null;
  readonly userName: Secret | null;
  readonly password: Secret | null;
}

/** A certificate that is shown in the TLS handshake, and its key. Both stay in their files, of which these are the names. */
export interface ClientCertificate {
  readonly type: "X509_CERTIFICATE";
  /** Relative to the camera's folder; the certificate first, then those that signed it. PEM. */
  readonly certificateFile: string;
  /** Relative to the camera's folder. PEM. */
  readonly privateKeyFile: string;
  /**
   * The certificate as ThingsBoard stores it: base64 of its DER, without line ends. Null where it is not written down, as
   * in `thermal_config.json`.
   */
  readonly certificate: string | null;
}

/** The kinds that a ThingsBoard server may name in `credentialsType`. */
export const credentialsTypes = ["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE", "LWM2M_CREDENTIALS"] as const;
export type CredentialsType = (typeof credentialsTypes)[number];

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The kinds that a camera can make by itself and be provisioned with. */
export const ownTypes = ["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE"] as const;
export type OwnType = (typeof ownTypes)[number];

/** Those that are texts and nothing else: they can be made up in memory. */
export type TextType = Exclude<OwnType, "X509_CERTIFICATE">;

/**
 * Credentials of our own. A token has 32 letters and digits, 190 bits: valid base64 (as the specification asks), safe in
 * every shell, and within the 32 characters that ThingsBoard's own pages allow. A client id has the 23 characters that
 * every MQTT server must take.
 */
export function generateCredentials(type: TextType | undefined, randomness: Randomness): Credentials {
  const text = (length: number) => randomText(randomness, alphabet, length);
  switch (type) {
    case undefined:
    case "ACCESS_TOKEN":
      return { type: "ACCESS_TOKEN", accessToken: new Secret(text(32)) };
    case "MQTT_BASIC":
      return {
        type,
        clientId: new Secret(text(23)),
        userName: new Secret(`tp-${text(21)}`),
        password: new Secret(text(32)),
      };
  }
}

/** The texts that credentials consist of, from wherever they come: a file, a server, a person. */
export interface CredentialsTexts {
  readonly accessToken?: unknown;
  readonly clientId?: unknown;
  readonly userName?: unknown;
  readonly password?: unknown;
  readonly certificateFile?: unknown;
  readonly privateKeyFile?: unknown;
  readonly certificate?: unknown;
}

/** The credentials of that kind in `texts`; undefined where they are no usable ones. What is "" or null is absent. */
export function credentialsFrom(type: OwnType, texts: CredentialsTexts): Credentials | undefined {
  switch (type) {
    case "ACCESS_TOKEN": {
      const { accessToken: token } = texts;
      return typeof token === "string" && isAccessToken(token) ? { type, accessToken: new Secret(token) } : undefined;
    }
    case "MQTT_BASIC": {
      const [clientId, userName, password] = [texts.clientId, texts.userName, texts.password].map(partFrom);
      if (clientId === undefined || userName === undefined || password === undefined) return undefined;
      // The server can match neither a password alone nor a client id with one.
      if (userName === null && (clientId === null || password !== null)) return undefined;
      return { type, clientId, userName, password };
    }
    case "X509_CERTIFICATE": {
      const { certificateFile, privateKeyFile, certificate = null } = texts;
      if (!isFileName(certificateFile) || !isFileName(privateKeyFile)) return undefined;
      if (certificate !== null && !isCertificateText(certificate)) return undefined;
      return { type, certificateFile, privateKeyFile, certificate };
    }
  }
}

/** Whether `name` can be the path of a file: 1 to 4095 characters, none of them a control character. */
function isFileName(name: unknown): name is string {
  return typeof name === "string" && name.length >= 1 && name.length <= 4095 && isPlainText(name);
}

/** The longest that a handshake can carry are a good deal shorter. */
function isCertificateText(text: unknown): text is string {
  return typeof text === "string" && text.length <= 16_384 && isBase64(text);
}

/** Undefined: what stands there can be no part of a login. */
function partFrom(text: unknown): Secret | null | undefined {
  if (text === undefined || text === null || text === "") return null;
  return typeof text === "string" && isAccessToken(text) ? new Secret(text) : undefined;
}

/** What `credentialsFrom` reads. */
export function textsOf(credentials: Credentials): Readonly<Partial<Record<keyof CredentialsTexts, string>>> {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return { accessToken: credentials.accessToken.reveal() };
    case "MQTT_BASIC": {
      const { clientId, userName, password } = credentials;
      return {
        ...(clientId === null ? {} : { clientId: clientId.reveal() }),
        ...(userName === null ? {} : { userName: userName.reveal() }),
        ...(password === null ? {} : { password: password.reveal() }),
      };
    }
    case "X509_CERTIFICATE": {
      const { certificateFile, privateKeyFile, certificate } = credentials;
      return { certificateFile, privateKeyFile, ...(certificate === null ? {} : { certificate }) };
    }
  }
}

/** Every secret in `credentials`. A private key is in its file, and not here. */
export function secretsIn(credentials: Credentials): readonly Secret[] {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return [credentials.accessToken];
    case "MQTT_BASIC":
      return [credentials.clientId, credentials.userName, credentials.password].filter((part) => part !== null);
    case "X509_CERTIFICATE":
      return [];
  }
}

export function sameCredentials(one: Credentials, other: Credentials): boolean {
  return one.type === other.type && asOne(one).equals(asOne(other));
}

/** Tells whether two credentials are the same, and nothing else about them. */
export function fingerprintOf(credentials: Credentials): string {
  return asOne(credentials).fingerprint();
}

/** What tells them apart. Of a certificate these are its files: the configuration, too, knows only those. */
function asOne(credentials: Credentials): Secret {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return credentials.accessToken;
    case "MQTT_BASIC": {
      const { clientId = null, userName = null, password = null } = textsOf(credentials);
      return new Secret(JSON.stringify([clientId, userName, password]));
    }
    case "X509_CERTIFICATE":
      return new Secret(JSON.stringify([credentials.certificateFile, credentials.privateKeyFile]));
  }
}

/** Whether the server looks at a secret; with a client id or a user name alone it lets in everybody who knows the name. */
export function provesSecret(credentials: Credentials): boolean {
  return credentials.type !== "MQTT_BASIC" || credentials.password !== null;
}

/**
 * Whether `text` can be an access token, or a part of another login: any text of 1 to 2000 characters that MQTT can carry
 * and that no shell or log breaks on. `provision` is none: ThingsBoard takes that user name for a provisioning session.
 */
export function isAccessToken(text: string): boolean {
  return text.length >= 1 && text.length <= 2000 && isPlainText(text) && text !== "provision";
}

/** The specification asks for base64; a server's own token that is none is worth a warning, no more. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, "").length % 4 !== 1;
}

/** The keys under which credentials of each kind stand in files, besides `credentials_type`. */
export const keysOfType: Readonly<Record<OwnType, readonly string[]>> = {
  ACCESS_TOKEN: ["access_token"],
  MQTT_BASIC: ["client_id", "user_name", "password"],
  X509_CERTIFICATE: ["certificate_file", "private_key_file"],
};

/** The credentials of the kind `type` in `object`; undefined where there are none that can be used. */
export function readCredentials(type: unknown, object: JsonObject): Credentials | undefined {
  const own = ownTypes.find((each) => each === type);
  if (own === undefined) return undefined;
  const { access_token: accessToken, client_id: clientId, user_name: userName, password } = object;
  const { certificate_file: certificateFile, private_key_file: privateKeyFile, certificate } = object;
  const texts = { accessToken, clientId, userName, password, certificateFile, privateKeyFile };
  return credentialsFrom(own, certificate === undefined ? texts : { ...texts, certificate });
}

/** What `readCredentials` reads. Absent parts are left out. */
export function writeCredentials(credentials: Credentials): Readonly<Record<string, string>> {
  const { accessToken, clientId, userName, password, certificateFile, privateKeyFile } = textsOf(credentials);
  return {
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...(userName === undefined ? {} : { user_name: userName }),
    ...(password === undefined ? {} : { password }),
    ...(certificateFile === undefined ? {} : { certificate_file: certificateFile }),
    ...(privateKeyFile === undefined ? {} : { private_key_file: privateKeyFile }),
  };
}

/** For a record, which must tell later whether a file still holds the same certificate. */
export function recordCredentials(credentials: Credentials): Readonly<Record<string, string>> {
  const { certificate } = textsOf(credentials);
  return { ...writeCredentials(credentials), ...(certificate === undefined ? {} : { certificate }) };
}
