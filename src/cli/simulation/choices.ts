import {
  type DeviceProfile,
  defaultProfile,
  type ScenarioFile,
  type ServerVersion,
  type SimulatorOptions,
  type SimulatorState,
} from "../../simulator/index.ts";
import { UsageError } from "../command.ts";
import { readPem } from "../pem-file.ts";

/** What was asked for on the command line. */
export interface SimulatorChoices {
  readonly port: number | undefined;
  readonly host: string;
  readonly httpPort: number | undefined;
  readonly strategy: keyof typeof provisionTypes;
  readonly key: string | undefined;
  readonly secret: string | undefined;
  /** A file: the certificate of the authority of an X.509 chain. */
  readonly authority: string | undefined;
  readonly version: ServerVersion | undefined;
  /** `name` or `name=token`. */
  readonly devices: readonly string[];
  /** A file, or the name of a ready one. */
  readonly scenario: string | undefined;
  readonly listScenarios: boolean;
  readonly state: string | undefined;
  readonly record: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly json: boolean;
  readonly showSecrets: boolean;
}

/** The simulator that was asked for. Throws UsageError. */
export function simulatorOptions(
  choices: SimulatorChoices,
  profile: DeviceProfile,
  scenario: ScenarioFile | undefined,
  state: SimulatorState | undefined,
): SimulatorOptions {
  const { host, port, httpPort, version } = choices;
  const tls = tlsOptions(choices);
  return {
    host,
    port: port ?? (tls === undefined ? 1883 : 8883),
    profiles: [profile],
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(version === undefined ? {} : { version }),
    ...(tls === undefined ? {} : { tls }),
    ...(scenario === undefined ? {} : { scenario: scenario.behaviours }),
    ...(state === undefined ? {} : { state }),
  };
}

/** The one device profile that there is. Throws UsageError. */
export function profileOf({ strategy, key, secret, authority, tlsCert }: SimulatorChoices): DeviceProfile {
  if (strategy === "x509-chain") return chainProfile({ key, secret, authority, tlsCert });
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

/** The server makes the key from the certificate, and devices come into being in the TLS handshake. */
function chainProfile({
  key,
  secret,
  authority,
  tlsCert,
}: Pick<SimulatorChoices, "key" | "secret" | "authority" | "tlsCert">): DeviceProfile {
  if (authority === undefined || tlsCert === undefined) {
    throw new UsageError("--strategy x509-chain needs --authority, and TLS: --tls-cert and --tls-key");
  }
  if (key !== undefined || secret !== undefined) {
    throw new UsageError("--strategy x509-chain has no --key and no --secret: the certificate is both");
  }
  const { name, deviceIdAfter = 0 } = defaultProfile;
  const provisionDeviceSecret = readPem(authority, "--authority");
  return { name, deviceIdAfter, provisionType: provisionTypes["x509-chain"], provisionDeviceSecret };
}

function tlsOptions({ tlsCert, tlsKey }: SimulatorChoices): SimulatorOptions["tls"] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key belong together; only one of them was given");
  }
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readPem(tlsCert, "--tls-cert"), key: readPem(tlsKey, "--tls-key") };
}
