import type { Credentials } from "./credentials.ts";
import type { DeviceCredentials } from "./device-credentials.ts";
import type { ClientCertificateFiles } from "./login-choices.ts";

/** The server that `thermal_config.json` names. */
export interface ConfiguredServer {
  readonly host: string;
  readonly serverPort: number | null;
  readonly useSsl: boolean | null;
}

/** The credentials that `thermal_config.json` holds, as far as they are ours to judge. */
export interface ConfiguredCredentials extends ConfiguredServer {
  readonly credentials: Credentials;
  /** As it is written there, by whomever; empty where there is none. */
  readonly deviceName: string;
  readonly deviceId: string | null;
  readonly provisionedAt: Date | null;
  /** `provisioning.provisioned_with`: the fingerprint of the provisioning key; null in a config that is not ours. */
  readonly provisionedWith: string | null;
  /** `provisioning.attempt_id`. */
  readonly attemptId: string | null;
  /** `provisioning.provisioned_on`: a hash of the serial number of the board that was provisioned. */
  readonly body: string | null;
}

/** How the server is reached and proves who it is, for the camera's own client. */
export interface ServerConnection {
  /** PEM files, relative to the folder of the configuration; `system` among them is the system's. */
  readonly caFile?: readonly string[];
  readonly serverName?: string;
  readonly pinnedPublicKeys?: readonly string[];
  /** What is shown in TLS besides the login; relative to the folder. */
  readonly clientCertificate?: ClientCertificateFiles;
  /** The proxy that leads to the server, without its password. */
  readonly proxy?: string;
}

/** What a provisioning writes into the sections `device`, `server` and `provisioning`. */
export interface ConfigChange extends Omit<DeviceCredentials, "deviceName"> {
  /** Absent: the one that is there, if any, stays as it is. */
  readonly deviceName?: string;
  /** Absent where no provisioning key was used: the one that is there, if any, stays as it is. */
  readonly provisionedWith?: string;
  readonly attemptId: string;
  /** Absent: what is there, if anything, stays as it is. */
  readonly connection?: ServerConnection;
  /** Absent: what is there, if anything, stays as it is. Null: what is there is no longer true. */
  readonly body?: string | null;
}
