import { isEqual } from "../base/bytes.ts";
import { configName } from "./file-names.ts";
import { parseJsonText } from "./json/json-text.ts";
import type { Wanted } from "./json/json-tree.ts";
import { configEntries } from "./thermal-config-fields.ts";

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
