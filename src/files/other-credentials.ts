import { isObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { parseConfigText } from "./config-text.ts";
import { meaningOf } from "./json/json-text.ts";
import { readValue, textIn, type Wanted } from "./json/json-tree.ts";
import { eachEntry } from "./json/layout.ts";

/** A section of `thermal_config.json` that is not ours and holds a server and a token, as other camera software does. */
export interface OtherCredentials {
  readonly section: string;
  readonly token: Secret;
}

const ours: readonly string[] = ["device", "server", "provisioning"];
const servers = ["host", "server", "server_url", "url"];
const tokens = ["access_token", "accessToken", "token"];
const telling: Wanted = Object.fromEntries([...servers, ...tokens].map((key) => [key, "a little"]));

/** The first such section of a configuration; undefined where there is none, or it cannot be read. */
export function otherCredentials(bytes: Uint8Array | undefined): OtherCredentials | undefined {
  const json = bytes === undefined ? undefined : parseConfigText(bytes);
  if (json === undefined || "problems" in json) return undefined;
  const found = new Map<string, Secret>();
  eachEntry(json.text, json.root, ({ offset, keyEnd, value }) => {
    const section = textIn(json.text.slice(offset, keyEnd));
    const token = ours.includes(section) ? undefined : tokenIn(json.text, value);
    // Of a key that stands there twice the last one counts.
    if (token === undefined) found.delete(section);
    else found.set(section, token);
  });
  const [first] = found;
  return first === undefined ? undefined : { section: first[0], token: first[1] };
}

/** The token of a section with a server, which begins at `offset`. */
function tokenIn(text: string, offset: number): Secret | undefined {
  if (text.charAt(offset) !== "{") return undefined;
  const value = meaningOf(readValue(text, offset, 1, telling));
  if (!isObject(value)) return undefined;
  const [host, token] = [firstText(value, servers), firstText(value, tokens)];
  return host === undefined || token === undefined ? undefined : new Secret(token);
}

function firstText(value: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const found = value[key];
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}
