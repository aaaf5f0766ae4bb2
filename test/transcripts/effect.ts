import * as v from "valibot";
import type { StoredCredentials } from "../../src/simulator/index.ts";

/** A device that a recording's `server_effect` names. */
const effectDevice = v.object({
  device_name: v.string(),
  device_exists: v.optional(v.boolean(), true),
  device_type: v.optional(v.string()),
  additional_info: v.nullish(v.record(v.string(), v.unknown())),
  credentials_type: v.optional(v.string()),
  credentials_id: v.optional(v.string()),
  credentials_value: v.nullish(v.string()),
  provisionState: v.nullish(v.string()),
  latest_telemetry_t: v.optional(v.string()),
});
export type EffectDevice = v.InferOutput<typeof effectDevice>;

/** The devices in a `server_effect`, which is one of them, a list, or nothing. */
export function effectDevices(effect: unknown): EffectDevice[] {
  const list: unknown[] = Array.isArray(effect) ? effect : [effect];
  return list.flatMap((one) => {
    const parsed = v.safeParse(effectDevice, one);
    return parsed.success ? [parsed.output] : [];
  });
}

export function credentialsOf(device: EffectDevice): StoredCredentials | undefined {
  const { credentials_type: type, credentials_id: credentialsId, credentials_value: value } = device;
  if (credentialsId === undefined) return undefined;
  if (type === "ACCESS_TOKEN") return { credentialsType: type, credentialsId };
  if (type === "X509_CERTIFICATE") return { credentialsType: type, credentialsId, credentialsValue: value ?? "" };
  if (type !== "MQTT_BASIC") return undefined;
  return { credentialsType: type, credentialsId, credentialsValue: v.parse(basic, JSON.parse(value ?? "{}")) };
}

export const basic = v.object({
  clientId: v.nullable(v.string()),
  userName: v.nullable(v.string()),
  password: v.nullable(v.string()),
});
