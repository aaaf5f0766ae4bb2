import { isObject } from "../base/json-object.ts";
import type { Secret } from "../base/secret.ts";
import {
  type Credentials,
  type CredentialsType,
  credentialsFrom,
  credentialsTypes,
  isBase64,
  type OwnType,
  ownTypes,
} from "./credentials.ts";
import { isDeviceId } from "./device-id.ts";

/** The server gives the camera its credentials. */
export interface Grant {
  readonly status: "SUCCESS";
  /** Null where the server does not say it; no real server does. */
  readonly deviceId: string | null;
  /** As the server confirmed it, else as it was asked for. */
  readonly deviceName: string;
  readonly credentials: Credentials;
  readonly receivedAt: Date;
}

/** The server gives none. */
export interface Refusal {
  readonly status: "FAILURE";
  /** What the server says: at most 500 characters, without secrets; perhaps empty. */
  readonly errorMessage: string;
  /** Its own code for it; where it has none, its status. */
  readonly errorCode: string;
  /** `NOT_FOUND`: no such key and secret. `UNAUTHORIZED`: they are refused. `FAILURE`: anything else. */
  readonly meaning: "NOT_FOUND" | "UNAUTHORIZED" | "FAILURE";
  readonly receivedAt: Date;
}

/** What the server answered (specification, ProvisioningResponse), as one union by `status`. */
export type ProvisioningResponse = Grant | Refusal;

/** The fields of an answer, before anything is believed. */
export interface AnswerFields {
  readonly status: unknown;
  readonly deviceId: unknown;
  readonly deviceName: unknown;
  readonly credentialsType: unknown;
  /** A text, or an object of texts. */
  readonly credentialsValue: unknown;
  readonly errorMessage: unknown;
  readonly errorCode: unknown;
}

/** Why an answer is not believed; the codes are those of the error table. */
export interface Disbelief {
  readonly code: "REPLY_MALFORMED" | "REPLY_INCOMPLETE" | "REPLY_FOR_OTHER_DEVICE" | "CREDENTIALS_TYPE_UNSUPPORTED";
  readonly reason: string;
}

type Answer = (
  fields: AnswerFields,
  requestedName: string,
  receivedAt: Date,
  secrets: readonly Secret[],
  offered: Credentials | undefined,
) => ProvisioningResponse | Disbelief;

/** Every status that a server sends, and what it means here (docs/thingsboard-protocol.md#response-bodies). */
const statuses: Readonly<Record<string, Answer>> = {
  SUCCESS: granted,
  FAILURE: refused("FAILURE"),
  NOT_FOUND: refused("NOT_FOUND"),
};

/**
 * Checks an answer against the request's device name. A null or absent optional field is absent; an odd one is a
 * reason not to believe the answer. Reasons never quote the answer: it may hold a token. Of a certificate the server says
 * only what it is: it is the camera's where it is the one that was `offered`.
 */
export function ProvisioningResponse(
  fields: AnswerFields,
  requestedName: string,
  receivedAt: Date,
  secrets: readonly Secret[] = [],
  offered?: Credentials,
): ProvisioningResponse | Disbelief {
  const { status } = fields;
  const answer = typeof status === "string" && Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (answer === undefined) {
    return { code: "REPLY_MALFORMED", reason: "its status is neither SUCCESS nor FAILURE nor NOT_FOUND" };
  }
  return answer(fields, requestedName, receivedAt, secrets, offered);
}

function refused(status: "NOT_FOUND" | "FAILURE"): Answer {
  return (fields, _, receivedAt, secrets) => {
    const errorMessage = inPlainWords(fields.errorMessage, secrets);
    const errorCode = inPlainWords(fields.errorCode, secrets) || status;
    const meaning = status === "NOT_FOUND" ? status : meaningOf(errorCode);
    return { status: "FAILURE", errorMessage, errorCode, meaning, receivedAt };
  };
}

/** The specification's servers say in `error_code` what ThingsBoard says in `status`. */
function meaningOf(errorCode: string): Refusal["meaning"] {
  if (errorCode === "NOT_FOUND") return "NOT_FOUND";
  return /AUTH|CREDENTIAL|FORBIDDEN|SECRET/i.test(errorCode) ? "UNAUTHORIZED" : "FAILURE";
}

/** What may be shown to anybody, in one line. */
function inPlainWords(said: unknown, secrets: readonly Secret[]): string {
  if (typeof said !== "string") return "";
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret.reveal(), "[secret]"), said);
  return masked
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, 500);
}

function granted(
  fields: AnswerFields,
  requestedName: string,
  receivedAt: Date,
  _: readonly Secret[],
  offered: Credentials | undefined,
): ProvisioningResponse | Disbelief {
  const { deviceId = null, deviceName, credentialsValue: value } = fields;
  const type = fields.credentialsType ?? "ACCESS_TOKEN";
  if (!isCredentialsType(type)) return { code: "REPLY_INCOMPLETE", reason: "its kind of credentials is unknown" };
  if (deviceName !== undefined && deviceName !== null && deviceName !== requestedName) {
    return { code: "REPLY_FOR_OTHER_DEVICE", reason: "it names another device than the one that was asked for" };
  }
  if (!isOwnType(type)) {
    return { code: "CREDENTIALS_TYPE_UNSUPPORTED", reason: `the device has credentials of the kind ${type}` };
  }
  const credentials = grantedCredentials(type, value, offered);
  if ("code" in credentials) return credentials;
  if (deviceId !== null && (typeof deviceId !== "string" || !isDeviceId(deviceId))) {
    return { code: "REPLY_INCOMPLETE", reason: "its device id is not a UUID" };
  }
  return { status: "SUCCESS", deviceId, deviceName: requestedName, credentials, receivedAt };
}

function grantedCredentials(type: OwnType, value: unknown, offered: Credentials | undefined): Credentials | Disbelief {
  const incomplete = (what: string) =>
    ({ code: "REPLY_INCOMPLETE", reason: `it says SUCCESS without ${what}` }) as const;
  switch (type) {
    case "ACCESS_TOKEN":
      return credentialsFrom(type, { accessToken: value }) ?? incomplete("a usable access token");
    case "MQTT_BASIC":
      return credentialsFrom(type, isObject(value) ? value : {}) ?? incomplete("usable credentials");
    case "X509_CERTIFICATE":
      if (typeof value !== "string" || value === "") return incomplete("a certificate");
      if (offered?.type === type && offered.certificate === value) return offered;
      return {
        code: "CREDENTIALS_TYPE_UNSUPPORTED",
        reason: `the device has credentials of the kind ${type}, and not this camera's certificate`,
      };
  }
}

function isCredentialsType(type: unknown): type is CredentialsType {
  return credentialsTypes.some((known) => known === type);
}

function isOwnType(type: CredentialsType): type is OwnType {
  return ownTypes.some((own) => own === type);
}

/** The specification asks for base64; a server's own token that is none is worth a warning, no more. */
export function hasBase64Token(credentials: Credentials): boolean {
  return credentials.type !== "ACCESS_TOKEN" || isBase64(credentials.accessToken.reveal());
}
