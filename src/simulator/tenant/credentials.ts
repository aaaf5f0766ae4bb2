import { createHash, X509Certificate } from "node:crypto";
import { gsonText } from "../encoding/java-text.ts";

/** The three fields of MQTT_BASIC. Provisioning makes absent ones "", a tenant over REST null; both mean unchecked. */
export interface MqttBasic {
  readonly clientId: string | null;
  readonly userName: string | null;
  readonly password: string | null;
}

/**
 * What the server keeps of a device's credentials; `credentialsId` is unique over all tenants
 * (docs/thingsboard-protocol.md#request-fields).
 */
export type StoredCredentials =
  | { readonly credentialsType: "ACCESS_TOKEN"; readonly credentialsId: string }
  | {
      readonly credentialsType: "MQTT_BASIC";
      readonly credentialsId: string;
      readonly credentialsValue: MqttBasic;
    }
  | {
      readonly credentialsType: "X509_CERTIFICATE";
      readonly credentialsId: string;
      /** Base64 of the certificate without line breaks, or whatever text a device sent instead. */
      readonly credentialsValue: string;
    };

/** SHA3-256 in lower-case hexadecimal. */
export function sha3(text: string): string {
  return createHash("sha3-256").update(text, "utf8").digest("hex");
}

export function accessToken(token: string): StoredCredentials {
  return { credentialsType: "ACCESS_TOKEN", credentialsId: token };
}

/** The id is the user name when there is no client id, else a hash of what there is. */
export function mqttBasic(basic: Partial<MqttBasic>): StoredCredentials {
  const credentialsValue = {
    clientId: basic.clientId ?? null,
    userName: basic.userName ?? null,
    password: basic.password ?? null,
  };
  const clientId = credentialsValue.clientId ?? "";
  const userName = credentialsValue.userName ?? "";
  const credentialsId = clientId === "" ? userName : userName === "" ? sha3(clientId) : sha3(`${clientId}|${userName}`);
  return { credentialsType: "MQTT_BASIC", credentialsId, credentialsValue };
}

/** `certificate` is PEM or its base64; the text is not checked to be a certificate. */
export function x509Certificate(certificate: string): StoredCredentials {
  const credentialsValue = credentialText(certificate);
  return { credentialsType: "X509_CERTIFICATE", credentialsId: sha3(credentialsValue), credentialsValue };
}

/** A PEM text as the server keeps it: without its first and last line and without line breaks. */
export function credentialText(pem: string): string {
  return pem
    .replaceAll("-----BEGIN CERTIFICATE-----", "")
    .replaceAll("-----END CERTIFICATE-----", "")
    .replace(/[\r\n]/g, "");
}

/** Undefined: these bytes are no certificate. */
export function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** `credentialsValue` of a response, as JSON text (docs/thingsboard-protocol.md#response-bodies). */
export function credentialsJson(credentials: StoredCredentials): string {
  switch (credentials.credentialsType) {
    case "ACCESS_TOKEN":
      return gsonText(credentials.credentialsId);
    case "X509_CERTIFICATE":
      return gsonText(credentials.credentialsValue);
    case "MQTT_BASIC":
      return mqttBasicJson(credentials.credentialsValue);
  }
}

/** The server keeps MQTT_BASIC as this text. */
export function mqttBasicJson({ clientId, userName, password }: MqttBasic): string {
  const text = (value: string | null) => (value === null ? "null" : gsonText(value));
  return `{"clientId":${text(clientId)},"userName":${text(userName)},"password":${text(password)}}`;
}

/** What a CONNECT brings to log in with; undefined where the packet has no such field. */
export interface Login {
  readonly clientId: string;
  readonly userName: string | undefined;
  readonly password: string | undefined;
}

/**
 * The credentials that let `login` in, or undefined (docs/thingsboard-protocol.md#credential-matching; TAS
 * `validateCredentials`).
 */
export function matching(
  login: Login,
  byId: (credentialsId: string) => StoredCredentials | undefined,
): StoredCredentials | undefined {
  const userName = login.userName ?? "";
  if (userName === "") return validBasic(byId(sha3(login.clientId)), login);
  if (login.clientId !== "") {
    const pair = byId(sha3(`${login.clientId}|${userName}`));
    if (pair?.credentialsType === "MQTT_BASIC") {
      if (validBasic(pair, login) !== undefined) return pair;
      if (!equalOrUnchecked(pair.credentialsValue.password, login.password)) return undefined;
    }
  }
  const named = byId(userName);
  return named?.credentialsType === "ACCESS_TOKEN" ? named : validBasic(named, login);
}

function validBasic(credentials: StoredCredentials | undefined, login: Login): StoredCredentials | undefined {
  if (credentials?.credentialsType !== "MQTT_BASIC") return undefined;
  const { clientId, userName, password } = credentials.credentialsValue;
  return equalOrUnchecked(clientId, login.clientId) &&
    equalOrUnchecked(userName, login.userName) &&
    equalOrUnchecked(password, login.password)
    ? credentials
    : undefined;
}

function equalOrUnchecked(stored: string | null, sent: string | undefined): boolean {
  return stored === null || stored === "" || stored === sent;
}
