import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { Naming } from "../../src/model/device-name.ts";
import { ProvisioningRequest } from "../../src/model/provisioning-request.ts";
import { accepted, inWords, provisioningRequest } from "./examples.ts";

const generated: Naming = { kind: "generated", prefix: "thermal-camera" };
const check = (changes: object, naming: Naming = generated) =>
  ProvisioningRequest({ ...provisioningRequest, ...changes }, naming);

test("specification, ProvisioningRequest: device_name must match pattern ^thermal-camera-[A-Z0-9]{6}$", () => {
  for (const deviceName of ["thermal-camera-ABC123", "thermal-camera-000000", "thermal-camera-ZZZZZZ"]) {
    expect(accepted(check({ deviceName })).deviceName).toBe(deviceName);
  }
  const wrong = [
    "thermal-camera-abc123",
    "thermal-camera-ABC12",
    "thermal-camera-ABC1234",
    "camera-ABC123",
    "ABC123",
    "",
  ];
  for (const deviceName of [...wrong, "thermal-camera-ABC123 ", "thermal-camera-ABC123\n"]) {
    expect(inWords(check({ deviceName })).join()).toMatch(
      /^device_name: found .+, expected thermal-camera- and six of A-Z, 0-9$/,
    );
  }
});

test("the prefix of provision.json takes the place of thermal-camera", () => {
  const naming: Naming = { kind: "generated", prefix: "door" };
  expect(check({ deviceName: "door-ABC123" }, naming).ok).toBe(true);
  expect(check({ deviceName: "thermal-camera-ABC123" }, naming).ok).toBe(false);
});

test("a fixed device_name takes the place of the pattern", () => {
  const naming: Naming = { kind: "fixed", name: "Gate 7" };
  expect(check({ deviceName: "Gate 7" }, naming).ok).toBe(true);
  expect(inWords(check({ deviceName: "thermal-camera-ABC123" }, naming))).toEqual([
    "device_name: found a text of 21 characters, expected Gate 7",
  ]);
});

test('specification, ProvisioningRequest: device_type must equal "thermal-camera"', () => {
  expect(accepted(check({})).deviceType).toBe("thermal-camera");
  for (const deviceType of ["camera", "", "Thermal-Camera", "thermal-camera "]) {
    expect(inWords(check({ deviceType })).join()).toMatch(
      /^device_type: found .+, expected the text "thermal-camera"$/,
    );
  }
});

test("specification, ProvisioningRequest: provision_device_key must be non-empty string", () => {
  expect(inWords(check({ provisionDeviceKey: new Secret("") }))).toEqual([
    "provision_device_key: found an empty text, expected a text that is not empty",
  ]);
});

test("specification, ProvisioningRequest: provision_device_secret must be non-empty string", () => {
  expect(inWords(check({ provisionDeviceSecret: new Secret("") }))).toEqual([
    "provision_device_secret: found an empty text, expected a text that is not empty",
  ]);
});

test("specification, ProvisioningRequest: created_at must be valid timestamp", () => {
  expect(accepted(check({ createdAt: new Date(0) })).createdAt).toEqual(new Date(0));
  expect(inWords(check({ createdAt: new Date("nonsense") }))).toEqual([
    "created_at: found no moment, expected a valid timestamp",
  ]);
});

test("everything that is wrong is told at once, and what is right is frozen", () => {
  const empty = new Secret("");
  const all = { deviceName: "x", deviceType: "y", provisionDeviceKey: empty, provisionDeviceSecret: empty };
  expect(inWords(check({ ...all, createdAt: new Date(Number.NaN) }))).toHaveLength(5);
  expect(Object.isFrozen(accepted(check({})))).toBe(true);
});
