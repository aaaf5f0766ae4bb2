import { isObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { meaningOf, parseJsonText } from "./json/json-text.ts";

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
  const json = bytes === undefined ? undefined : parseJsonText("thermal_config.json", bytes);
  const root = json === undefined || "problems" in json ? undefined : meaningOf(json.root);
  if (!isObject(root)) return undefined;
  for (const [section, value] of Object.entries(root)) {
    if (ours.includes(section) || !isObject(value)) continue;
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
