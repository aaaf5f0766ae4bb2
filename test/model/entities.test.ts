import { describe, expect, expectTypeOf, it } from "vitest";
import {
  DeviceCredentials,
  ProvisioningCredentials,
  ProvisioningError,
  ProvisioningRequest,
  ProvisioningResponse,
  ProvisioningStatus,
  Secret,
} from "../../src/index.ts";
import { accepted, inWords } from "./examples.ts";

const id = "550e8400-e29b-41d4-a716-446655440000";
const token = "abcdefghijklmnopqrstuvwxyzABCDEF";
const at = "2025-10-23T14:30:00.000Z";

/** The specification's entities as JSON has them; what is masked when they are written again; what each must refuse. */
const entities = {
  ProvisioningCredentials: {
    check: ProvisioningCredentials,
    form: {
      server_url: "eu.thingsboard.cloud",
      server_port: 1883,
      provision_device_key: "your-provision-key",
      provision_device_secret: "your-provision-secret",
      device_name_prefix: "thermal-camera",
      timeout_seconds: 30,
    },
    added: {},
    masked: ["provision_device_key", "provision_device_secret"],
    wrong: { server_port: 70_000 },
  },
  ProvisioningRequest: {
    check: ProvisioningRequest,
    form: {
      device_name: "thermal-camera-ABC123",
      device_type: "thermal-camera",
      provision_device_key: "your-provision-key",
      provision_device_secret: "your-provision-secret",
      created_at: at,
    },
    added: {},
    masked: ["provision_device_key", "provision_device_secret"],
    wrong: { device_type: "camera" },
  },
  "ProvisioningResponse, SUCCESS": {
    check: ProvisioningResponse,
    form: {
      status: "SUCCESS",
      device_id: id,
      device_name: "thermal-camera-ABC123",
      access_token: token,
      credentials_type: "ACCESS_TOKEN",
      received_at: at,
    },
    added: {},
    masked: ["access_token"],
    wrong: { device_id: "17" },
  },
  "ProvisioningResponse, FAILURE": {
    check: ProvisioningResponse,
    form: { status: "FAILURE", error_message: "no such key", error_code: "NOT_FOUND", received_at: at },
    added: {},
    masked: [],
    wrong: { status: "PERHAPS" },
  },
  DeviceCredentials: {
    check: DeviceCredentials,
    form: {
      device_id: id,
      device_name: "thermal-camera-ABC123",
      access_token: token,
      server_url: "eu.thingsboard.cloud",
      server_port: 8883,
      credentials_type: "ACCESS_TOKEN",
      provisioned_at: at,
    },
    added: { use_ssl: true },
    masked: ["access_token"],
    wrong: { provisioned_at: "yesterday" },
  },
  "DeviceCredentials, MQTT_BASIC": {
    check: DeviceCredentials,
    form: {
      device_id: null,
      device_name: "thermal-camera-ABC123",
      server_url: "eu.thingsboard.cloud",
      server_port: 1883,
      use_ssl: false,
      provisioned_at: at,
      credentials_type: "MQTT_BASIC",
      client_id: "theClientId",
      user_name: "theUserName",
      password: "thePassword",
    },
    added: {},
    masked: ["client_id", "user_name", "password"],
    wrong: { server_port: 0 },
  },
  ProvisioningStatus: {
    check: ProvisioningStatus,
    form: {
      current_state: "COMPLETED",
      started_at: at,
      completed_at: at,
      error_count: 1,
      last_error: "NO_ANSWER: none",
      device_name: "thermal-camera-ABC123",
      correlation_id: id,
    },
    added: { round_started_at: at },
    masked: [],
    wrong: { error_count: -1 },
  },
} as const;

describe.each(Object.entries(entities))("%s", (_, { check, form, added, masked, wrong }) => {
  it("takes the specification's form, and JSON writes it again with the secrets masked", () => {
    const entity = accepted<object>(check(form));
    const secrets = Object.fromEntries(masked.map((key) => [key, "[secret]"]));
    expect(JSON.parse(JSON.stringify(entity))).toEqual({ ...form, ...added, ...secrets });
    expect(Object.isFrozen(entity)).toBe(true);
  });

  it("takes what it has given", () => {
    const entity = accepted<object>(check(form));
    expect(accepted<object>(check(entity))).toEqual(entity);
  });

  it("refuses what the specification forbids, with the specification's name, and anything that is not an object", () => {
    const [[key = "", value]] = [Object.entries(wrong)[0] ?? []];
    const words = inWords(check({ ...form, [key]: value })).join("\n");
    expect(words).toMatch(/found .+, expected .+/);
    for (const secret of ["your-provision-secret", token]) expect(words).not.toContain(secret);
    for (const input of [undefined, null, 7, "text", [], () => {}]) expect(check(input).ok, String(input)).toBe(false);
    for (const missing of Object.keys(form).filter((each) => each.endsWith("_at") && each !== "completed_at")) {
      expect(inWords(check({ ...form, [missing]: undefined })).join()).toContain(missing);
    }
  });
});

it("the input takes what it has given with our additions, too", () => {
  const additions = { use_ssl: true, device_name: "Gate 7", access_token: token, ca_file: ["authority.pem"] };
  const { form } = entities.ProvisioningCredentials;
  const given = accepted(ProvisioningCredentials({ ...form, ...additions }));
  expect(accepted(ProvisioningCredentials(given))).toEqual(given);
  expect(JSON.parse(JSON.stringify(given))).toMatchObject({ ...additions, access_token: "[secret]" });
});

it("a request may be named as provision.json names it", () => {
  const { form } = entities.ProvisioningRequest;
  expect(ProvisioningRequest({ ...form, device_name: "Gate 7" }).ok).toBe(false);
  expect(ProvisioningRequest({ ...form, device_name: "Gate 7" }, { deviceName: "Gate 7" }).ok).toBe(true);
  expect(ProvisioningRequest({ ...form, device_name: "door-ABC123" }, { deviceNamePrefix: "door" }).ok).toBe(true);
});

it("an answer for another device than the one that was asked for is refused", () => {
  const checked = ProvisioningResponse(entities["ProvisioningResponse, SUCCESS"].form, { deviceName: "another" });
  expect(inWords(checked).join()).toContain("names another device");
});

it("the entities are types as well", () => {
  const device = accepted<DeviceCredentials>(DeviceCredentials(entities.DeviceCredentials.form));
  expectTypeOf(device.provisionedAt).toEqualTypeOf<Date>();
  expect(device.credentials).toMatchObject({ accessToken: expect.any(Secret) });
  expect(new ProvisioningError("USAGE", "x")).toBeInstanceOf(Error);
});

it.each([
  [{ credentials_type: "MQTT_BASIC" }, "user_name: found no login"],
  [{ credentials_type: "MQTT_BASIC", password: "alone" }, "user_name: found no login"],
  [{ credentials_type: "ACCESS_TOKEN", user_name: "x" }, "access_token: found nothing"],
])("DeviceCredentials of %j are refused, for there is nothing to log in with", (login, problem) => {
  const { access_token: _, ...rest } = entities.DeviceCredentials.form;
  const checked = DeviceCredentials({ ...rest, ...login });
  expect(inWords(checked)).toEqual([expect.stringContaining(problem)]);
});
