import type { Secret } from "../base/secret.ts";
import type { Credentials } from "../model/credentials.ts";
import { type Disbelief, ProvisioningResponse } from "../model/provisioning-response.ts";
import { firstOf, objectIn } from "./json.ts";

/**
 * Reads the payload of `/provision/response`: the shape that real servers send (`credentialsValue`, `credentialsType`,
 * `status`, `errorMsg`; docs/thingsboard-protocol.md#response-bodies), the one of ThingsBoard's older documentation
 * (`accessToken`, `deviceId`, `provisionDeviceStatus`), and the specification's own names. Total: any bytes give an
 * answer or a reason. `secrets` are taken out of what the server says in words; `offered` is what the request held.
 */
export function decodeResponse(
  payload: Uint8Array,
  requestedName: string,
  receivedAt: Date,
  secrets: readonly Secret[] = [],
  offered?: Credentials,
): ProvisioningResponse | Disbelief {
  const answer = objectIn(payload);
  if (answer === undefined) return { code: "REPLY_MALFORMED", reason: "it is not a JSON object" };
  return ProvisioningResponse(
    {
      status: firstOf(answer, "status", "provisionDeviceStatus"),
      deviceId: firstOf(answer, "deviceId", "device_id"),
      deviceName: firstOf(answer, "deviceName", "device_name"),
      credentialsType: firstOf(answer, "credentialsType", "credentials_type"),
      credentialsValue: firstOf(answer, "credentialsValue", "accessToken", "access_token"),
      errorMessage: firstOf(answer, "errorMsg", "error_message"),
      errorCode: firstOf(answer, "error_code", "errorCode"),
    },
    requestedName,
    receivedAt,
    secrets,
    offered,
  );
}
