import type { Credentials } from "../model/credentials.ts";
import { provisionUserName } from "./topics.ts";

/** What a CONNECT says of who logs in. An empty client id: the server makes one up. */
export interface Login {
  readonly clientId: string;
  readonly userName: string;
}

/** How a device logs in with its credentials: an access token is the user name, without a password. */
export function loginOf({ accessToken }: Credentials): Login {
  return { clientId: "", userName: accessToken.reveal() };
}

/** How a provisioning session begins. */
export const provisionLogin: Login = { clientId: "", userName: provisionUserName };
