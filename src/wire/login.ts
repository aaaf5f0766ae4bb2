import { type Credentials, textsOf } from "../model/credentials.ts";
import { provisionUserName } from "./topics.ts";

/** What a CONNECT says of who logs in. An empty client id: the server makes one up. */
export interface Login {
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
}

/** How a device logs in: with its access token as the user name, without a password; or with the parts that it has. */
export function loginOf(credentials: Credentials): Login {
  const { accessToken, clientId = "", ...others } = textsOf(credentials);
  return accessToken === undefined ? { clientId, ...others } : { clientId, userName: accessToken };
}

/** How a provisioning session begins. */
export const provisionLogin: Login = { clientId: "", userName: provisionUserName };
