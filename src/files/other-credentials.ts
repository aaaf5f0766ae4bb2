import { isObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { meaningOf } from "./json/json-text.ts";
import { eachEntry, readValue, textIn, type Wanted } from "./json/json-tree.ts";
import { parseConfigText } from "./thermal-config-file.ts";

/** A server and a token in `thermal_config.json`, in a place that is not ours: other camera software has them so. */
export interface OtherCredentials {
  /** The keys that lead there, with dots between; empty where they stand beside the sections. */
  readonly place: string;
  readonly token: Secret;
}

const ours: readonly string[] = ["device", "server", "provisioning"];
/** Without what is written in one way or another: capitals, `_` and `-`. */
const servers: readonly string[] = ["host", "hostname", "server", "serverurl", "serverhost", "url", "broker"];
const tokens: readonly string[] = ["accesstoken", "devicetoken", "token"];
const tellingKeys = [...servers, ...tokens];
/** What is read of a section that is too long to be read as a whole. */
const telling: Wanted = { host: "a little", server: "a little", url: "a little", access_token: "a little" };

/** All such places of a configuration; none where it cannot be read. */
export function otherCredentials(bytes: Uint8Array | undefined): readonly OtherCredentials[] {
  const json = bytes === undefined ? undefined : parseConfigText(bytes);
  if (json === undefined || "problems" in json) return [];
  // Of a key that stands there twice the last one counts.
  const others = new Map<string, unknown>();
  eachEntry(json.text, json.root, ({ offset, keyEnd, value }) => {
    const key = textIn(json.text.slice(offset, keyEnd));
    const mayTell = /[{[]/.test(json.text.charAt(value)) || isAmong(tellingKeys, key);
    if (mayTell && !ours.includes(key)) others.set(key, valueAt(json.text, value));
    else others.delete(key);
  });
  return credentialsIn(Object.fromEntries(others), "", false);
}

function valueAt(text: string, offset: number): unknown {
  const value = readValue(text, offset, 1, "a little");
  if (value?.type !== "unread") return meaningOf(value);
  return text.charAt(offset) === "{" ? meaningOf(readValue(text, offset, 1, telling)) : undefined;
}

/** A token goes with a server beside it, or with one further out. */
function credentialsIn(value: unknown, place: string, hasServer: boolean): readonly OtherCredentials[] {
  if (Array.isArray(value)) return value.flatMap((each) => credentialsIn(each, place, hasServer));
  if (!isObject(value)) return [];
  const isServed = hasServer || textOf(value, servers) !== undefined;
  const token = textOf(value, tokens);
  return [
    ...(isServed && token !== undefined ? [{ place, token: new Secret(token) }] : []),
    ...Object.entries(value).flatMap(([key, inner]) =>
      credentialsIn(inner, place === "" ? key : `${place}.${key}`, isServed),
    ),
  ];
}

function textOf(value: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const [key, found] of Object.entries(value)) {
    if (typeof found === "string" && found !== "" && isAmong(keys, key)) return found;
  }
  return undefined;
}

/** The first letter is looked at before the others: there may be 400,000 keys. */
function isAmong(keys: readonly string[], key: string): boolean {
  return /^[_-]*[abdhstu]/i.test(key) && keys.includes(key.toLowerCase().replaceAll(/[_-]/g, ""));
}
