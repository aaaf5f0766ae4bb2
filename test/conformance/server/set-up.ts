import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { DeviceProfile, ProvisionType } from "../../../src/simulator/index.ts";
import type { Administrator } from "./administrator.ts";
import type { Belongings } from "./belongings.ts";

/** Everything that the cases need of a server. */
export interface Prepared {
  readonly creating: KeyedProfile;
  readonly claimed: KeyedProfile & { readonly deviceName: string };
  /** Its devices are told their ids by a rule chain. */
  readonly tellingIds: KeyedProfile;
  /** Of the creating one. */
  readonly restProfileId: string;
}

/** A profile of the kit's own. */
export interface KeyedProfile {
  readonly profile: DeviceProfile;
  readonly key: string;
  readonly secret: string;
}

const ruleChainFile = "examples/rule-chains/device-id.json";
const ruleChain = v.object({
  ruleChain: v.record(v.string(), v.unknown()),
  metadata: v.record(v.string(), v.unknown()),
});

/**
 * Makes on a server what the cases need, each with `prefix` in its name. The tenant's default profile and its root
 * chain stay as they are: the chain that tells devices their ids is that of one of the kit's own profiles.
 */
export async function setUp(
  administrator: Administrator,
  belongings: Belongings,
  prefix: string,
  signal: AbortSignal,
): Promise<Prepared> {
  signal.throwIfAborted();
  const creating = newProfile(`${prefix}-creating`, "ALLOW_CREATE_NEW_DEVICES");
  const restProfileId = await makeProfile(administrator, belongings, creating);
  signal.throwIfAborted();
  const claimed = newProfile(`${prefix}-claimed`, "CHECK_PRE_PROVISIONED_DEVICES");
  const deviceName = `${prefix}-registered`;
  await register(administrator, deviceName, await makeProfile(administrator, belongings, claimed));
  signal.throwIfAborted();
  const chain = await makeRuleChain(administrator, belongings, `${prefix}-ids`);
  const tellingIds = newProfile(`${prefix}-telling-ids`, "ALLOW_CREATE_NEW_DEVICES");
  await makeProfile(administrator, belongings, tellingIds, chain);
  return { creating, claimed: { ...claimed, deviceName }, tellingIds, restProfileId };
}

function newProfile(name: string, provisionType: ProvisionType): KeyedProfile {
  // As long as those that ThingsBoard's own pages make.
  const [key, secret] = [randomBytes(10).toString("hex"), randomBytes(10).toString("hex")];
  return {
    profile: { name, provisionType, provisionDeviceKey: key, provisionDeviceSecret: secret },
    key,
    secret,
  };
}

function makeProfile(
  administrator: Administrator,
  belongings: Belongings,
  { profile: { name, provisionType }, key, secret }: KeyedProfile,
  chain?: string,
): Promise<string> {
  return belongings.make("deviceProfile", name, () =>
    administrator.create("/deviceProfile", {
      name,
      type: "DEFAULT",
      transportType: "DEFAULT",
      default: false,
      provisionType,
      provisionDeviceKey: key,
      ...(chain === undefined ? {} : { defaultRuleChainId: { entityType: "RULE_CHAIN", id: chain } }),
      profileData: {
        configuration: { type: "DEFAULT" },
        transportConfiguration: { type: "DEFAULT" },
        provisionConfiguration: { type: provisionType, provisionDeviceSecret: secret },
        alarms: null,
      },
    }),
  );
}

/** With a token of the length that servers make, as the registered device of the recordings had. */
async function register(administrator: Administrator, name: string, profile: string): Promise<void> {
  await administrator.create("/device-with-credentials", {
    device: { name, deviceProfileId: { entityType: "DEVICE_PROFILE", id: profile } },
    credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: randomBytes(10).toString("hex") },
  });
}

async function makeRuleChain(administrator: Administrator, belongings: Belongings, name: string): Promise<string> {
  const file = v.parse(ruleChain, JSON.parse(readFileSync(ruleChainFile, "utf8")));
  const id = await belongings.make("ruleChain", name, () =>
    administrator.create("/ruleChain", { ...file.ruleChain, name }),
  );
  const { status } = await administrator.call("POST", "/ruleChain/metadata", {
    ...file.metadata,
    ruleChainId: { entityType: "RULE_CHAIN", id },
  });
  if (status !== 200) throw new Error(`The rule chain ${name} was not taken (${status}).`);
  return id;
}
