import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { join, normalize } from "node:path";
import type { Device } from "../../../src/simulator/index.ts";
import { type Folder, isObject, parse } from "./folder.ts";
import { remembered } from "./remembered.ts";

/** What a device logs in with: its kind and every part of it in one text, so that two are the same where these are. */
export type Login = string;

/** The kinds, with the keys under which their parts stand in a file. */
export const loginKeys = {
  ACCESS_TOKEN: ["access_token"],
  MQTT_BASIC: ["client_id", "user_name", "password"],
  X509_CERTIFICATE: ["certificate_file", "private_key_file"],
} as const;

export type Kind = keyof typeof loginKeys;

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(loginKeys, value);
}

export function loginWith(kind: Kind, ...parts: readonly unknown[]): Login | undefined {
  const texts = parts.map((part) => (typeof part === "string" ? part : ""));
  return texts.every((text) => text === "") ? undefined : JSON.stringify([kind, ...texts]);
}

/** What a section of a configuration, or the body of a record, names; of a certificate both files must be there, and fit. */
export function loginNamed(named: unknown, folder: Folder): Login | undefined {
  if (!isObject(named)) return undefined;
  switch (named["credentials_type"] ?? "ACCESS_TOKEN") {
    case "ACCESS_TOKEN":
      return loginWith("ACCESS_TOKEN", named["access_token"] ?? named["token"]);
    case "MQTT_BASIC":
      return loginWith("MQTT_BASIC", named["client_id"], named["user_name"], named["password"]);
    case "X509_CERTIFICATE":
      return certificateNamed(named, folder);
    default:
      return undefined;
  }
}

function certificateNamed(named: Record<string, unknown>, folder: Folder): Login | undefined {
  const fileOf = (name: unknown) => folder.get(normalize(join("", String(name))))?.bytes;
  const [bytes, key] = [fileOf(named["certificate_file"]), fileOf(named["private_key_file"])];
  const certificate = bytes && certificateIn(bytes);
  if (certificate === undefined || key === undefined) return undefined;
  if (publicKeyOf(key)?.equals(certificate.publicKey) !== true) return undefined;
  const text = certificate.raw.toString("base64");
  return (named["certificate"] ?? text) === text ? loginWith("X509_CERTIFICATE", text) : undefined;
}

const certificateIn = remembered((pem: Buffer) => readOrNothing(() => new X509Certificate(pem)));
const publicKeyOf = remembered((pem: Buffer): KeyObject | undefined => readOrNothing(() => createPublicKey(pem)));

function readOrNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What a request offers. */
export function loginOffered(payload: string): Login | undefined {
  const request = parse(payload);
  if (!isObject(request)) return undefined;
  switch (request["credentialsType"] ?? "ACCESS_TOKEN") {
    case "ACCESS_TOKEN":
      return loginWith("ACCESS_TOKEN", request["token"]);
    case "MQTT_BASIC":
      return loginWith("MQTT_BASIC", request["clientId"], request["username"], request["password"]);
    default:
      return loginWith("X509_CERTIFICATE", String(request["hash"] ?? "").replace(/-----[A-Z ]+-----|\s/g, ""));
  }
}

/** What lets a device of the server in. */
export function loginOfDevice({ credentials }: Pick<Device, "credentials">): Login {
  switch (credentials.credentialsType) {
    case "ACCESS_TOKEN":
      return loginWith("ACCESS_TOKEN", credentials.credentialsId) ?? "";
    case "MQTT_BASIC": {
      const { clientId, userName, password } = credentials.credentialsValue;
      return loginWith("MQTT_BASIC", clientId, userName, password) ?? "";
    }
    case "X509_CERTIFICATE":
      return loginWith("X509_CERTIFICATE", credentials.credentialsValue) ?? "";
  }
}

/** The parts that nobody else may learn; a certificate is none, and its key is in a file. */
export function secretsOf(login: Login): readonly string[] {
  const [kind, ...parts] = partsOf(login);
  return kind === "X509_CERTIFICATE" ? [] : parts.filter((part) => part !== "");
}

/** The user name of a session that only asks; a certificate may be shown there, too. */
const provisioning = "\0\x09provision";

/** Whether a connection that begins with these bytes logs in so; `certificate`: what was shown before, base64. */
export function logsIn(login: Login, first: Uint8Array, certificate: string | undefined): boolean {
  const [kind, shown] = partsOf(login);
  const bytes = Buffer.from(first);
  if (kind === "X509_CERTIFICATE") return shown === certificate && !bytes.includes(provisioning);
  return certificate === undefined && secretsOf(login).every((part) => bytes.includes(part));
}

/** The certificate of such a login. */
export function certificateOf(login: Login): string | undefined {
  const [kind, certificate] = partsOf(login);
  return kind === "X509_CERTIFICATE" ? certificate : undefined;
}

function partsOf(login: Login): readonly string[] {
  const parts: unknown = JSON.parse(login);
  return Array.isArray(parts) ? parts.map(String) : [];
}

/** The private keys that a camera made, each by a line of it. */
export function keysMade(folder: Folder): readonly string[] {
  return [...folder].flatMap(([name, { bytes }]) =>
    isMadeKey(name) ? (/^[A-Za-z0-9+/]{64}$/m.exec(bytes.toString("latin1")) ?? []) : [],
  );
}

/** A key that a camera made, or is just making. */
export function isMadeKey(name: string): boolean {
  return /^\.?device-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.key\.pem(\.[0-9a-f]{16}\.tmp)?$/.test(name);
}

/** Keys and certificates that a camera made, and that neither configuration, backup nor record names. */
export function unnamedCertificates(folder: Folder): readonly string[] {
  const made = [...folder.keys()].filter((name) => /^device-[0-9a-f-]{36}\.(crt|key)\.pem$/.test(name));
  const texts = [...folder].filter(([name]) => !made.includes(name)).map(([, { bytes }]) => bytes);
  return made.filter((name) => !texts.some((text) => text.includes(name)));
}
