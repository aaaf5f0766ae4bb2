import * as v from "valibot";
import { isObject, type JsonObject } from "../base/json-object.ts";
import type { Members } from "./json/json-edit.ts";
import { configEntries, type sectionsOf } from "./thermal-config-fields.ts";

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
