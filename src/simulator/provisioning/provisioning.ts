import { deflateRawSync, constants as zlib } from "node:zlib";
import type { Randomness } from "../../base/randomness.ts";
import { javaTrim } from "../encoding/java-text.ts";
import type { Peculiarities } from "../server/versions.ts";
import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../tenant/credentials.ts";
import { type Database, NotUnique } from "../tenant/database.ts";
import type { DeviceRecord } from "../tenant/device.ts";
import { type DeviceProfile, tenantOf } from "../tenant/device-profile.ts";
import { generatedText, newDevice } from "../tenant/new-device.ts";
import type { ProvisionRequest } from "./provision-request.ts";
import type { ProvisionResponse } from "./provision-response.ts";

/**
 * What looking at a request and the database says. Looking and acting are apart, because on a real server they are: two
 * claims that are looked at before either has acted both succeed (docs/thingsboard-protocol.md#decision-procedure,
 * `race-pre-claim`).
 */
export type Examined =
  | Possible
  /** The core fails inside: no answer, the transport's request runs into its time-out. */
  | { readonly act: "nothing" };

type Possible =
  | { readonly act: "answer"; readonly response: ProvisionResponse }
  | { readonly act: "create"; readonly profile: DeviceProfile; readonly request: ProvisionRequest }
  | { readonly act: "claim"; readonly device: DeviceRecord };

function failure(why: string): Examined {
  return { act: "answer", response: { status: "FAILURE", why } };
}

function notFound(why: string): Examined {
  return { act: "answer", response: { status: "NOT_FOUND", why } };
}

/**
 * The decision procedure of docs/thingsboard-protocol.md#decision-procedure (DeviceProvisionServiceImpl
 * `provisionDevice`).
 */
export function examine(request: ProvisionRequest, database: Database, peculiarities: Peculiarities): Examined {
  const name = javaTrim(request.deviceName);
  if (request.deviceName !== "" && name === "") return failure("the device name is blank");
  if (request.provisionDeviceKey === "" || request.provisionDeviceSecret === "") {
    return notFound("the key or the secret is empty");
  }
  // PostgreSQL takes no U+0000, not even to look for.
  if (request.provisionDeviceKey.includes("\0")) return { act: "nothing" };
  const profile = database.profileByKey(request.provisionDeviceKey);
  if (profile?.provisionDeviceSecret === undefined) return notFound("no device profile has this key");
  if (name.includes("\0")) return { act: "nothing" };
  const device = database.byName(tenantOf(profile), name);
  const rightSecret = profile.provisionDeviceSecret === request.provisionDeviceSecret;
  const wrongSecret = `not the secret of the profile ${profile.name}`;
  switch (profile.provisionType) {
    case "DISABLED":
      return notFound(`the profile ${profile.name} provisions no devices`);
    case "ALLOW_CREATE_NEW_DEVICES":
      if (!rightSecret) return notFound(wrongSecret);
      if (device !== undefined) return failure("there is a device of this name already");
      return { act: "create", profile, request: { ...request, deviceName: name } };
    case "CHECK_PRE_PROVISIONED_DEVICES":
      if (!rightSecret) return notFound(wrongSecret);
      if (device?.profile === profile.name) return examineClaim(device, peculiarities);
      return failure(`no device of this name is registered in the profile ${profile.name}`);
    case "X509_CERTIFICATE_CHAIN":
      return { act: "nothing" };
  }
}

/** Only the absence of `provisionState` makes a device claimable; another value does not, on any server. */
function examineClaim(device: DeviceRecord, { refusesSecondClaim }: Peculiarities): Examined {
  const state = device.attributes.server.get("provisionState");
  const claimable = state === undefined || (state === "provisioned" && !refusesSecondClaim);
  return claimable ? { act: "claim", device } : failure("the device has been claimed already");
}

/** What acting needs. */
export interface ServerParts {
  readonly database: Database;
  readonly randomness: Randomness;
  readonly now: Date;
  readonly peculiarities: Peculiarities;
  /** How many devices a tenant may have; a tenant profile's limit. Default: no limit. */
  readonly deviceLimit: number | undefined;
}

/** Acts, with the database's constraints as the last word: of two that want one name or token, the first wins. */
export function carryOut(examined: Possible, parts: ServerParts): ProvisionResponse {
  switch (examined.act) {
    case "answer":
      return examined.response;
    case "claim":
      examined.device.attributes.server.set("provisionState", "provisioned");
      return { status: "SUCCESS", credentials: examined.device.credentials };
    case "create":
      return create(examined.profile, examined.request, parts);
  }
}

function create(profile: DeviceProfile, request: ProvisionRequest, parts: ServerParts): ProvisionResponse {
  const { database, peculiarities, deviceLimit } = parts;
  const refused = (why: string) => ({ status: "FAILURE", why }) as const;
  const credentials = requestedCredentials(request, parts);
  const full = deviceLimit !== undefined && [...database.devices].length >= deviceLimit;
  if (credentials === undefined) return refused("no credentials can be made of what was sent");
  if (full) return refused("the tenant has as many devices as it may");
  if (!isAcceptableName(request.deviceName, peculiarities)) return refused("a device may not have this name");
  const device = newDevice({ profile, name: request.deviceName, gateway: request.gateway, credentials }, parts);
  device.attributes.server.set("provisionState", "provisioned");
  try {
    database.addDevice(device);
  } catch (error) {
    if (error instanceof NotUnique) return refused("another device has these credentials, or this name");
    throw error;
  }
  return { status: "SUCCESS", credentials };
}

/**
 * The credentials of a new device, or undefined for FAILURE (docs/thingsboard-protocol.md#request-fields,
 * "Credentials on create").
 */
function requestedCredentials(
  request: ProvisionRequest,
  { randomness, peculiarities }: ServerParts,
): StoredCredentials | undefined {
  const { token, hash, clientId, userName, password, credentialsType } = request;
  if ([token, hash, clientId, userName, password].every((field) => field === "")) {
    return accessToken(generatedText(randomness));
  }
  if (peculiarities.refusesControlCharacters && [token, clientId, userName, password].some(hasControlCharacter)) {
    return undefined;
  }
  switch (credentialsType) {
    case "ACCESS_TOKEN":
      return token === "" || !isStorable(token) ? undefined : accessToken(token);
    case "MQTT_BASIC":
      if (clientId === "" && userName === "") return undefined;
      if (userName === "" && password !== "") return undefined;
      // With a client id the user name is stored in JSON, and a hash of it is the id.
      return clientId !== "" || isStorable(userName) ? mqttBasic({ clientId, userName, password }) : undefined;
    case "X509_CERTIFICATE":
      return hash.includes("\0") ? undefined : x509Certificate(hash);
    case "LWM2M_CREDENTIALS":
      return undefined;
  }
}

/**
 * PostgreSQL takes no U+0000, and its index row holds about 2700 bytes after its own compression, which finds
 * repetitions but does not shorten characters: 2000 random ones fit, 5000 do not, 1000 equal ones do (recorded
 * `token-1000|2000|5000`).
 */
function isStorable(text: string): boolean {
  if (text.includes("\0")) return false;
  return text.length <= 2000 || deflateRawSync(text, { strategy: zlib.Z_FIXED }).length <= 2704;
}

/** What the server accepts as a name: its check for scripts (NoXss), and a length. */
export function isAcceptableName(name: string, { refusesTemplates }: Peculiarities): boolean {
  if (name.length > 255 || looksLikeMarkup(name)) return false;
  return !(refusesTemplates && /\{\{.*\}\}/s.test(name));
}

/** The server's NoXss check runs AntiSamy; a lone `<` passes it, a tag does not. */
function looksLikeMarkup(name: string): boolean {
  return /<[a-z/!?]/i.test(name);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\x7f");
}
