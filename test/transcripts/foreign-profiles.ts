import { javaTrim } from "../../src/simulator/encoding/java-text.ts";
import type { DeviceProfile } from "../../src/simulator/index.ts";
import { effectDevices } from "./effect.ts";
import type { Facts, RequestFact } from "./facts.ts";
import type { Knowledge } from "./knowledge.ts";
import { isRecordedKey, recordedProfiles } from "./profiles.ts";

type Strategy = "ALLOW_CREATE_NEW_DEVICES" | "CHECK_PRE_PROVISIONED_DEVICES";

/** What one request says of the profile that its key belongs to. */
export interface Witness {
  readonly key: string;
  readonly secret: string;
  /** SUCCESS, and FAILURE for a name that is not blank, come only after key and secret were found right. */
  readonly answered: boolean;
  readonly strategy: Strategy | undefined;
  /** The name of the profile. */
  readonly name: string | undefined;
}

/**
 * The profiles that a recording needs: those of the keys that it has of its own, then the recorded servers' as far as
 * they do not collide, then one without a key for every other that its devices, and those that are known, are of.
 */
export function profilesFor(facts: Facts, knowledge: Knowledge): DeviceProfile[] {
  const profiles: DeviceProfile[] = [];
  const add = (profile: DeviceProfile) => {
    if (!profiles.some(({ name }) => name === profile.name)) profiles.push(profile);
  };
  for (const profile of [...foreignProfiles(facts, knowledge), ...recordedProfiles]) add(profile);
  const { authority } = knowledge;
  if (authority !== undefined) {
    const provisionDeviceSecret = authority.toString("base64");
    add({ name: knowledge.chain, provisionType: "X509_CERTIFICATE_CHAIN", provisionDeviceSecret });
  }
  for (const { profile } of knowledge.devices) {
    if (profile !== undefined) add({ name: profile, provisionType: "DISABLED" });
  }
  return profiles;
}

/** The profiles that a recording's own keys belong to; none for a key that nobody but NOT_FOUND ever answered. */
function foreignProfiles(facts: Facts, { witnesses }: Knowledge): DeviceProfile[] {
  const own = witnessesOf(facts);
  const keys = [...new Set(own.map(({ key }) => key))];
  return keys.flatMap((key): DeviceProfile[] => {
    const heard = [...own, ...witnesses].filter((witness) => witness.key === key);
    const secret = (heard.find(({ answered }) => answered) ?? heard[0])?.secret;
    if (secret === undefined) return [];
    const provisionType = heard.find(({ strategy }) => strategy)?.strategy ?? "ALLOW_CREATE_NEW_DEVICES";
    const name = heard.find((witness) => witness.name)?.name ?? `profile of ${key}`;
    return [{ name, provisionType, provisionDeviceKey: key, provisionDeviceSecret: secret }];
  });
}

/** What a recording says of profiles that are not those of the recorded servers. */
export function witnessesOf(facts: Facts): Witness[] {
  const requests = facts.requests.filter((fact) => isWitness(fact));
  const keys = new Set(requests.filter(isAnswered).map(({ request }) => request.provisionDeviceKey));
  return requests.map((fact) => ({
    key: fact.request.provisionDeviceKey,
    secret: fact.request.provisionDeviceSecret,
    answered: isAnswered(fact),
    strategy: (keys.size > 1 ? undefined : statedStrategy(facts)) ?? shownStrategy(fact),
    name: profileNameOf(fact, facts),
  }));
}

/** It has keys that the recorded servers did not know, and its server knew them. */
export function isOfAnotherServer(facts: Facts): boolean {
  return witnessesOf(facts).some(({ answered }) => answered);
}

function isWitness({ request, status }: RequestFact): boolean {
  const { provisionDeviceKey: key, provisionDeviceSecret: secret, deviceName } = request;
  // The key of an X.509 chain is a hash; a key with U+0000 can be nobody's.
  const possible = key !== "" && secret !== "" && !key.includes("\0") && !/^[0-9a-f]{64}$/.test(key);
  const blank = deviceName !== "" && javaTrim(deviceName) === "";
  return possible && !isRecordedKey(key) && status !== "NOT_FOUND" && !blank;
}

function isAnswered({ status }: RequestFact): boolean {
  return status === "SUCCESS" || status === "FAILURE";
}

function statedStrategy({ recording: { strategy } }: Facts): Strategy | undefined {
  return strategy === "ALLOW_CREATE_NEW_DEVICES" || strategy === "CHECK_PRE_PROVISIONED_DEVICES" ? strategy : undefined;
}

/** Who asks for a token and gets another has claimed a device; who gets it has created one. */
function shownStrategy({ request: { token }, status, response }: RequestFact): Strategy | undefined {
  if (status !== "SUCCESS" || token === "") return undefined;
  return response.includes(JSON.stringify(token)) ? "ALLOW_CREATE_NEW_DEVICES" : "CHECK_PRE_PROVISIONED_DEVICES";
}

function profileNameOf({ request, status }: RequestFact, { recording }: Facts): string | undefined {
  if (status === "FAILURE") return undefined;
  const name = javaTrim(request.deviceName);
  return effectDevices(recording.effect).find(({ device_name }) => device_name === name)?.device_type;
}
