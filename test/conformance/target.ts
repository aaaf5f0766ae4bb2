import { type DeviceProfile, defaultProfile, newestVersion, Simulator } from "../../src/simulator/index.ts";
import { Mistake } from "../transcripts/mistake.ts";

/** A server to be compared with the recordings. */
export interface Target extends AsyncDisposable {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Of its ThingsBoard. */
  readonly version: string;
  readonly isSimulator: boolean;
  /** Of a profile that creates devices. */
  readonly key: string;
  readonly secret: string;
  /** Of a profile that checks for pre-provisioned devices, with a device in it that nobody has claimed. */
  readonly claims: { readonly key: string; readonly secret: string; readonly deviceName: string } | undefined;
}

const required = ["TB_HOST", "TB_KEY", "TB_SECRET"] as const;
const claim = ["TB_CLAIM_KEY", "TB_CLAIM_SECRET", "TB_CLAIM_DEVICE"] as const;

/** The server that the environment names, else a simulator. Throws Mistake when only a part of it is named. */
export async function targetOf(environment: Readonly<Record<string, string | undefined>>): Promise<Target> {
  const given = (names: readonly string[]) => names.filter((name) => environment[name]);
  const all = given([...required, "TB_PORT", ...claim]);
  const { TB_VERSION: version = newestVersion } = environment;
  if (all.length === 0) return simulated(version);
  const missing = [
    ...required.filter((name) => !environment[name]),
    ...(given(claim).length === 0 ? [] : claim.filter((name) => !environment[name])),
  ];
  if (missing.length > 0)
    throw new Mistake(`${all.join(", ")} without ${missing.join(", ")}: docs/simulator.md has what each is`);
  const { TB_HOST: host = "", TB_PORT: port = "1883", TB_KEY: key = "", TB_SECRET: secret = "" } = environment;
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Mistake(`TB_PORT: found "${port}", expected a port`);
  const { TB_CLAIM_KEY: claimKey = "", TB_CLAIM_SECRET: claimSecret = "", TB_CLAIM_DEVICE: deviceName } = environment;
  const claims = deviceName ? { key: claimKey, secret: claimSecret, deviceName } : undefined;
  const name = `${host}:${port}`;
  const server = { name, host, port: Number(port), version, isSimulator: false };
  return { ...server, key, secret, claims, [Symbol.asyncDispose]: async () => {} };
}

/** The simulator of a version. */
export async function simulated(version: string): Promise<Target> {
  const claims = { key: "claimKey", secret: "claimSecret", deviceName: "registered" };
  const claimed: DeviceProfile = {
    name: "claimed",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: claims.key,
    provisionDeviceSecret: claims.secret,
  };
  // Without the rule chain that tells devices their ids: a server as installed has none.
  const { deviceIdAfter: _, ...creating } = defaultProfile;
  const simulator = await Simulator.start({ version, profiles: [creating, claimed] });
  simulator.addDevice({ name: claims.deviceName, profile: claimed.name });
  const { provisionDeviceKey: key = "", provisionDeviceSecret: secret = "" } = creating;
  const { host, port } = simulator;
  const name = `the simulator of ${version}`;
  return {
    name,
    host,
    port,
    version,
    isSimulator: true,
    key,
    secret,
    claims,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
