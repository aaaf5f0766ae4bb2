import { createHash, pbkdf2Sync } from "node:crypto";
import { type ParseError, parse as parseJsonc, visit } from "jsonc-parser";
import { configName, credentialsName, type Folder, isObject } from "./folder.ts";
import { isKind, type Login, loginKeys, loginNamed } from "./login.ts";
import { remembered } from "./remembered.ts";

const ours: Readonly<Record<string, readonly string[]>> = {
  device: ["device_id", "device_name", "credentials_type"],
  server: ["url", "port", "use_ssl"],
  provisioning: ["provisioned_at", "provisioned_from", "provisioned_with", "attempt_id"],
};

/** Written where they apply: what the device logs in with, how the server was verified and reached, and the board. */
const oursAtTimes: Readonly<Record<string, readonly string[]>> = {
  device: Object.values(loginKeys).flat(),
  server: ["ca_file", "server_name", "pinned_public_keys", "client_certificate_file", "client_key_file", "proxy"],
  provisioning: ["provisioned_on"],
};

/** What the configuration of a folder logs in with; undefined where there is nothing that can be used. */
export function loginIn(folder: Folder): Login | undefined {
  const bytes = folder.get(configName)?.bytes;
  return bytes && loginNamed(objectIn(bytes)?.["device"], folder);
}

/**
 * Why `after` is not `before` with our keys written into it; undefined when it is. Judged without the program's own
 * code: all our keys are there, every other key has its value, every comment its text, and nothing that was there before
 * was taken away.
 */
export function faultOfChange(before: Buffer | undefined, after: Buffer): string | undefined {
  const config = objectIn(after);
  if (config === undefined) return `it is not JSON (${after.byteLength} bytes)`;
  for (const [section, keys] of Object.entries(ours)) {
    const found = config[section];
    const missing = keys.filter((key) => !isObject(found) || !(key in found));
    if (missing.length > 0) return `${section} lacks ${missing.join(", ")}`;
  }
  const strange = faultOfKeys(config["device"]);
  if (strange !== undefined) return strange;
  if (before === undefined) return undefined;
  if (JSON.stringify(withoutOurs(objectIn(before) ?? {})) !== JSON.stringify(withoutOurs(config))) {
    return "a key that is not ours changed";
  }
  if (JSON.stringify(commentsIn(before)) !== JSON.stringify(commentsIn(after))) return "a comment changed";
  return isWoven(foreignText(before), after.toString("utf8")) ? undefined : "text that is not ours is gone";
}

/** The keys of its kind are there, of a user name the password and the client id perhaps not, and none of another kind. */
function faultOfKeys(device: unknown): string | undefined {
  if (!isObject(device) || !isKind(device["credentials_type"])) return "an unknown kind of credentials";
  const kind = device["credentials_type"];
  const keys: readonly string[] = loginKeys[kind];
  const missing = (kind === "MQTT_BASIC" ? ["user_name"] : keys).filter((key) => !(key in device));
  if (missing.length > 0) return `device lacks ${missing.join(", ")}`;
  const foreign = Object.values(loginKeys)
    .flat()
    .filter((key) => key in device && !keys.includes(key));
  return foreign.length === 0 ? undefined : `device keeps ${foreign.join(", ")}`;
}

/** What our keys must say, besides the login: the server as `provision.json` names it, and one of these names. */
export interface Wanted {
  readonly credentials: Buffer | undefined;
  readonly names: readonly string[];
}

/** Which of our keys has a wrong value in a configuration that was written; undefined when none has. */
export function faultOfValues(bytes: Buffer, { credentials, names }: Wanted): string | undefined {
  const config = objectIn(bytes) ?? {};
  const given = (credentials && objectIn(credentials)) ?? {};
  const key = String(given["provision_device_key"]);
  const found = (section: string, name: string) => {
    const members = config[section];
    return isObject(members) ? members[name] : undefined;
  };
  const isRight: Readonly<Record<string, boolean>> = {
    device_name: names.some((name) => name === found("device", "device_name")),
    url: found("server", "url") === given["server_url"],
    port: found("server", "port") === given["server_port"],
    use_ssl: found("server", "use_ssl") === (given["use_ssl"] ?? given["server_port"] !== 1883),
    ca_file: JSON.stringify(found("server", "ca_file")) === JSON.stringify(given["ca_file"]),
    provisioned_at: !Number.isNaN(Date.parse(String(found("provisioning", "provisioned_at")))),
    provisioned_from: found("provisioning", "provisioned_from") === credentialsName,
    provisioned_with: tellsKey(String(found("provisioning", "provisioned_with")), key),
    attempt_id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(found("provisioning", "attempt_id"))),
  };
  const wrong = Object.keys(isRight).filter((name) => isRight[name] !== true);
  return wrong.length === 0 ? undefined : `a wrong ${wrong.join(", ")}`;
}

/** Whether this is the hash of a provisioning key: with a salt, or without one, as the former versions wrote it. */
function tellsKey(hash: string, key: string): boolean {
  const [, salt, digits] = /^([0-9a-f]{16})-([0-9a-f]{16})$/.exec(hash) ?? [];
  if (salt === undefined) return hash === createHash("sha256").update(key).digest("hex").slice(0, 16);
  return digits === pbkdf2Sync(key, salt, 1000, 8, "sha256").toString("hex");
}

/** What is not ours, character by character, is in the new text in the same order: nothing of it was taken away. */
function isWoven(foreign: string, text: string): boolean {
  let at = 0;
  for (const character of text) if (character === foreign[at]) at++;
  return at === foreign.length;
}

const ourKeys = [ours, oursAtTimes].flatMap((keys) => Object.values(keys).flat());
const ourMember = new RegExp(`"(?:${ourKeys.join("|")})"\\s*:\\s*("[^"]*"|[^,}\\s]+)\\s*,?`, "g");

function foreignText(bytes: Buffer): string {
  return bytes.toString("utf8").replace(ourMember, "");
}

function commentsIn(bytes: Buffer): readonly string[] {
  const text = bytes.toString("utf8");
  const comments: string[] = [];
  visit(text, { onComment: (offset, length) => void comments.push(text.slice(offset, offset + length)) });
  return comments;
}

const objectIn = remembered((bytes: Buffer): Readonly<Record<string, unknown>> | undefined => {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(bytes.toString("utf8").replace(/^\uFEFF/, ""), errors, {
    allowTrailingComma: true,
  });
  return errors.length === 0 && isObject(value) ? value : undefined;
});

/** The keys of others, in their order; a section that holds only ours does not count. */
function withoutOurs(config: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(config).flatMap(([key, value]) => {
    const keys = ours[key];
    if (keys === undefined || !isObject(value)) return [[key, value]];
    const own = [...keys, ...(oursAtTimes[key] ?? [])];
    const rest = Object.entries(value).filter(([name]) => !own.includes(name));
    return rest.length === 0 ? [] : [[key, rest]];
  });
}
