/** What a camera is, as far as the files in its folder tell. Nobody was asked. */
export interface CameraState {
  /** The folder that was looked into, whole. */
  readonly directory: string;
  /**
   * `provisioned`: a run of this program has proved the credentials and written them. `unproved`: there are credentials,
   * of which no run says so. `unknown`: `thermal_config.json` cannot be used.
   */
  readonly state: "provisioned" | "unproved" | "not provisioned" | "unknown";
  /** Whose credentials `thermal_config.json` holds; undefined where it holds none. */
  readonly device: KnownDevice | undefined;
  /** Those of `provision.txt`, `provision.json` and `thermal_config.json` that are not there. */
  readonly missing: readonly string[];
  /** What was probably meant to be `provision.txt`. */
  readonly misnamedTrigger: string | undefined;
}

/** The device in `thermal_config.json`, without its secret. */
export interface KnownDevice {
  /** Empty where there is none. */
  readonly deviceName: string;
  readonly deviceId: string | null;
  readonly host: string;
  readonly serverPort: number | null;
  readonly useSsl: boolean | null;
  readonly provisionedAt: Date | null;
  /** `provisioning.attempt_id`: the `correlation_id` of the provisioning that proved the credentials. */
  readonly attemptId: string | null;
  /** A hash of the serial number of the board on which they were proved; null where it tells none. */
  readonly body: string | null;
}
