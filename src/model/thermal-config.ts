import * as v from "valibot";
import type { Secret } from "../base/secret.ts";
import type { DeviceCredentials } from "./device-credentials.ts";

/** The credentials that `thermal_config.json` holds, as far as they are ours to judge. */
export interface ConfiguredCredentials {
  readonly host: string;
  readonly serverPort: number | null;
  readonly useSsl: boolean | null;
  readonly accessToken: Secret;
  /** As it is written there, by whomever; empty where there is none. */
  readonly deviceName: string;
  readonly deviceId: string | null;
  readonly provisionedAt: Date | null;
  /** `provisioning.provisioned_with`: the fingerprint of the provisioning key; null in a config that is not ours. */
  readonly provisionedWith: string | null;
  /** `provisioning.attempt_id`. */
  readonly attemptId: string | null;
}

/** What a provisioning writes into the sections `device`, `server` and `provisioning`. */
export interface ConfigChange {
  /** Without a name: the one that is there, if any, stays as it is. */
  readonly credentials: Omit<DeviceCredentials, "deviceName"> & Partial<Pick<DeviceCredentials, "deviceName">>;
  readonly provisionedWith: string;
  readonly attemptId: string;
}

/**
 * Our three sections of `thermal_config.json`, as a provisioning leaves them. Before the first one nothing of it need be
 * there, and the keys of others may stand beside ours anywhere.
 */
export const thermalConfigEntries = {
  device: v.optional(
    v.looseObject({
      device_id: v.optional(
        v.nullable(v.pipe(v.string(), v.uuid(), v.description("ThingsBoard's id of the device; null while unknown."))),
      ),
      device_name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
      access_token: v.optional(
        v.pipe(v.string(), v.minLength(1), v.maxLength(2000), v.description("A secret: the MQTT user name.")),
      ),
      credentials_type: v.optional(v.picklist(["ACCESS_TOKEN"])),
    }),
  ),
  server: v.optional(
    v.looseObject({
      url: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The bare host."))),
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
      use_ssl: v.optional(v.boolean()),
    }),
  ),
  provisioning: v.optional(
    v.looseObject({
      provisioned_at: v.optional(v.pipe(v.string(), v.isoTimestamp())),
      provisioned_from: v.optional(v.string()),
      provisioned_with: v.optional(
        v.pipe(
          v.string(),
          v.description("An addition of thermal-provision. Tells provisioning keys apart without telling the key."),
        ),
      ),
      attempt_id: v.optional(
        v.pipe(v.string(), v.description("An addition of thermal-provision. The correlation_id of the provisioning.")),
      ),
    }),
  ),
};
