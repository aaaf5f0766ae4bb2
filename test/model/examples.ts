import { milliseconds } from "../../src/base/duration.ts";
import { Secret } from "../../src/base/secret.ts";
import type { DeviceCredentials } from "../../src/model/device-credentials.ts";
import type { Checked, Problem } from "../../src/model/problem.ts";
import { problemInWords } from "../../src/model/problem.ts";
import type { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import type { ProvisioningRequest } from "../../src/model/provisioning-request.ts";
import { token } from "./tokens.ts";

/** The specification's example of `provision.json`, word for word. */
export const provisionJson = {
  server_url: "eu.thingsboard.cloud",
  server_port: 1883,
  provision_device_key: "your-provision-key",
  provision_device_secret: "your-provision-secret",
  device_name_prefix: "thermal-camera",
  timeout_seconds: 30,
};

export const moment = new Date("2025-10-23T14:30:00Z");

export const provisioningCredentials: ProvisioningCredentials = {
  serverUrl: "eu.thingsboard.cloud",
  host: "eu.thingsboard.cloud",
  serverPort: 1883,
  useSsl: false,
  useSslFrom: "port",
  provisionDeviceKey: new Secret("your-provision-key"),
  provisionDeviceSecret: new Secret("your-provision-secret"),
  deviceNamePrefix: "thermal-camera",
  timeout: milliseconds(30_000),
  naming: { kind: "generated", prefix: "thermal-camera" },
};

export const provisioningRequest: ProvisioningRequest = {
  deviceName: "thermal-camera-ABC123",
  deviceType: "thermal-camera",
  provisionDeviceKey: new Secret("your-provision-key"),
  provisionDeviceSecret: new Secret("your-provision-secret"),
  credentials: token("abcdefghijklmnopqrstuvwxyzABCDEF"),
  createdAt: moment,
};

/** The specification's example of `thermal_config.json`, as credentials. */
export const deviceCredentials: DeviceCredentials = {
  deviceId: "550e8400-e29b-41d4-a716-446655440000",
  deviceName: "thermal-camera-ABC123",
  credentials: token("your-device-access-token"),
  host: "eu.thingsboard.cloud",
  serverPort: 1883,
  useSsl: true,
  provisionedAt: moment,
};

/** The checked value; a test that is told of problems instead fails with them. */
export function accepted<Value>(checked: Checked<Value>): Value {
  if (checked.ok) return checked.value;
  throw new Error(inWords(checked).join("\n"));
}

export function problemsOf(checked: Checked<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems;
}

/** The problems as a person reads them. */
export function inWords(checked: Checked<unknown>): readonly string[] {
  return problemsOf(checked).map((problem) => problemInWords(problem));
}
