import { ProvisioningError } from "../model/errors.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { during } from "./disk/file-error.ts";
import type { Attributes, FileSystem } from "./disk/file-system.ts";
import { hasNoModes } from "./disk/mounts.ts";
import { isReadableByOthers } from "./disk/rights.ts";
import { configName, credentialsName } from "./file-names.ts";
import { readCredentialsFile } from "./provision-json.ts";
import { loadThermalConfig, type ThermalConfigFile } from "./thermal-config-file.ts";

/** What a run starts from. */
export interface Inputs {
  readonly credentials: ProvisioningCredentials;
  readonly config: ThermalConfigFile;
  readonly warnings: readonly Warning[];
}

/**
 * Reads and checks `provision.json` and `thermal_config.json`.
 *
 * @param credentialsDirectory where systemd keeps secrets for the service, if it does
 * @throws ProvisioningError one for everything that is wrong with either file, each problem with its place
 */
export function readInputs(fs: FileSystem, directory: string, credentialsDirectory?: string): Inputs {
  const places = { directory, credentialsDirectory };
  const credentials = during(`reading ${credentialsName} in ${directory}`, () => readCredentialsFile(fs, places));
  const config = during(`reading ${configName} in ${directory}`, () => loadThermalConfig(fs, directory));
  if (credentials.ok && config.ok) {
    const told = permissionWarnings(credentials.value.attributes, config.value.attributes);
    // Where modes say nothing, that is told once, of the folder: a chmod would do nothing.
    const areIdle = told.length > 0 && during(`looking at the disk of ${directory}`, () => hasNoModes(fs, directory));
    const warnings = areIdle ? [] : told;
    return { credentials: withTlsOf(config.value, credentials.value.credentials), config: config.value, warnings };
  }
  const failures = [credentials, config].filter((read) => !read.ok);
  const files = failures.map((read) => (read === credentials ? credentialsName : configName)).join(" and ");
  throw new ProvisioningError(failures[0]?.code ?? "INTERNAL", `${files} in ${directory} cannot be used:`, {
    problems: failures.flatMap(({ problems }) => problems),
  });
}

/** TLS is never given up silently: where `provision.json` says nothing, the same host and port keep the TLS that they have. */
function withTlsOf({ server }: ThermalConfigFile, credentials: ProvisioningCredentials): ProvisioningCredentials {
  const isSame = server?.host === credentials.host && server.serverPort === credentials.serverPort;
  if (credentials.useSslFrom !== "port" || credentials.useSsl || !isSame || server.useSsl !== true) return credentials;
  return { ...credentials, useSsl: true, useSslFrom: "thermal_config.json" };
}

function permissionWarnings(credentials: Attributes, config: Attributes | undefined): readonly Warning[] {
  return [
    ...(isReadableByOthers(credentials) ? [warning("CREDENTIALS_FILE_READABLE")] : []),
    ...(config !== undefined && isReadableByOthers(config) ? [warning("CONFIG_READABLE")] : []),
  ];
}
