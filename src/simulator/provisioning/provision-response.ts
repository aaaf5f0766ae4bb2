import { textField, varintField } from "../encoding/protobuf.ts";
import { credentialsJson, mqttBasicJson, type StoredCredentials } from "../tenant/credentials.ts";

/** What the core answers. */
export type ProvisionResponse =
  | { readonly status: "SUCCESS"; readonly credentials: StoredCredentials }
  | {
      readonly status: "FAILURE" | "NOT_FOUND";
      /** For the log; the device is not told. */
      readonly why: string;
    };

/** The bodies of docs/thingsboard-protocol.md#response-bodies, byte for byte. */
export function jsonResponse(response: ProvisionResponse): string {
  switch (response.status) {
    case "SUCCESS": {
      const { credentials } = response;
      const value = credentialsJson(credentials);
      return `{"credentialsValue":${value},"credentialsType":"${credentials.credentialsType}","status":"SUCCESS"}`;
    }
    case "FAILURE":
      return '{"errorMsg":"Failed to provision device!","status":"FAILURE"}';
    case "NOT_FOUND":
      return '{"errorMsg":"Provision data was not found!","status":"NOT_FOUND"}';
  }
}

const statusNumbers = { SUCCESS: 1, NOT_FOUND: 2, FAILURE: 3 } as const;
const typeNumbers = { ACCESS_TOKEN: 0, X509_CERTIFICATE: 1, MQTT_BASIC: 2 } as const;

/**
 * `ProvisionDeviceResponseMsg`: on a connection that has sent a protobuf request, every answer
 * (docs/thingsboard-protocol.md#parsing-a-request).
 */
export function protobufResponse(response: ProvisionResponse): Uint8Array {
  const status = varintField(1, statusNumbers[response.status]);
  if (response.status !== "SUCCESS") return status;
  const { credentials } = response;
  const type = varintField(2, typeNumbers[credentials.credentialsType]);
  return Buffer.concat([status, type, textField(3, plainValue(credentials))]);
}

function plainValue(credentials: StoredCredentials): string {
  switch (credentials.credentialsType) {
    case "ACCESS_TOKEN":
      return credentials.credentialsId;
    case "X509_CERTIFICATE":
      return credentials.credentialsValue;
    case "MQTT_BASIC":
      return mqttBasicJson(credentials.credentialsValue);
  }
}
