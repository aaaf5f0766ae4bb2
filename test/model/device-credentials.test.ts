import { inspect } from "node:util";
import { expect, test } from "vitest";
import { DeviceCredentials, isTimestamp } from "../../src/model/device-credentials.ts";
import { accepted, deviceCredentials, inWords } from "./examples.ts";
import { token } from "./tokens.ts";

const check = (changes: Partial<DeviceCredentials>) => DeviceCredentials({ ...deviceCredentials, ...changes });

test("specification, DeviceCredentials: device_id must be valid UUID format", () => {
  expect(accepted(check({})).deviceId).toBe("550e8400-e29b-41d4-a716-446655440000");
  for (const deviceId of ["", "550e8400", "550e8400-e29b-41d4-a716-44665544000g"]) {
    expect(inWords(check({ deviceId })).join()).toMatch(/^device_id: found .+, expected a UUID, or null$/);
  }
});

test("device_id is null where the server told none", () => {
  expect(accepted(check({ deviceId: null })).deviceId).toBeNull();
});

test("specification, DeviceCredentials: device_name must match thermal-camera pattern", () => {
  // The pattern holds for the request, under the naming of provision.json; here it is any name that a server takes.
  expect(accepted(check({ deviceName: "thermal-camera-ABC123" })).deviceName).toBe("thermal-camera-ABC123");
  expect(check({ deviceName: "Gate 7" }).ok).toBe(true);
  for (const deviceName of ["", " thermal-camera-ABC123", "a\u0000", "x".repeat(256)]) {
    expect(inWords(check({ deviceName })).join()).toMatch(/^device_name: found .+, expected a device name$/);
  }
});

test("specification, DeviceCredentials: access_token must be non-empty string", () => {
  expect(inWords(check({ credentials: token("") }))).toEqual([
    "access_token: found an empty text, expected an access token",
  ]);
  expect(inWords(check({ credentials: token("hunter2\n") }))).toEqual([
    "access_token: found a text that ends with a line end, expected an access token",
  ]);
});

test("specification, DeviceCredentials: server_url must be valid URL format", () => {
  for (const host of ["eu.thingsboard.cloud", "192.168.1.5", "fe80::1"]) expect(check({ host }).ok).toBe(true);
  for (const host of ["", "tb example", "http://tb.example", "tb.example/path"]) {
    expect(inWords(check({ host })).join()).toMatch(/^server_url: found .+, expected a host name or an IP address$/);
  }
});

test("specification, DeviceCredentials: server_port must be valid port number (1-65535)", () => {
  for (const serverPort of [1, 1883, 65535]) expect(check({ serverPort }).ok).toBe(true);
  for (const serverPort of [0, -1, 65536, 1883.5, Number.NaN]) {
    expect(inWords(check({ serverPort })).join()).toMatch(
      /^server_port: found .+, expected a port number, 1 to 65535$/,
    );
  }
});

test("specification, DeviceCredentials: provisioned_at must be valid timestamp", () => {
  expect(inWords(check({ provisionedAt: new Date("nonsense") }))).toEqual([
    "provisioned_at: found the number NaN, expected a valid timestamp",
  ]);
});

test("everything that is wrong is told at once, without the token; what is right is frozen", () => {
  const all = check({
    deviceId: "x",
    deviceName: "",
    credentials: token("hunter2\u0007"),
    host: "",
    serverPort: 0,
  });
  expect(inWords(all)).toHaveLength(5);
  expect(inspect(all, { depth: 9 })).not.toContain("hunter");
  expect(Object.isFrozen(accepted(check({})))).toBe(true);
});

test("a timestamp is a moment that exists", () => {
  expect(isTimestamp(new Date(0))).toBe(true);
  expect(isTimestamp(new Date("1970-01-01T00:00:00Z"))).toBe(true);
  expect(isTimestamp(new Date("nonsense"))).toBe(false);
});
