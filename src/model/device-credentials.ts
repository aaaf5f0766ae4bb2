import { describe } from "./check.ts";
import { type Credentials, credentialsFrom, textsOf } from "./credentials.ts";
import { isDeviceId } from "./device-id.ts";
import { isDeviceName } from "./device-name.ts";
import type { Checked, Problem } from "./problem.ts";
import { isPort, parseServerUrl } from "./server-address.ts";

/** What `thermal_config.json` holds in the end (specification, DeviceCredentials). */
export interface DeviceCredentials {
  /** Null where the server told none: no real server sends it, and not every one has the rule chain. */
  readonly deviceId: string | null;
  /** Empty, or no name of ours, only where credentials were kept and somebody had changed or removed the name. */
  readonly deviceName: string;
  /** What the device logs in with, by its kind. */
  readonly credentials: Credentials;
  /** The bare host of the server. */
  readonly host: string;
  readonly serverPort: number;
  readonly useSsl: boolean;
  readonly provisionedAt: Date;
}

/** Checks the credentials that are about to be written, or were read. Every problem comes at once. */
export function DeviceCredentials(input: DeviceCredentials): Checked<DeviceCredentials> {
  const problems: Problem[] = [];
  const expect = (holds: boolean, key: string, value: unknown, expected: string) => {
    if (!holds)
      problems.push({ path: [key], found: describe(value, key === "access_token" ? "secret" : "described"), expected });
  };
  const { deviceId, deviceName, credentials, host, serverPort, provisionedAt } = input;
  const texts = textsOf(credentials);
  const areUsable = credentialsFrom(credentials.type, texts) !== undefined;
  expect(deviceId === null || isDeviceId(deviceId), "device_id", deviceId, "a UUID, or null");
  expect(isDeviceName(deviceName), "device_name", deviceName, "a device name");
  if (credentials.type === "ACCESS_TOKEN") expect(areUsable, "access_token", texts.accessToken, "an access token");
  else expect(areUsable, "credentials_type", credentials.type, "a user name, perhaps with a password, or a client id");
  expect(!("expected" in parseServerUrl(host)), "server_url", host, "a host name or an IP address");
  expect(isPort(serverPort), "server_port", serverPort, "a port number, 1 to 65535");
  expect(isTimestamp(provisionedAt), "provisioned_at", provisionedAt.getTime(), "a valid timestamp");
  return problems.length === 0 ? { ok: true, value: Object.freeze({ ...input }) } : { ok: false, problems };
}

/** A moment that exists: `new Date("nonsense")` does not. */
export function isTimestamp(moment: Date): boolean {
  return !Number.isNaN(moment.getTime());
}
