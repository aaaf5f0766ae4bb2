import { type DeviceProfile, defaultProfile, Simulator } from "../../src/simulator/index.ts";

/** A server to be compared with the recordings. */
export interface Target extends AsyncDisposable {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Of a profile that creates devices. */
  readonly key: string;
  readonly secret: string;
  /** Of a profile that checks for pre-provisioned devices, with a device in it that nobody has claimed. */
  readonly claims: { readonly key: string; readonly secret: string; readonly deviceName: string } | undefined;
}

/** The server that the environment names, else a simulator. Throws when only a part of it is named. */
export async function targetOf(environment: Readonly<Record<string, string | undefined>>): Promise<Target> {
  const { TB_HOST: host, TB_PORT: port = "1883", TB_KEY: key, TB_SECRET: secret } = environment;
  const { TB_CLAIM_KEY: claimKey, TB_CLAIM_SECRET: claimSecret, TB_CLAIM_DEVICE: deviceName } = environment;
  if (host === undefined) return simulated();
  if (key === undefined || secret === undefined) throw new Error("TB_HOST needs TB_KEY and TB_SECRET beside it");
  const claims =
    claimKey === undefined || claimSecret === undefined || deviceName === undefined
      ? undefined
      : { key: claimKey, secret: claimSecret, deviceName };
  const name = `${host}:${port}`;
  return { name, host, port: Number(port), key, secret, claims, [Symbol.asyncDispose]: async () => {} };
}

async function simulated(): Promise<Target> {
  const claims = { key: "claimKey", secret: "claimSecret", deviceName: "registered" };
  const claimed: DeviceProfile = {
    name: "claimed",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: claims.key,
    provisionDeviceSecret: claims.secret,
  };
  const server = await Simulator.start({ profiles: [defaultProfile, claimed] });
  server.addDevice({ name: claims.deviceName, profile: claimed.name });
  const { provisionDeviceKey: key = "", provisionDeviceSecret: secret = "" } = defaultProfile;
  const { host, port } = server;
  return { name: "the simulator", host, port, key, secret, claims, [Symbol.asyncDispose]: () => server.close() };
}
