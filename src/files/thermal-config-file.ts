import { join } from "node:path";
import { isObject, type JsonObject } from "../base/json-object.ts";
import { describe } from "../model/check.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { LocatedProblem } from "../model/problem.ts";
import type { ConfigChange, ConfiguredCredentials, ConfiguredServer } from "../model/thermal-config.ts";
import { parseConfigText } from "./config-text.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { during } from "./disk/file-error.ts";
import type { Attributes, FileSystem } from "./disk/file-system.ts";
import { configName } from "./file-names.ts";
import { editMembers, removeMembers } from "./json/json-edit.ts";
import { findDuplicates, type JsonText, meaningOf, nodeAt } from "./json/json-text.ts";
import type { Node } from "./json/json-tree.ts";
import { firstProblems } from "./json/problems.ts";
import { ourMembers, type Sections } from "./our-sections.ts";
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
