import { credentialText, sha3 } from "./credentials.ts";

/** How a profile's devices come to be (ThingsBoard `DeviceProfileProvisionType`). */
export const provisionTypes = [
  "ALLOW_CREATE_NEW_DEVICES",
  "CHECK_PRE_PROVISIONED_DEVICES",
  "X509_CERTIFICATE_CHAIN",
  "DISABLED",
] as const;
export type ProvisionType = (typeof provisionTypes)[number];

/** ThingsBoard's device profile, as far as a device can notice it. */
export interface DeviceProfile {
  /** Also the type of its devices. */
  readonly name: string;
  /** Default `tenant`. */
  readonly tenant?: string;
  readonly provisionType: ProvisionType;
  /** Unique over all tenants. Of an X.509 chain the server makes it: the SHA3-256 of the certificate. */
  readonly provisionDeviceKey?: string;
  /** Of an X.509 chain: the certificate of the authority, as PEM. */
  readonly provisionDeviceSecret?: string;
  /** X.509 chain: group 1 of this, found in the common name, is the device's name. Default `(.*)`. */
  readonly certificateRegExPattern?: string;
  /** X.509 chain; default true. */
  readonly allowCreateNewDevicesByX509Certificate?: boolean;
  /** Default `DEFAULT`. A device of any but DEFAULT and MQTT is not let in by MQTT. */
  readonly transportType?: "DEFAULT" | "MQTT" | "COAP" | "LWM2M" | "SNMP";
  /** MQTT only: what a device writes and reads on topics that do not say it themselves. Default JSON. */
  readonly payloadType?: "JSON" | "PROTOBUF";
  /** PROTOBUF only: what is not protobuf is read as JSON (`enableCompatibilityWithJsonPayloadFormat`). Default false. */
  readonly acceptsJsonAsWell?: boolean;
  /** PROTOBUF only: JSON on the long topics to the device (`useJsonPayloadFormatForDefaultDownlinkTopics`). Default false. */
  readonly answersInJson?: boolean;
  /** MQTT only: an invalid payload is acknowledged instead of ending the session. Default false. */
  readonly sendAckOnValidationException?: boolean;
  /**
   * The rule chain that tells a device its own id (docs/thingsboard-protocol.md#a-rule-chain-for-the-id) is wired in
   * and takes so many milliseconds from PROVISION_SUCCESS, and from CONNECT, to the shared attribute `deviceId`.
   * Absent: there is no such chain.
   */
  readonly deviceIdAfter?: number;
}

/** The profile of a simulator that was given none: every camera with this key and secret is let in. */
export const defaultProfile: DeviceProfile = {
  name: "thermal-camera",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: "simulatorKey01234567",
  provisionDeviceSecret: "simulatorSecret01234",
  deviceIdAfter: 0,
};

export const defaultTenant = "tenant";

export function tenantOf(profile: DeviceProfile): string {
  return profile.tenant ?? defaultTenant;
}

/** The key under which requests find the profile, or undefined when none can. */
export function keyOf(profile: DeviceProfile): string | undefined {
  if (profile.provisionType !== "X509_CERTIFICATE_CHAIN") return profile.provisionDeviceKey;
  const { provisionDeviceSecret } = profile;
  return provisionDeviceSecret === undefined ? undefined : sha3(credentialText(provisionDeviceSecret));
}
