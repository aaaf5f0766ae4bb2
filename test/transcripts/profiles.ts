import type { DeviceProfile } from "../../src/simulator/index.ts";

/**
 * The profiles of the recorded servers (docs/thingsboard-protocol.md#the-recordings); keys and secrets stand in the
 * recordings.
 */
export const recordedProfiles: readonly DeviceProfile[] = [
  {
    name: "rec-allow",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceKey: "recAllowKey0123456789",
    provisionDeviceSecret: "recAllowSecret0123456",
  },
  {
    name: "rec-device-id",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceKey: "recDeviceIdKey012345",
    provisionDeviceSecret: "recDeviceIdSecret012",
  },
  {
    name: "rec-pre",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: "recPreKey01234567890",
    provisionDeviceSecret: "recPreSecret01234567",
  },
  {
    name: "rec-pre-other",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: "another key, never sent",
    provisionDeviceSecret: "another secret, never sent",
  },
  {
    name: "rec-disabled-with-key",
    provisionType: "DISABLED",
    provisionDeviceKey: "recDisabledKey012345",
    provisionDeviceSecret: "recDisabledSecret012",
  },
  { name: "rec-coap", provisionType: "DISABLED", transportType: "COAP" },
];

/** Whether a key is one of the recorded servers'. */
export function isRecordedKey(key: string): boolean {
  return recordedProfiles.some(({ provisionDeviceKey }) => provisionDeviceKey === key);
}
