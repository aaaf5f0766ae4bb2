import { describe, expect, test } from "vitest";
import { changedConfig } from "../../src/files/thermal-config-file.ts";
import { DeviceCredentials } from "../../src/model/device-credentials.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import { ProvisioningRequest } from "../../src/model/provisioning-request.ts";
import { ProvisioningStatus } from "../../src/model/provisioning-status.ts";
import { encodeRequest } from "../../src/wire/provision-request.ts";
import { decodeResponse } from "../../src/wire/provision-response.ts";
import { accepted, moment, provisionJson } from "./examples.ts";
import { bulletsOf } from "./specification-document.ts";
import { token, tokenOf } from "./tokens.ts";

/** One provisioning, from the files' words to the files' words. */
const credentials = accepted(ProvisioningCredentials(provisionJson));
const naming = credentials.naming;
const request = accepted(
  ProvisioningRequest(
    {
      deviceName: "thermal-camera-ABC123",
      deviceType: "thermal-camera",
      provisionDeviceKey: credentials.provisionDeviceKey,
      provisionDeviceSecret: credentials.provisionDeviceSecret,
      credentials: token("abcdefghijklmnopqrstuvwxyzABCDEF"),
      createdAt: moment,
    },
    naming,
  ),
);
const id = "550e8400-e29b-41d4-a716-446655440000";
const answer = {
  status: "SUCCESS",
  device_id: id,
  device_name: request.deviceName,
  access_token: tokenOf(request.credentials),
  credentials_type: "ACCESS_TOKEN",
};
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const response = decodeResponse(bytesOf(answer), request.deviceName, moment);
const refusal = decodeResponse(bytesOf({ status: "FAILURE", error_message: "no" }), request.deviceName, moment);
if ("code" in response || "code" in refusal || response.status !== "SUCCESS" || refusal.status !== "FAILURE") {
  throw new Error("an answer was not understood");
}
const device = accepted(
  DeviceCredentials({
    deviceId: response.deviceId,
    deviceName: response.deviceName,
    credentials: response.credentials,
    host: credentials.host,
    serverPort: credentials.serverPort,
    useSsl: credentials.useSsl,
    provisionedAt: moment,
  }),
);
const status = accepted(
  ProvisioningStatus({
    current_state: "COMPLETED",
    started_at: "2025-10-23T14:30:00Z",
    completed_at: "2025-10-23T14:30:05Z",
    error_count: 1,
    last_error: "NO_ANSWER: none",
    device_name: request.deviceName,
    correlation_id: id,
  }),
);
const error = new ProvisioningError("NO_ANSWER", "the server did not answer");

/** Every field of the specification, where it is to be found here, and what it is in this provisioning. */
const fields: Readonly<Record<string, Readonly<Record<string, readonly [found: unknown, expected: unknown]>>>> = {
  ProvisioningRequest: {
    device_name: [request.deviceName, "thermal-camera-ABC123"],
    device_type: [request.deviceType, "thermal-camera"],
    provision_device_key: [request.provisionDeviceKey.reveal(), "your-provision-key"],
    provision_device_secret: [request.provisionDeviceSecret.reveal(), "your-provision-secret"],
    created_at: [request.createdAt, moment],
  },
  ProvisioningResponse: {
    status: [response.status, "SUCCESS"],
    device_id: [response.deviceId, id],
    device_name: [response.deviceName, "thermal-camera-ABC123"],
    access_token: [tokenOf(response.credentials), "abcdefghijklmnopqrstuvwxyzABCDEF"],
    credentials_type: [response.credentials.type, "ACCESS_TOKEN"],
    error_message: [refusal.errorMessage, "no"],
    error_code: [refusal.errorCode, "FAILURE"],
    received_at: [response.receivedAt, moment],
  },
  DeviceCredentials: {
    device_id: [device.deviceId, id],
    device_name: [device.deviceName, "thermal-camera-ABC123"],
    access_token: [tokenOf(device.credentials), "abcdefghijklmnopqrstuvwxyzABCDEF"],
    server_url: [device.host, "eu.thingsboard.cloud"],
    server_port: [device.serverPort, 1883],
    credentials_type: [device.credentials.type, "ACCESS_TOKEN"],
    provisioned_at: [device.provisionedAt, moment],
  },
  ProvisioningCredentials: {
    server_url: [credentials.serverUrl, "eu.thingsboard.cloud"],
    server_port: [credentials.serverPort, 1883],
    provision_device_key: [credentials.provisionDeviceKey.reveal(), "your-provision-key"],
    provision_device_secret: [credentials.provisionDeviceSecret.reveal(), "your-provision-secret"],
    device_name_prefix: [credentials.deviceNamePrefix, "thermal-camera"],
    timeout_seconds: [credentials.timeout, 30_000],
  },
  ProvisioningStatus: {
    current_state: [status.currentState, "COMPLETED"],
    started_at: [status.startedAt, moment],
    completed_at: [status.completedAt, new Date("2025-10-23T14:30:05Z")],
    error_count: [status.errorCount, 1],
    last_error: [status.lastError, "NO_ANSWER: none"],
    device_name: [status.deviceName, "thermal-camera-ABC123"],
    correlation_id: [status.correlationId, id],
  },
  ProvisioningError: {
    error_type: [error.errorType, "NETWORK"],
    error_code: [error.errorCode, "NO_ANSWER"],
    error_message: [error.message, "the server did not answer"],
    is_retryable: [error.isRetryable, true],
    retry_after_seconds: [error.retryAfterSeconds, 30],
    occurred_at: [error.occurredAt, expect.any(Date)],
  },
};

describe.each(Object.entries(fields))("specification, %s: the field", (_entity, each) => {
  test.each(Object.entries(each))("%s", (_field, [found, expected]) => {
    expect(found).toEqual(expected);
  });
});

describe("specification, relationships:", () => {
  test("a ProvisioningRequest references ProvisioningCredentials for input data", () => {
    expect(request.provisionDeviceKey).toBe(credentials.provisionDeviceKey);
    expect(request.provisionDeviceSecret).toBe(credentials.provisionDeviceSecret);
    expect(request.deviceName.startsWith(`${credentials.deviceNamePrefix}-`)).toBe(true);
  });

  test("a ProvisioningRequest creates one ProvisioningResponse: a server that reads it answers with its name and token", () => {
    const heard: unknown = JSON.parse(new TextDecoder().decode(encodeRequest(request)));
    expect(heard).toMatchObject({ deviceName: response.deviceName, token: tokenOf(response.credentials) });
  });

  test("a ProvisioningResponse corresponds to one ProvisioningRequest: to another it is refused", () => {
    const toAnother = decodeResponse(bytesOf(answer), "thermal-camera-XYZ999", moment);
    expect(toAnother).toMatchObject({ code: "REPLY_FOR_OTHER_DEVICE" });
  });

  test("DeviceCredentials are created from a successful ProvisioningResponse, and replace the configuration", () => {
    const before = new TextEncoder().encode('{"device": {"access_token": "old"}, "measurement_spots": []}');
    const change = {
      ...device,
      provisionedWith: credentials.provisionDeviceKey.fingerprint(),
      attemptId: id,
    };
    const after: unknown = JSON.parse(new TextDecoder().decode(changedConfig({ bytes: before }, change)));
    expect(after).toEqual({
      device: {
        device_id: id,
        device_name: "thermal-camera-ABC123",
        access_token: tokenOf(response.credentials),
        credentials_type: "ACCESS_TOKEN",
      },
      server: { url: "eu.thingsboard.cloud", port: 1883, use_ssl: false },
      measurement_spots: [],
      provisioning: {
        provisioned_at: "2025-10-23T14:30:00Z",
        provisioned_from: "provision.json",
        provisioned_with: credentials.provisionDeviceKey.fingerprint(),
        attempt_id: id,
      },
    });
  });
});

test.each(Object.entries(fields))(
  "the fields of %s are those of the specification, where it is at hand",
  (entity, each) => {
    const names = Object.keys(each);
    expect(bulletsOf(entity, "Fields")?.map((bullet) => bullet.split(":")[0]) ?? names).toEqual(names);
  },
);
