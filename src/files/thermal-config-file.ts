import { join } from "node:path";
import { Secret } from "../base/secret.ts";
import { isAccessToken } from "../model/access-token.ts";
import { describe } from "../model/check.ts";
import { isDeviceId } from "../model/device-id.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { LocatedProblem } from "../model/problem.ts";
import { isPort, parseServerUrl } from "../model/server-address.ts";
import type { ConfigChange, ConfiguredCredentials } from "../model/thermal-config.ts";
import type { FileRead } from "./credentials-file.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { during } from "./disk/file-error.ts";
import type { Attributes, FileSystem } from "./disk/file-system.ts";
import { configName } from "./file-names.ts";
import { editMembers, type Members } from "./json/json-edit.ts";
import { findDuplicates, type JsonText, meaningOf, type Node, nodeAt, parseJsonText } from "./json/json-text.ts";
import { firstProblems } from "./json/problems.ts";

/** `thermal_config.json` as it was read. */
export interface ThermalConfigFile {
  /** Undefined where there is no such file. */
  readonly bytes: Uint8Array | undefined;
  readonly attributes: Attributes | undefined;
  /** The credentials that it holds, where it holds any. */
  readonly configured: ConfiguredCredentials | undefined;
}

const limit = 4 * 1024 * 1024;
/** More than a provisioning ever adds. */
const ourShare = 64 * 1024;
const largestChanged = limit + 2 * ourShare;
const file = configName;

/**
 * Reads the configuration, before or after it was changed.
 *
 * @throws ProvisioningError CONFIG_FILE_UNREADABLE, CONFIG_FILE_INVALID with every problem and its place
 */
export function readThermalConfig(fs: FileSystem, directory: string): ThermalConfigFile {
  const read = during(`reading ${file} in ${directory}`, () => load(fs, directory, largestChanged));
  if (read.ok) return read.value;
  throw new ProvisioningError(read.code, `${file} in ${directory} cannot be used:`, { problems: read.problems });
}

/**
 * The configuration that is about to be changed, with its problems as a value. What a provisioning made of a file of the
 * largest size is accepted by the next, too.
 */
export function loadThermalConfig(fs: FileSystem, directory: string): FileRead<ThermalConfigFile> {
  const read = load(fs, directory, limit);
  if (read.ok || read.code !== "CONFIG_FILE_UNREADABLE") return read;
  const changed = load(fs, directory, limit + ourShare);
  return changed.ok && changed.value.configured !== undefined ? changed : read;
}

function load(fs: FileSystem, directory: string, largest: number): FileRead<ThermalConfigFile> {
  const reading = readBounded(fs, join(directory, file), largest);
  switch (reading.kind) {
    case "absent":
      return { ok: true, value: { bytes: undefined, attributes: undefined, configured: undefined } };
    case "refused": {
      const { found, expected } = reading;
      return { ok: false, code: "CONFIG_FILE_UNREADABLE", problems: [{ file, path: [], found, expected }] };
    }
    case "read": {
      const { bytes, attributes } = reading;
      const json = parseConfig(bytes);
      if ("problems" in json) return { ok: false, code: "CONFIG_FILE_INVALID", problems: json.problems };
      return { ok: true, value: { bytes, attributes, configured: configuredIn(json.root) } };
    }
  }
}

/** The bytes of the configuration as they are now; undefined where it cannot be read. */
export function configBytes(fs: FileSystem, directory: string): Uint8Array | undefined {
  const reading = readBounded(fs, join(directory, file), largestChanged);
  return reading.kind === "read" ? reading.bytes : undefined;
}

/**
 * The configuration with `change` in our three sections. Whatever is not ours stays as it is, byte for byte: comments,
 * order, indentation, line ends, the keys of others inside our sections. What says already what it should is not
 * touched, so the same change a second time gives the same bytes.
 */
export function changedConfig({ bytes }: Pick<ThermalConfigFile, "bytes">, change: ConfigChange): Uint8Array {
  const sections = sectionsOf(change);
  const encoder = new TextEncoder();
  if (bytes === undefined) return encoder.encode(`${JSON.stringify(sections, null, 2)}\n`);
  const json = parseConfig(bytes);
  if ("problems" in json) {
    throw new ProvisioningError("CONFIG_FILE_INVALID", `${file} cannot be used:`, { problems: json.problems });
  }
  return encoder.encode(json.mark + editMembers(json, sections, isSame));
}

type Section = "device" | "server" | "provisioning";

function sectionsOf({ credentials, provisionedWith, attemptId }: ConfigChange): Readonly<Record<Section, Members>> {
  return {
    device: {
      device_id: credentials.deviceId,
      ...(credentials.deviceName === undefined ? {} : { device_name: credentials.deviceName }),
      access_token: credentials.accessToken.reveal(),
      credentials_type: credentials.credentialsType,
    },
    server: { url: credentials.serverUrl, port: credentials.serverPort, use_ssl: credentials.useSsl },
    provisioning: {
      provisioned_at: toTheSecond(credentials.provisionedAt),
      provisioned_from: "provision.json",
      provisioned_with: provisionedWith,
      attempt_id: attemptId,
    },
  };
}

const keys: Readonly<Record<Section, readonly string[]>> = {
  device: ["device_id", "device_name", "access_token", "credentials_type"],
  server: ["url", "port", "use_ssl"],
  provisioning: ["provisioned_at", "provisioned_from", "provisioned_with", "attempt_id"],
};

/** `2025-10-23T14:30:00Z`, as the specification writes it. */
function toTheSecond(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The same moment may be written in several ways; everything else is the same when it is the same value. */
function isSame(key: string, present: unknown, wanted: unknown): boolean {
  if (key !== "provisioned_at" || typeof present !== "string" || typeof wanted !== "string") return present === wanted;
  const moment = new Date(present);
  return present === wanted || (!Number.isNaN(moment.getTime()) && toTheSecond(moment) === wanted);
}

/** A file whose sections and keys can be changed without doubt. */
function parseConfig(bytes: Uint8Array): JsonText | { readonly problems: readonly LocatedProblem[] } {
  const json = parseJsonText(file, bytes);
  if ("problems" in json) return json;
  const problems = findDuplicates(file, json, json.root, [], Object.keys(keys));
  for (const [name, ours] of Object.entries(keys)) {
    const section = nodeAt(json.root, [name]);
    if (section === undefined) continue;
    if (section.type !== "object") problems.push(notAnObject(json, name, section));
    else for (const duplicate of findDuplicates(file, json, section, [name], ours)) problems.push(duplicate);
  }
  return problems.length === 0 ? json : { problems: firstProblems(file, problems) };
}

function notAnObject({ placeOf }: JsonText, name: string, section: Node): LocatedProblem {
  const found = describe(meaningOf(section), true);
  return { file, ...placeOf(section.offset), path: [name], found, expected: "an object" };
}

function configuredIn(root: Node): ConfiguredCredentials | undefined {
  const at = (section: Section, key: string) => meaningOf(nodeAt(root, [section, key]));
  const token = at("device", "access_token");
  const url = at("server", "url");
  if (typeof token !== "string" || !isAccessToken(token) || typeof url !== "string") return undefined;
  const address = parseServerUrl(url);
  if ("expected" in address) return undefined;
  const port = at("server", "port");
  const deviceId = at("device", "device_id");
  return {
    host: address.host,
    serverPort: typeof port === "number" && isPort(port) ? port : null,
    useSsl: booleanOrNull(at("server", "use_ssl")),
    accessToken: new Secret(token),
    deviceName: textOrNull(at("device", "device_name")) ?? "",
    deviceId: typeof deviceId === "string" && isDeviceId(deviceId) ? deviceId : null,
    provisionedAt: momentOrNull(at("provisioning", "provisioned_at")),
    provisionedWith: textOrNull(at("provisioning", "provisioned_with")),
    attemptId: textOrNull(at("provisioning", "attempt_id")),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function booleanOrNull(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function momentOrNull(value: unknown): Date | null {
  if (typeof value !== "string") return null;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
