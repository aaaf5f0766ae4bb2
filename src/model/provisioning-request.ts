import type { Secret } from "../base/secret.ts";
import { describe } from "./check.ts";
import type { Credentials } from "./credentials.ts";
import { isTimestamp } from "./device-credentials.ts";
import { fits, isDeviceName, type Naming } from "./device-name.ts";
import type { Checked, Problem } from "./problem.ts";

/** The specification's only device type. ThingsBoard ignores it: there the type is the device profile's name. */
export const deviceType = "thermal-camera";

/** What the camera asks of the server (specification, ProvisioningRequest). */
export interface ProvisioningRequest {
  readonly deviceName: string;
  readonly deviceType: typeof deviceType;
  readonly provisionDeviceKey: Secret;
  readonly provisionDeviceSecret: Secret;
  /** Ours: what the camera made and offers to log in with. */
  readonly credentials: Credentials;
  readonly createdAt: Date;
}

/** Checks a request against the specification's rules and the naming of `provision.json`. */
export function ProvisioningRequest<Offer extends Partial<Pick<ProvisioningRequest, "credentials">>>(
  input: Omit<ProvisioningRequest, "credentials" | "deviceType"> & { readonly deviceType: string } & Offer,
  naming: Naming,
): Checked<Omit<ProvisioningRequest, "credentials"> & Offer> {
  const problems: Problem[] = [];
  const expect = (holds: boolean, key: string, found: string, expected: string) => {
    if (!holds) problems.push({ path: [key], found, expected });
  };
  const { deviceName, provisionDeviceKey, provisionDeviceSecret, createdAt } = input;
  const name = naming.kind === "fixed" ? naming.name : `${naming.prefix}- and six of A-Z, 0-9`;
  expect(isDeviceName(deviceName) && fits(deviceName, naming), "device_name", describe(deviceName, "described"), name);
  expect(
    input.deviceType === deviceType,
    "device_type",
    describe(input.deviceType, "described"),
    `the text "${deviceType}"`,
  );
  expect(provisionDeviceKey.reveal() !== "", "provision_device_key", "an empty text", "a text that is not empty");
  expect(provisionDeviceSecret.reveal() !== "", "provision_device_secret", "an empty text", "a text that is not empty");
  expect(isTimestamp(createdAt), "created_at", "no moment", "a valid timestamp");
  return problems.length === 0 ? { ok: true, value: Object.freeze({ ...input, deviceType }) } : { ok: false, problems };
}
