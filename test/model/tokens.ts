import { Secret } from "../../src/base/secret.ts";
import type { Credentials } from "../../src/model/credentials.ts";

/** An access token as credentials. */
export function token(text: string): Credentials {
  return { type: "ACCESS_TOKEN", accessToken: new Secret(text) };
}

/** The text of an access token. */
export function tokenOf(credentials: Credentials): string {
  if (credentials.type !== "ACCESS_TOKEN") throw new Error(`no access token, but ${credentials.type}`);
  return credentials.accessToken.reveal();
}

/** A login of MQTT_BASIC; what is left out is absent. */
export function basic(parts: Readonly<Partial<Record<"clientId" | "userName" | "password", string>>>): Credentials {
  const part = (text: string | undefined) => (text === undefined ? null : new Secret(text));
  return {
    type: "MQTT_BASIC",
    clientId: part(parts.clientId),
    userName: part(parts.userName),
    password: part(parts.password),
  };
}
