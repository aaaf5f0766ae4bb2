import { type Credentials, textsOf } from "../model/credentials.ts";
import { provisionUserName } from "./topics.ts";

/** What a CONNECT says of who logs in. An empty client id: the server makes one up. */
export interface Login {
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
}

/**
 * How a device logs in: with its access token as the user name, without a password; or with the parts that it has. One
 * with a certificate says nothing here: the server has seen it in the TLS handshake, and looks at nothing else.
 */
export function loginOf(credentials: Credentials): Login {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return { clientId: "", userName: textsOf(credentials).accessToken ?? "" };
    case "MQTT_BASIC": {
      const { clientId = "", userName, password } = textsOf(credentials);
      return {
        clientId,
        ...(userName === undefined ? {} : { userName }),
        ...(password === undefined ? {} : { password }),
      };
    }
    case "X509_CERTIFICATE":
      return { clientId: "" };
  }
}

/** How a provisioning session begins. */
export const provisionLogin: Login = { clientId: "", userName: provisionUserName };
