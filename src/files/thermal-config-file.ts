import { join } from "node:path";
import * as v from "valibot";
import { isObject, type JsonObject } from "../base/json-object.ts";
import { describe } from "../model/check.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { LocatedProblem } from "../model/problem.ts";
import type { ConfigChange, ConfiguredCredentials, ConfiguredServer } from "../model/thermal-config.ts";
import { isEqual, readBounded } from "./disk/bounded-read.ts";
import { during } from "./disk/file-error.ts";
import type { Attributes, FileSystem } from "./disk/file-system.ts";
import { configName } from "./file-names.ts";
import { editMembers, type Members, removeMembers } from "./json/json-edit.ts";
import { findDuplicates, firstProblems, type JsonText, meaningOf, nodeAt, parseJsonText } from "./json/json-text.ts";
import type { Node, Wanted } from "./json/json-tree.ts";
import type { FileRead } from "./provision-json.ts";
import {
  configEntries,
  configuredIn,
  formerConnectionKeys,
  isSame,
  sectionsOf,
  serverIn,
  surplusKeys,
} from "./thermal-config-fields.ts";

/** `thermal_config.json` as it was read. */
export interface ThermalConfigFile {
  /** Undefined where there is no such file. */
  readonly bytes: Uint8Array | undefined;
  readonly attributes: Attributes | undefined;
  /** The credentials that it holds, where it holds any. */
  readonly configured: ConfiguredCredentials | undefined;
  /** The server that it names, where it names any. */
  readonly server: ConfiguredServer | undefined;
}

const limit = 4 * 1024 * 1024;
/** More than a provisioning ever adds. */
const ourShare = 64 * 1024;
/** No configuration, and so no backup of one, is larger. */
export const largestChanged = limit + 2 * ourShare;
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
      return { ok: true, value: { bytes: undefined, attributes: undefined, configured: undefined, server: undefined } };
    case "refused": {
      const { found, expected } = reading;
      return { ok: false, code: "CONFIG_FILE_UNREADABLE", problems: [{ file, path: [], found, expected }] };
    }
    case "read": {
      const { bytes, attributes } = reading;
      const json = parseConfig(bytes);
      if ("problems" in json) return { ok: false, code: "CONFIG_FILE_INVALID", problems: json.problems };
      const sections = sectionsIn(json);
      return { ok: true, value: { bytes, attributes, configured: configuredIn(sections), server: serverIn(sections) } };
    }
  }
}

/** The credentials that `bytes` would hold as a configuration; `unknown` where they could be none. */
export function configuredInBytes(bytes: Uint8Array): ConfiguredCredentials | "unknown" | undefined {
  const json = parseConfig(bytes);
  return "problems" in json ? "unknown" : configuredIn(sectionsIn(json));
}

/** Our sections in the configuration `bytes`, without the keys of others; undefined where they hold no credentials. */
export function ourSectionsIn(bytes: Uint8Array): Sections | undefined {
  const json = parseConfig(bytes);
  const sections = "problems" in json ? undefined : ourMembers(sectionsIn(json));
  return sections !== undefined && configuredIn(sections) !== undefined ? sections : undefined;
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
  const { edited, present } = edit(bytes, sectionsOf(change));
  const alone = without(edited, "device", surplusKeys(present, change));
  return without(alone, "server", formerConnectionKeys(present, change));
}

/** The configuration with our sections as they were once: `sections`, and no other key of ours. */
export function withSections({ bytes }: Pick<ThermalConfigFile, "bytes">, sections: Sections): Uint8Array {
  const { edited, present } = edit(bytes, sections);
  const wanted: Readonly<Record<string, object>> = sections;
  return ourKeysIn(present).reduce<Uint8Array>((text, { section, keys }) => {
    const surplus = keys.filter((key) => !Object.hasOwn(wanted[section] ?? {}, key));
    return without(text, section, surplus);
  }, edited);
}

/** The text with `sections` in it, and what stood in them before. */
function edit(bytes: Uint8Array | undefined, sections: Sections) {
  const encoder = new TextEncoder();
  if (bytes === undefined) return { edited: encoder.encode(`${JSON.stringify(sections, null, 2)}\n`), present: {} };
  const json = parseConfig(bytes);
  if ("problems" in json) {
    throw new ProvisioningError("CONFIG_FILE_INVALID", `${file} cannot be used:`, { problems: json.problems });
  }
  return { edited: encoder.encode(json.mark + editMembers(json, sections, isSame)), present: sectionsIn(json) };
}

/** The configuration without our keys; undefined where it has none of them. What is not ours stays, byte for byte. */
export function withoutOurKeys(bytes: Uint8Array): Uint8Array | undefined {
  const json = parseConfig(bytes);
  const mine = "problems" in json ? [] : ourKeysIn(sectionsIn(json));
  if (mine.length === 0) return undefined;
  return mine.reduce((text, { section, keys }) => without(text, section, keys), bytes);
}

/** Our keys that are there, by their section. */
function ourKeysIn(config: JsonObject): readonly { readonly section: string; readonly keys: readonly string[] }[] {
  const ourKeys: Readonly<Record<string, object>> = configEntries;
  return Object.entries(config).flatMap(([section, value]) => {
    const keys = Object.keys(ourKeys[section] ?? {}).filter((key) => isObject(value) && Object.hasOwn(value, key));
    return keys.length === 0 ? [] : [{ section, keys }];
  });
}

function without(bytes: Uint8Array, section: string, keys: readonly string[]): Uint8Array {
  if (keys.length === 0) return bytes;
  const json = parseConfig(bytes);
  const node = "problems" in json ? undefined : nodeAt(json.root, [section]);
  if ("problems" in json || node === undefined) throw new ProvisioningError("INTERNAL", `${file} was edited badly`);
  return new TextEncoder().encode(json.mark + removeMembers(json.text, node, keys));
}

/** A file whose sections and keys can be changed without doubt. */
function parseConfig(bytes: Uint8Array): JsonText | { readonly problems: readonly LocatedProblem[] } {
  const json = parseConfigText(bytes);
  if ("problems" in json) return json;
  const problems = findDuplicates(file, json, json.root, [], Object.keys(configEntries));
  for (const [name, ours] of Object.entries(configEntries)) {
    const section = nodeAt(json.root, [name]);
    if (section === undefined) continue;
    if (section.type !== "object") problems.push(notAnObject(json, name, section));
    else
      for (const duplicate of findDuplicates(file, json, section, [name], Object.keys(ours))) problems.push(duplicate);
  }
  return problems.length === 0 ? json : { problems: firstProblems(file, problems) };
}

/** What stands in our sections; a large file is not read farther than that. */
function sectionsIn({ root }: JsonText): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(configEntries).map((name) => [name, meaningOf(nodeAt(root, [name]))]));
}

function notAnObject({ placeOf }: JsonText, name: string, section: Node): LocatedProblem {
  const found = describe(meaningOf(section), "secret");
  return { file, ...placeOf(section.offset), path: [name], found, expected: "an object" };
}

type Parsed = ReturnType<typeof parseJsonText>;

/** Our keys. What else is in a configuration, which may be large, is only looked through for mistakes. */
const ours: Wanted = Object.fromEntries(
  Object.entries(configEntries).map(([section, entries]) => [
    section,
    Object.fromEntries(Object.keys(entries).map((key) => [key, "a little"])),
  ]),
);

/** A run reads the same configuration again and again, to be sure of it; what the same bytes mean it need not ask again. */
let last: WeakRef<{ readonly bytes: Uint8Array; readonly parsed: Parsed }> | undefined;

/** The JSON object in the bytes of a configuration, of which only our keys are read, or what is wrong there. */
export function parseConfigText(bytes: Uint8Array): Parsed {
  const before = last?.deref();
  if (before !== undefined && isEqual(before.bytes, bytes)) return before.parsed;
  const parsed = parseJsonText(configName, bytes, ours);
  last = new WeakRef({ bytes: bytes.slice(), parsed });
  return parsed;
}

/** What stands, or is to stand, in our three sections of `thermal_config.json`. */
export type Sections = ReturnType<typeof sectionsOf>;

/** Of what anybody may have written our keys, each where its value can be one that a provisioning writes. */
export function ourMembers(config: JsonObject): Sections {
  return {
    device: valid(config["device"], configEntries.device),
    server: valid(config["server"], configEntries.server),
    provisioning: valid(config["provisioning"], configEntries.provisioning),
  };
}

const member = v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(v.string())]);

function valid(section: unknown, entries: v.ObjectEntries): Members {
  const found: Record<string, Members[string]> = {};
  if (!isObject(section)) return found;
  for (const [key, schema] of Object.entries(entries)) {
    const value = Object.hasOwn(section, key) ? section[key] : undefined;
    if (v.is(schema, value) && v.is(member, value)) found[key] = value;
  }
  return found;
}
