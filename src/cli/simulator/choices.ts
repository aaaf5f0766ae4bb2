import { accessToken, type DeviceProfile, defaultProfile, type NewDevice } from "../../simulator/index.ts";
import { UsageError } from "../command/command.ts";

/** What was asked for on the command line. */
export interface SimulatorChoices {
  readonly port: number | undefined;
  readonly host: string;
  readonly httpPort: number | undefined;
  readonly httpHost: string | undefined;
  readonly strategy: keyof typeof provisionTypes | undefined;
  readonly key: string | undefined;
  readonly secret: string | undefined;
  /** A file: the certificate of the authority of an X.509 chain. */
  readonly authority: string | undefined;
  readonly version: string | undefined;
  /** `name` or `name=token`. */
  readonly devices: readonly string[];
  /** A file, or the name of a ready one. */
  readonly scenario: string | undefined;
  /** A file: profiles, devices, limits. */
  readonly config: string | undefined;
  readonly listScenarios: boolean;
  readonly state: string | undefined;
  readonly record: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly json: boolean;
  readonly showSecrets: boolean;
}

/** The device profile that the options tell. Throws UsageError. */
export async function profileOf(choices: SimulatorChoices): Promise<DeviceProfile> {
  const { strategy = "allow-create", key, secret, authority } = choices;
  if (strategy === "x509-chain") return chainProfile(choices);
  if (authority !== undefined) throw new UsageError("--authority belongs to --strategy x509-chain");
  return {
    ...defaultProfile,
    provisionType: provisionTypes[strategy],
    ...(key === undefined ? {} : { provisionDeviceKey: key }),
    ...(secret === undefined ? {} : { provisionDeviceSecret: secret }),
  };
}

const provisionTypes = {
  "allow-create": "ALLOW_CREATE_NEW_DEVICES",
  "check-pre-provisioned": "CHECK_PRE_PROVISIONED_DEVICES",
  "x509-chain": "X509_CERTIFICATE_CHAIN",
  disabled: "DISABLED",
} as const;

/** The word of the command line for a profile's strategy. */
export function strategyOf({ provisionType }: DeviceProfile): string {
  return Object.entries(provisionTypes).find(([, type]) => type === provisionType)?.[0] ?? provisionType;
}

/** The server makes the key from the certificate, and devices come into being in the TLS handshake. */
async function chainProfile({ key, secret, authority, tlsCert }: SimulatorChoices): Promise<DeviceProfile> {
  if (authority === undefined || tlsCert === undefined) {
    throw new UsageError("--strategy x509-chain needs --authority, and TLS: --tls-cert and --tls-key");
  }
  if (key !== undefined || secret !== undefined) {
    throw new UsageError("--strategy x509-chain has no --key and no --secret: the certificate is both");
  }
  const { name, deviceIdAfter = 0 } = defaultProfile;
  const provisionDeviceSecret = (await import("../bundles/simulator-files.ts")).readAuthority(authority);
  return { name, deviceIdAfter, provisionType: provisionTypes["x509-chain"], provisionDeviceSecret };
}

/** Certificate and key; undefined without TLS. Throws UsageError. */
export async function tlsOf({ tlsCert, tlsKey }: SimulatorChoices) {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key belong together; only one of them was given");
  }
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return (await import("../bundles/simulator-files.ts")).readTls(tlsCert, tlsKey);
}

/** The devices that are registered already. Throws UsageError. */
export function devicesOf({ devices }: SimulatorChoices): NewDevice[] {
  const read = devices.map((device) => {
    const [, name = "", token] = /^([^=]*)(?:=(.*))?$/s.exec(device) ?? [];
    if (name === "" || token === "") throw new UsageError("--device: expected a name, or name=token");
    return { name, ...(token === undefined ? {} : { credentials: accessToken(token) }) };
  });
  const twice = read.find(({ name }, index) => read.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw new UsageError(`--device: ${twice.name} was given a second time`);
  return read;
}
