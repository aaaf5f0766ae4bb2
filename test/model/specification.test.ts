import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bulletsOf } from "./specification-document.ts";

/** The bullets of "Validation Rules" (and the defaults) in the specification, without their backticks. */
const rules: Readonly<Record<string, readonly string[]>> = {
  ProvisioningRequest: [
    "device_name must match pattern ^thermal-camera-[A-Z0-9]{6}$",
    'device_type must equal "thermal-camera"',
    "provision_device_key must be non-empty string",
    "provision_device_secret must be non-empty string",
    "created_at must be valid timestamp",
  ],
  ProvisioningResponse: [
    'status must be either "SUCCESS" or "FAILURE"',
    "For SUCCESS responses: device_id, device_name, access_token must be non-empty",
    "For FAILURE responses: error_message should be provided",
    "device_name must match original request device name",
    "access_token must be valid base64-encoded string for SUCCESS responses",
  ],
  DeviceCredentials: [
    "device_id must be valid UUID format",
    "device_name must match thermal-camera pattern",
    "access_token must be non-empty string",
    "server_url must be valid URL format",
    "server_port must be valid port number (1-65535)",
    "provisioned_at must be valid timestamp",
  ],
  ProvisioningCredentials: [
    "server_url must be valid URL format",
    "server_port must be valid port number (1-65535)",
    "provision_device_key must be non-empty string",
    "provision_device_secret must be non-empty string",
    "device_name_prefix must match pattern ^[a-z-]+$ if provided",
    "timeout_seconds must be positive integer",
  ],
  ProvisioningStatus: [
    "current_state must be valid enum value",
    "started_at must be valid timestamp",
    "error_count must be non-negative integer",
    "correlation_id must be unique identifier",
  ],
  ProvisioningError: [
    "NETWORK: Connection, timeout, DNS resolution failures",
    "AUTH: Invalid credentials, expired tokens, permission issues",
    "VALIDATION: Malformed JSON, missing fields, invalid values",
    "SERVER: ThingsBoard internal errors, maintenance mode, quota exceeded",
  ],
};

const tests = readdirSync("test/model").map((file) => readFileSync(`test/model/${file}`, "utf8"));

describe.each(Object.entries(rules))("every rule of %s has a test that names it:", (entity, bullets) => {
  test.each(bullets)("%s", (bullet) => {
    const named = tests.some((text) =>
      [`"`, `'`].some((quote) => text.includes(`${quote}specification, ${entity}: ${bullet}${quote}`)),
    );
    expect(named).toBe(true);
  });
});

test.each(Object.entries(rules))(
  "the rules of %s are those of the specification, where it is at hand",
  (entity, bullets) => {
    const heading = entity === "ProvisioningError" ? "Error Types" : "Validation Rules";
    expect(bulletsOf(entity, heading) ?? bullets).toEqual(bullets);
  },
);
