import type { Secret } from "../base/secret.ts";
import type { Credentials } from "../model/credentials.ts";
import type { ProvisioningRequest } from "../model/provisioning-request.ts";

/**
 * The payload of `/provision/request`. The order of the keys is fixed, so that a retry is the same bytes, and no value
 * is ever null, which the server answers by closing the connection (docs/thingsboard-protocol.md#parsing-a-request).
 */
export function encodeRequest(request: ProvisioningRequest): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(fields(request, (secret) => secret.reveal())));
}

/** The same for people, with every secret masked. */
export function describeRequest(request: ProvisioningRequest): Readonly<Record<string, string>> {
  return fields(request, String);
}

type Show = (secret: Secret) => string;

function fields(request: ProvisioningRequest, show: Show): Readonly<Record<string, string>> {
  const {
    deviceName,
    deviceType,
    provisionDeviceKey,
    provisionDeviceSecret,
    credentials,
    createdAt: _,
    ...unsent
  } = request;
  // With a field that is added to the request and not here, this does not compile.
  unsent satisfies Readonly<Record<string, never>>;
  return {
    deviceName,
    deviceType,
    provisionDeviceKey: show(provisionDeviceKey),
    provisionDeviceSecret: show(provisionDeviceSecret),
    credentialsType: credentials.type,
    ...offered(credentials, show),
  };
}

/** The server says `userName` in its answer, and reads `username` in a request. What is absent is left out. */
function offered(credentials: Credentials, show: Show): Readonly<Record<string, string>> {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return { token: show(credentials.accessToken) };
    case "MQTT_BASIC": {
      const { clientId, userName, password } = credentials;
      return {
        ...(clientId === null ? {} : { clientId: show(clientId) }),
        ...(userName === null ? {} : { username: show(userName) }),
        ...(password === null ? {} : { password: show(password) }),
      };
    }
    case "X509_CERTIFICATE":
      // Called a hash, and it is the certificate itself: text before it, or a second one, would never be matched.
      return { hash: credentials.certificate === null ? notMadeYet : pemOf(credentials.certificate) };
  }
}

/** Where a request is only described. */
const notMadeYet = "[a certificate that the camera makes first]";

function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
