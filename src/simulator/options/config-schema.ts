import * as v from "valibot";
import type { Checked, Problem } from "../../model/problem.ts";
import { name, oneOf, problemsOfObject, text } from "../encoding/schema-parts.ts";
import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../tenant/credentials.ts";
import type { NewDevice } from "../tenant/new-device.ts";
import { jsonValues } from "../tenant/state.ts";
import type { SimulatorOptions } from "./options.ts";
import {
  addressBlockEntries,
  deviceEntries,
  latencyEntries,
  plainEntries,
  problemsOfParts,
  profileEntries,
  rateLimitEntries,
} from "./options-schema.ts";

/** A configuration of the simulator as a file holds it: what of its options is data. */
export type SimulatorConfig = Pick<
  SimulatorOptions,
  | "version"
  | "profiles"
  | "devices"
  | "latency"
  | "rateLimits"
  | "addressBlock"
  | "deviceLimit"
  | "connectedDeviceLimit"
  | "remember"
>;

/** By their type; the server makes their ids. */
const forms = {
  ACCESS_TOKEN: { credentialsType: v.literal("ACCESS_TOKEN"), token: name },
  MQTT_BASIC: {
    credentialsType: v.literal("MQTT_BASIC"),
    clientId: v.exactOptional(text),
    userName: v.exactOptional(text),
    password: v.exactOptional(text),
  },
  X509_CERTIFICATE: { credentialsType: v.literal("X509_CERTIFICATE"), certificate: name },
};
const credentialsTypes = ["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE"] as const;
const credentials = v.variant("credentialsType", [
  v.strictObject(forms.ACCESS_TOKEN),
  v.strictObject(forms.MQTT_BASIC),
  v.strictObject(forms.X509_CERTIFICATE),
]);
const device = { ...deviceEntries, credentials: v.exactOptional(credentials) };

/** For the JSON Schema of configuration files. */
export const configEntries = {
  ...plainEntries,
  profiles: v.exactOptional(v.pipe(v.array(v.strictObject(profileEntries)), v.minLength(1, "at least one profile"))),
  devices: v.exactOptional(v.array(v.strictObject(device))),
  latency: v.exactOptional(v.strictObject(latencyEntries)),
  rateLimits: v.exactOptional(v.strictObject(rateLimitEntries)),
  addressBlock: v.exactOptional(v.strictObject(addressBlockEntries)),
};

const anything = v.exactOptional(v.unknown());
const outer = {
  ...plainEntries,
  profiles: anything,
  devices: anything,
  latency: anything,
  rateLimits: anything,
  addressBlock: anything,
};

/** Checks a configuration file, and tells all mistakes at once, each with its path and the nearest right word. */
export function parseConfig(input: unknown): Checked<SimulatorConfig> {
  const entries = v.safeParse(v.record(v.string(), v.unknown()), input);
  const given = entries.success ? entries.output : {};
  const problems = [
    ...problemsOfObject(outer, input, []),
    ...problemsOfParts(given, { ...deviceEntries, credentials: anything }, problemsOfCredentials),
  ];
  if (Array.isArray(given["profiles"]) && given["profiles"].length === 0) {
    problems.push({ path: ["profiles"], found: "an empty list", expected: "at least one profile" });
  }
  if (problems.length > 0) return { ok: false, problems };
  const { devices, ...config } = v.parse(v.strictObject(configEntries), input);
  return { ok: true, value: { ...config, ...(devices === undefined ? {} : { devices: devices.map(deviceOf) }) } };
}

function problemsOfCredentials(input: unknown): Problem[] {
  const given: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "credentials") : undefined;
  if (given === undefined) return [];
  const named = v.safeParse(v.object({ credentialsType: oneOf(credentialsTypes) }), given);
  const entries = named.success ? forms[named.output.credentialsType] : { credentialsType: oneOf(credentialsTypes) };
  const secrets = ["token", "clientId", "userName", "password", "certificate"];
  const problems = problemsOfObject(entries, given, ["credentials"], secrets);
  // Which keys are known depends on the type.
  return named.success ? problems : problems.filter(({ path }) => path.length < 2 || path[1] === "credentialsType");
}

function deviceOf({
  credentials: given,
  attributes,
  ...further
}: v.InferOutput<v.StrictObjectSchema<typeof device, undefined>>): NewDevice {
  const scopes = Object.entries(attributes ?? {}).map(([scope, stored]) => [scope, jsonValues(stored)] as const);
  return {
    ...further,
    ...(attributes === undefined ? {} : { attributes: Object.fromEntries(scopes) }),
    ...(given === undefined ? {} : { credentials: storedOf(given) }),
  };
}

function storedOf(given: v.InferOutput<typeof credentials>): StoredCredentials {
  switch (given.credentialsType) {
    case "ACCESS_TOKEN":
      return accessToken(given.token);
    case "MQTT_BASIC":
      return mqttBasic(given);
    case "X509_CERTIFICATE":
      return x509Certificate(given.certificate);
  }
}
