import { isObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { parseConfigText } from "./config-text.ts";
import { meaningOf, membersOf } from "./json/json-text.ts";

/** A section of `thermal_config.json` that is not ours and holds a server and a token, as other camera software does. */
export interface OtherCredentials {
  readonly section: string;
  readonly token: Secret;
}

const ours: readonly string[] = ["device", "server", "provisioning"];
const servers = ["host", "server", "server_url", "url"];
const tokens = ["access_token", "accessToken", "token"];

/** The first such section of a configuration; undefined where there is none, or it cannot be read. */
export function otherCredentials(bytes: Uint8Array | undefined): OtherCredentials | undefined {
  const json = bytes === undefined ? undefined : parseConfigText(bytes);
  if (json === undefined || "problems" in json) return undefined;
  // Of a key that stands there twice the last one counts.
  for (const [section, node] of new Map(membersOf(json.root).map(({ name, value: each }) => [name, each]))) {
    if (ours.includes(section) || node.type !== "object") continue;
    const value = meaningOf(node);
    if (!isObject(value)) continue;
    const [host, token] = [firstText(value, servers), firstText(value, tokens)];
    if (host !== undefined && token !== undefined) return { section, token: new Secret(token) };
  }
  return undefined;
}

function firstText(value: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const found = value[key];
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}
