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

function fields(request: ProvisioningRequest, show: (secret: ProvisioningRequest["provisionDeviceKey"]) => string) {
  const { deviceName, deviceType, provisionDeviceKey, provisionDeviceSecret, credentials } = request;
  return {
    deviceName,
    deviceType,
    provisionDeviceKey: show(provisionDeviceKey),
    provisionDeviceSecret: show(provisionDeviceSecret),
    credentialsType: credentials.type,
    token: show(credentials.accessToken),
  };
}
