import * as v from "valibot";
import { nearestName } from "../../base/nearest-name.ts";
import { describe } from "../../model/check.ts";
import { type Problem, problemInWords } from "../../model/problem.ts";
import { duration, name, oneOf, problemsOfObject, text, whole, yesOrNo } from "../encoding/schema-parts.ts";
import { problemsOfBehaviour } from "../faults/scenario-schema.ts";
import { isVersion } from "../server/versions.ts";
import { type DeviceProfile, defaultProfile, keyOf, provisionTypes, tenantOf } from "../tenant/device-profile.ts";
import { isCheckedState, parseState, storedCredentials } from "../tenant/state.ts";
import type { SimulatorOptions } from "./options.ts";

/** Something is wrong with what a simulator was given; the message tells all of it, with places and nearest words. */
export class WrongOptions extends Error {
  override readonly name = "WrongOptions";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`This is wrong with the options of the simulator:\n${problems.map(problemInWords).join("\n")}`);
    this.problems = problems;
  }
}

const isPattern = (pattern: string) => {
  try {
    return new RegExp(pattern) !== undefined;
  } catch {
    return false;
  }
};
const pattern = v.pipe(text, v.check(isPattern, "a regular expression"));

export const profileEntries = {
  name,
  tenant: v.exactOptional(name),
  provisionType: oneOf(provisionTypes),
  provisionDeviceKey: v.exactOptional(name),
  provisionDeviceSecret: v.exactOptional(name),
  certificateRegExPattern: v.exactOptional(pattern),
  allowCreateNewDevicesByX509Certificate: v.exactOptional(yesOrNo),
  transportType: v.exactOptional(oneOf(["DEFAULT", "MQTT", "COAP", "LWM2M", "SNMP"])),
  payloadType: v.exactOptional(oneOf(["JSON", "PROTOBUF"])),
  acceptsJsonAsWell: v.exactOptional(yesOrNo),
  answersInJson: v.exactOptional(yesOrNo),
  sendAckOnValidationException: v.exactOptional(yesOrNo),
  deviceIdAfter: v.exactOptional(duration),
};

const values = v.record(v.string(), v.unknown(), "an object");
/** All of a device but its credentials, which a file tells otherwise than a program. */
export const deviceEntries = {
  name,
  profile: v.exactOptional(name),
  tenant: v.exactOptional(name),
  gateway: v.exactOptional(yesOrNo),
  attributes: v.exactOptional(
    v.object(
      { client: v.exactOptional(values), server: v.exactOptional(values), shared: v.exactOptional(values) },
      "attributes by scope: client, server, shared",
    ),
  ),
};

const limit = v.pipe(
  text,
  v.regex(
    /^[1-9][0-9]*:[1-9][0-9]*(,[1-9][0-9]*:[1-9][0-9]*)*$/,
    'a limit such as "10:60,100:3600": so many in so many seconds',
  ),
);
export const rateLimitEntries = {
  messages: v.exactOptional(limit),
  telemetryMessages: v.exactOptional(limit),
  telemetryDataPoints: v.exactOptional(limit),
};
export const addressBlockEntries = {
  maxWrongCredentials: v.exactOptional(whole("a whole number from 1", Number.MAX_SAFE_INTEGER, 1)),
  blockFor: v.exactOptional(duration),
};
export const latencyEntries = {
  request: v.exactOptional(duration),
  connect: v.exactOptional(duration),
  attributes: v.exactOptional(duration),
};
/** What stands by itself. */
export const plainEntries = {
  version: v.exactOptional(v.pipe(text, v.check(isVersion, "a version such as 4.3.1.3"))),
  deviceLimit: v.exactOptional(whole("a whole number, from 0")),
  connectedDeviceLimit: v.exactOptional(whole("a whole number, from 0")),
  remember: v.exactOptional(whole("a whole number, from 0")),
};

const port = v.exactOptional(whole("a port number, 0 to 65535", 65_535));
const anything = v.exactOptional(v.unknown());
const optionEntries = {
  ...plainEntries,
  host: v.exactOptional(name),
  port,
  httpHost: v.exactOptional(name),
  httpPort: port,
  tls: v.exactOptional(v.object({ key: text, cert: text }, "an object with key and cert")),
  profiles: anything,
  devices: anything,
  state: anything,
  scenario: anything,
  latency: anything,
  rateLimits: anything,
  addressBlock: anything,
  clock: anything,
  randomness: anything,
};

/** Checks what a program gives. Throws WrongOptions. */
export function requireOptions(options: SimulatorOptions): void {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { state, scenario } = given;
  const problems = [
    ...problemsOfObject(optionEntries, given, [], ["tls"]),
    ...problemsOfParts(given, { ...deviceEntries, credentials: v.exactOptional(storedCredentials) }),
    ...(scenario === undefined ? [] : problemsOfList("scenario", scenario, problemsOfBehaviour)),
    ...(state === undefined || isCheckedState(state) ? [] : problemsOfState(state)),
  ];
  if (problems.length > 0) throw new WrongOptions(problems);
}

/** Checks behaviours that a program adds. Throws WrongOptions. */
export function requireBehaviours(behaviours: unknown): void {
  const problems = problemsOfList("behaviours", behaviours, problemsOfBehaviour);
  if (problems.length > 0) throw new WrongOptions(problems);
}

/** What is wrong with the parts that options and a configuration file have in common. */
export function problemsOfParts(
  given: Readonly<Record<string, unknown>>,
  device: v.ObjectEntries,
  problemsOfDevice: (device: unknown) => readonly Problem[] = () => [],
): Problem[] {
  const { profiles, devices, latency, rateLimits, addressBlock } = given;
  const part = (key: string, entries: v.ObjectEntries, input: unknown) =>
    input === undefined ? [] : problemsOfObject(entries, input, [key]);
  const problems = [
    ...(profiles === undefined ? [] : problemsOfList("profiles", profiles, problemsOfProfile)),
    ...(devices === undefined
      ? []
      : problemsOfList("devices", devices, (one) => [
          ...problemsOfObject(device, one, [], ["credentials"]),
          ...problemsOfDevice(one),
        ])),
    ...part("latency", latencyEntries, latency),
    ...part("rateLimits", rateLimitEntries, rateLimits),
    ...part("addressBlock", addressBlockEntries, addressBlock),
  ];
  return problems.length > 0 ? problems : problemsTogether(profiles, devices);
}

function problemsOfProfile(input: unknown): Problem[] {
  return problemsOfObject(profileEntries, input, [], ["provisionDeviceKey", "provisionDeviceSecret"]);
}

function problemsOfList(key: string, input: unknown, problemsOf: (one: unknown) => readonly Problem[]): Problem[] {
  if (!Array.isArray(input)) return [{ path: [key], found: describe(input), expected: "a list" }];
  return input.flatMap((one, index) =>
    problemsOf(one).map((problem) => ({ ...problem, path: [key, index, ...problem.path] })),
  );
}

function problemsOfState(input: unknown): Problem[] {
  const checked = parseState(input);
  return checked.ok ? [] : checked.problems.map((problem) => ({ ...problem, path: ["state", ...problem.path] }));
}

const someProfiles = v.array(v.object(profileEntries));
const someDevices = v.array(v.object(deviceEntries));

/** What each by itself is right, and together is not: names and keys that are there twice, profiles that are not. */
function problemsTogether(givenProfiles: unknown = [defaultProfile], givenDevices: unknown = []): Problem[] {
  const profiles: DeviceProfile[] = v.parse(someProfiles, givenProfiles);
  const devices = v.parse(someDevices, givenDevices);
  const [first] = profiles;
  const tenantOfDevice = (device: { readonly tenant?: string }) => device.tenant ?? (first && tenantOf(first)) ?? "";
  return [
    ...repeated(profiles.map((profile) => `${tenantOf(profile)}\n${profile.name}`)).map((index) => ({
      path: ["profiles", index, "name"],
      found: "the same name a second time",
      expected: "each name once in a tenant",
    })),
    ...repeated(profiles.map(keyOf)).map((index) => ({
      path: ["profiles", index, "provisionDeviceKey"],
      found: "the key of another profile",
      expected: "each key once",
    })),
    ...repeated(devices.map((device) => `${tenantOfDevice(device)}\n${device.name}`)).map((index) => ({
      path: ["devices", index, "name"],
      found: "the same name a second time",
      expected: "each name once in a tenant",
    })),
    ...devices.flatMap((device, index) => {
      const own = profiles.filter((one) => tenantOf(one) === tenantOfDevice(device));
      const names = [...new Set(own.map((one) => one.name))];
      const { profile } = device;
      if (profile === undefined ? names.length > 0 : names.includes(profile)) return [];
      const nearest = profile === undefined ? undefined : nearestName(profile, names);
      const where = { path: ["devices", index, "profile"], found: describe(profile) };
      const expected = `the name of a profile of its tenant${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
      return [nearest === undefined ? { ...where, expected } : { ...where, expected, nearest }];
    }),
  ];
}

/** The places of what was there before. */
function repeated(texts: readonly (string | undefined)[]): number[] {
  return texts.flatMap((one, index) => (one !== undefined && texts.indexOf(one) < index ? [index] : []));
}
