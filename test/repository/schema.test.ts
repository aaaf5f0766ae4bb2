import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { seconds } from "../../src/base/duration.ts";
import { Secret } from "../../src/base/secret.ts";
import { encodeStatus } from "../../src/files/status-file.ts";
import { thermalConfigEntries } from "../../src/files/thermal-config-fields.ts";
import { changedConfig } from "../../src/files/thermal-config-file.ts";
import { provisioningCredentialsEntries } from "../../src/model/provisioning-credentials.ts";
import { idle, ProvisioningStatus, provisioningStates } from "../../src/model/provisioning-status.ts";
import { readJson } from "./tree.ts";

const property = v.looseObject({ description: v.optional(v.string()), default: v.optional(v.unknown()) });
const objectSchema = v.looseObject({
  $schema: v.literal("http://json-schema.org/draft-07/schema#"),
  title: v.string(),
  type: v.literal("object"),
  properties: v.record(v.string(), property),
  required: v.array(v.string()),
});
const schemaOf = (name: string) => v.parse(objectSchema, readJson(`schema/${name}.schema.json`));

describe("the schema of provision.json", () => {
  const schema = schemaOf("provision");
  const specified = [
    "server_url",
    "server_port",
    "provision_device_key",
    "provision_device_secret",
    "device_name_prefix",
    "timeout_seconds",
  ];
  const ours = [
    "use_ssl",
    "require_tls",
    "ca_file",
    "server_name",
    "pinned_public_keys",
    "proxy",
    "device_name",
    "access_token",
    "credentials_type",
    "client_id",
    "user_name",
    "password",
    "client_certificate_file",
    "client_key_file",
    "provision_device_secret_file",
    "access_token_file",
    "wipe_secret_after_success",
  ];

  test("has the specification's keys and ours, and refuses others", () => {
    expect(Object.keys(schema.properties)).toEqual([...specified, ...ours]);
    expect(schema["additionalProperties"]).toBe(false);
  });

  test("names ours as additions, and describes every key", () => {
    const isOurs = ([, { description }]: [string, v.InferOutput<typeof property>]) =>
      description?.startsWith("An addition of thermal-provision.");
    expect(
      Object.entries(schema.properties)
        .filter(isOurs)
        .map(([key]) => key),
    ).toEqual(ours);
    for (const { description } of Object.values(schema.properties)) expect(description).toBeTruthy();
  });

  test("requires what has no default, but the secret, which may stand elsewhere, and tells the defaults", () => {
    expect(schema.required).toEqual(specified.slice(0, 2));
    expect(schema["anyOf"]).toEqual([
      { required: ["provision_device_key"] },
      { required: ["client_certificate_file"] },
    ]);
    expect(schema.properties["device_name_prefix"]?.default).toBe("thermal-camera");
    expect(schema.properties["timeout_seconds"]?.default).toBe(30);
    expect(schema["dependencies"]).toEqual({
      access_token: ["device_name"],
      user_name: ["device_name"],
      client_id: ["device_name"],
      password: ["user_name"],
      client_certificate_file: ["client_key_file"],
      client_key_file: ["client_certificate_file"],
    });
  });

  test("carries the specification's rules", () => {
    expect(schema.properties).toMatchObject({
      server_port: { type: "integer", minimum: 1, maximum: 65535 },
      provision_device_key: { type: "string", minLength: 1 },
      provision_device_secret: { type: "string", minLength: 1 },
      device_name_prefix: { type: "string", pattern: "^[a-z-]+$" },
      timeout_seconds: { type: "integer", minimum: 1 },
    });
  });

  test("is made of rules that the specification's example keeps", () => {
    const example = {
      server_url: "eu.thingsboard.cloud",
      server_port: 1883,
      provision_device_key: "your-provision-key",
      provision_device_secret: "your-provision-secret",
      device_name_prefix: "thermal-camera",
      timeout_seconds: 30,
    };
    expect(v.parse(v.strictObject(provisioningCredentialsEntries), example)).toEqual(example);
    expect(v.is(v.strictObject(provisioningCredentialsEntries), { ...example, server_port: 0 })).toBe(false);
  });
});

describe("the schema of thermal_config.json", () => {
  const schema = schemaOf("thermal_config");
  const rules = v.looseObject(thermalConfigEntries);
  /** The specification's example, its comment left out. */
  const example = {
    device: {
      device_id: "550e8400-e29b-41d4-a716-446655440000",
      device_name: "thermal-camera-ABC123",
      access_token: "your-device-access-token",
      credentials_type: "ACCESS_TOKEN",
    },
    server: { url: "eu.thingsboard.cloud", port: 1883, use_ssl: true },
    measurement_spots: [],
    provisioning: { provisioned_at: "2025-10-23T14:30:00Z", provisioned_from: "provision.json" },
  };

  test("has our three sections, and leaves room for everything else", () => {
    expect(Object.keys(schema.properties)).toEqual(["device", "server", "provisioning"]);
    expect(JSON.stringify(schema)).not.toContain("additionalProperties");
    expect(schema.required).toEqual([]);
  });

  test("is made of rules that the specification's example keeps, and a camera's own keys anywhere", () => {
    expect(v.parse(rules, example)).toEqual(example);
    expect(v.is(rules, { measurement_spots: [{ x: 1 }] })).toBe(true);
    expect(v.is(rules, { ...example, device: { ...example.device, serial: 7 }, other: null })).toBe(true);
  });

  test("allows a device_id that is not known, and no device_id that is not a UUID", () => {
    expect(v.is(rules, { device: { device_id: null } })).toBe(true);
    expect(v.is(rules, { device: { device_id: "7" } })).toBe(false);
    expect(v.is(rules, { server: { port: 65536 } })).toBe(false);
  });

  test("has every key that a provisioning writes, and what is written keeps its rules", () => {
    const tokenChange = {
      deviceId: null,
      deviceName: "thermal-camera-ABC123",
      credentials: { type: "ACCESS_TOKEN", accessToken: new Secret("abcdefghijklmnopqrstuvwxyzABCDEF") },
      host: "tb.example",
      serverPort: 8883,
      useSsl: true,
      provisionedAt: new Date(0),
      provisionedWith: "0123456789abcdef",
      attemptId: "550e8400-e29b-41d4-a716-446655440000",
      body: "0123456789abcdef",
      connection: {
        caFile: ["ca.pem"],
        serverName: "tb.example",
        pinnedPublicKeys: ["sha256/one"],
        clientCertificate: { certificateFile: "own.pem", privateKeyFile: "own.key" },
        proxy: "http://proxy:3128",
      },
    } as const;
    const part = new Secret("x");
    const login = { type: "MQTT_BASIC", clientId: part, userName: part, password: part } as const;
    const certificate = {
      type: "X509_CERTIFICATE",
      certificateFile: "c.pem",
      privateKeyFile: "k.pem",
      certificate: null,
    } as const;
    const kinds = [tokenChange, { ...tokenChange, credentials: login }, { ...tokenChange, credentials: certificate }];
    const [withToken, ...withOthers] = kinds.map((change) => {
      const written: unknown = JSON.parse(new TextDecoder().decode(changedConfig({ bytes: undefined }, change)));
      return keysOfSections(v.parse(rules, written));
    });
    const sections = v.record(v.string(), v.looseObject({ properties: v.record(v.string(), v.unknown()) }));
    const known = Object.entries(v.parse(sections, schema.properties)).map(([name, { properties }]) => [
      name,
      Object.keys(properties),
    ]);
    const keys = Object.entries({ ...withToken }).map(([name, own]) => [
      name,
      new Set([...own, ...withOthers.flatMap((other) => other[name] ?? [])]),
    ]);
    expect(Object.fromEntries(keys)).toEqual(Object.fromEntries(known.map(([name, own]) => [name, new Set(own)])));
  });
});

describe("the schema of provisioning_status.json", () => {
  const schema = schemaOf("provisioning_status");

  test("has the specification's fields and states", () => {
    expect(Object.keys(schema.properties)).toEqual([
      "current_state",
      "started_at",
      "round_started_at",
      "completed_at",
      "next_try_at",
      "error_count",
      "last_error",
      "device_name",
      "correlation_id",
    ]);
    expect(schema.properties["current_state"]?.["enum"]).toEqual(provisioningStates);
  });

  test("has every key that is written, and what is written keeps its rules", () => {
    const status = {
      ...idle(new Date(0), "550e8400-e29b-41d4-a716-446655440000"),
      currentState: "FAILED_TIMEOUT",
      completedAt: new Date(seconds(5)),
      nextTryAt: new Date(seconds(15)),
      lastError: "NO_ANSWER: none",
    } as const;
    const written = encodeStatus(status);
    expect(ProvisioningStatus(written)).toEqual({ ok: true, value: status });
    expect(Object.keys(written)).toEqual(Object.keys(schema.properties));
  });
});

function keysOfSections(config: Readonly<Record<string, unknown>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(config).map(([name, section]) => [name, Object.keys(Object(section))]));
}
