import { Secret } from "../../src/base/secret.ts";
import type { Credentials } from "../../src/model/credentials.ts";

/** An access token as credentials. */
export function token(text: string): Credentials {
  return { type: "ACCESS_TOKEN", accessToken: new Secret(text) };
}

/** The text of an access token. */
export function tokenOf(credentials: Credentials): string {
  return credentials.accessToken.reveal();
}
