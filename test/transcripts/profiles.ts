import type { DeviceProfile } from "../../src/simulator/index.ts";
import type { Knowledge } from "./knowledge.ts";

/** The profiles of the recorded servers (section 12 of the protocol sheet); keys and secrets stand in the recordings. */
export function recordedProfiles(knowledge: Knowledge, deviceIdAfter: number | undefined): DeviceProfile[] {
  const profiles: DeviceProfile[] = [
    {
      name: "rec-allow",
      provisionType: "ALLOW_CREATE_NEW_DEVICES",
      provisionDeviceKey: "recAllowKey0123456789",
      provisionDeviceSecret: "recAllowSecret0123456",
      ...ruleChain(deviceIdAfter),
    },
    {
      name: "rec-device-id",
      provisionType: "ALLOW_CREATE_NEW_DEVICES",
      provisionDeviceKey: "recDeviceIdKey012345",
      provisionDeviceSecret: "recDeviceIdSecret012",
      ...ruleChain(deviceIdAfter),
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
  const { authority } = knowledge;
  if (authority !== undefined) {
    profiles.push({
      name: "rec-x509-chain",
      provisionType: "X509_CERTIFICATE_CHAIN",
      provisionDeviceSecret: authority.toString("base64"),
    });
  }
  return profiles;
}

function ruleChain(deviceIdAfter: number | undefined): Pick<DeviceProfile, "deviceIdAfter"> {
  return deviceIdAfter === undefined ? {} : { deviceIdAfter };
}
