import { expect, test } from "vitest";
import { configEntries } from "../../src/files/thermal-config-fields.ts";
import { provisioningCredentialsEntries } from "../../src/model/provisioning-credentials.ts";
import { provisioningStatusEntries } from "../../src/model/provisioning-status.ts";
import { bulletsOf } from "../model/specification-document.ts";
import { read } from "./tree.ts";

const page = read("docs/specification.md");

/** The fields of the specification, in its order. */
const fields: Readonly<Record<string, readonly string[]>> = {
  ProvisioningRequest: ["device_name", "device_type", "provision_device_key", "provision_device_secret", "created_at"],
  ProvisioningResponse: [
    ...["status", "device_id", "device_name", "access_token", "credentials_type"],
    ...["error_message", "error_code", "received_at"],
  ],
  DeviceCredentials: [
    ...["device_id", "device_name", "access_token", "server_url", "server_port"],
    ...["credentials_type", "provisioned_at"],
  ],
  ProvisioningCredentials: [
    ...["server_url", "server_port", "provision_device_key", "provision_device_secret"],
    ...["device_name_prefix", "timeout_seconds"],
  ],
  ProvisioningStatus: [
    ...["current_state", "started_at", "completed_at", "error_count", "last_error", "device_name", "correlation_id"],
  ],
  ProvisioningError: [
    ...["error_type", "error_code", "error_message", "is_retryable", "retry_after_seconds", "occurred_at"],
  ],
};

test.each(Object.entries(fields))(
  "the table of %s has every field of the specification, in its order",
  (entity, names) => {
    const [, section = ""] = new RegExp(`### ${entity}\\n(.*?)\\n##`, "s").exec(page) ?? [];
    expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(names);
    const written = bulletsOf(entity, "Fields")?.map((bullet) => /^\w+/.exec(bullet)?.[0]);
    expect(written ?? names).toEqual(names);
  },
);

test("every key of provision.json and of the status is the specification's, or named as ours", () => {
  const ours = [...read("docs/files.md").matchAll(/^\| `(\w+)` \|(?! required)[^|]*\|/gm)].map(([, name]) => name);
  const specified = fields["ProvisioningCredentials"] ?? [];
  const additional = Object.keys(provisioningCredentialsEntries).filter((key) => !specified.includes(key));
  expect(additional.filter((key) => !ours.includes(key))).toEqual([]);
  expect(specified.filter((key) => !Object.hasOwn(provisioningCredentialsEntries, key))).toEqual([]);
  for (const key of fields["ProvisioningStatus"] ?? []) expect(provisioningStatusEntries).toHaveProperty(key);
});

test("what is written to thermal_config.json beside the specification's keys stands among the differences", () => {
  const specified = [
    ...["device.device_id", "device.device_name", "device.access_token", "device.credentials_type"],
    ...["server.url", "server.port", "server.use_ssl", "provisioning.provisioned_at", "provisioning.provisioned_from"],
  ];
  const written = Object.entries(configEntries).flatMap(([section, keys]) =>
    Object.keys(keys).map((key) => `${section}.${key}`),
  );
  const [, differences = ""] = page.split("## Differences");
  expect(written.filter((key) => !specified.includes(key) && !differences.includes(`\`${key}\``))).toEqual([]);
  expect(specified.filter((key) => !written.includes(key))).toEqual([]);
});
