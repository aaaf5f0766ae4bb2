import type { JsonObject } from "../base/json-object.ts";
import { type Credentials, credentialsFrom, type OwnType, ownTypes, textsOf } from "./credentials.ts";

/** The keys under which credentials of each kind stand in files, besides `credentials_type`. */
export const keysOfType: Readonly<Record<OwnType, readonly string[]>> = {
  ACCESS_TOKEN: ["access_token"],
  MQTT_BASIC: ["client_id", "user_name", "password"],
  X509_CERTIFICATE: ["certificate_file", "private_key_file"],
};

/** The credentials of the kind `type` in `object`; undefined where there are none that can be used. */
export function readCredentials(type: unknown, object: JsonObject): Credentials | undefined {
  const own = ownTypes.find((each) => each === type);
  if (own === undefined) return undefined;
  const { access_token: accessToken, client_id: clientId, user_name: userName, password } = object;
  const { certificate_file: certificateFile, private_key_file: privateKeyFile, certificate } = object;
  const texts = { accessToken, clientId, userName, password, certificateFile, privateKeyFile };
  return credentialsFrom(own, certificate === undefined ? texts : { ...texts, certificate });
}

/** What `readCredentials` reads. Absent parts are left out. */
export function writeCredentials(credentials: Credentials): Readonly<Record<string, string>> {
  const { accessToken, clientId, userName, password, certificateFile, privateKeyFile } = textsOf(credentials);
  return {
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...(userName === undefined ? {} : { user_name: userName }),
    ...(password === undefined ? {} : { password }),
    ...(certificateFile === undefined ? {} : { certificate_file: certificateFile }),
    ...(privateKeyFile === undefined ? {} : { private_key_file: privateKeyFile }),
  };
}

/** For a record, which must tell later whether a file still holds the same certificate. */
export function recordCredentials(credentials: Credentials): Readonly<Record<string, string>> {
  const { certificate } = textsOf(credentials);
  return { ...writeCredentials(credentials), ...(certificate === undefined ? {} : { certificate }) };
}
