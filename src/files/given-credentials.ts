import { isObject } from "../base/json-object.ts";
import { type Credentials, readCredentials } from "../model/credentials.ts";
import { isDeviceName } from "../model/device-name.ts";
import { ProvisioningError } from "../model/errors.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";

/** Credentials that an administrator gave, and the device's name where it was said. */
export interface GivenCredentials {
  readonly credentials: Credentials;
  readonly deviceName?: string;
}

const limit = 64 * 1024;

/**
 * Reads credentials from a file: one line with the token, or JSON with the keys of `device` in `thermal_config.json`.
 *
 * @throws ProvisioningError GIVEN_CREDENTIALS_INVALID; what is in the file is never quoted
 */
export function readGivenCredentials(fs: FileSystem, path: string): GivenCredentials {
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  if (reading.kind === "absent") throw invalid(`${path} does not exist`);
  if (reading.kind === "refused") throw invalid(`${path} is ${reading.found}, expected ${reading.expected}`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(reading.bytes);
  } catch {
    throw invalid(`${path} is not text in UTF-8`);
  }
  return givenCredentials(text, path);
}

/** As `readGivenCredentials`, of a text that was typed; `where` is for the message. */
export function givenCredentials(text: string, where: string): GivenCredentials {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return fromJson(trimmed, where);
  const credentials = readCredentials("ACCESS_TOKEN", { access_token: trimmed });
  if (credentials === undefined) throw invalid(`${where} holds neither an access token on one line nor JSON`);
  return { credentials };
}

function fromJson(text: string, where: string): GivenCredentials {
  const object = parse(text);
  if (object === undefined) throw invalid(`${where} begins with a brace and is not JSON`);
  const { credentials_type: type = "ACCESS_TOKEN", device_name: name } = object;
  const credentials = readCredentials(type, object);
  if (credentials === undefined) throw invalid(`${where} holds no access_token that can be used`);
  if (name === undefined || name === null) return { credentials };
  if (typeof name !== "string" || !isDeviceName(name))
    throw invalid(`the device_name in ${where} is not a device name`);
  return { credentials, deviceName: name };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): ProvisioningError {
  return new ProvisioningError("GIVEN_CREDENTIALS_INVALID", message);
}
