import fc from "fast-check";
import { expect, test } from "vitest";
import { isDeviceId } from "../../src/model/device-id.ts";

test("a device id is a UUID, in any case", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(isDeviceId(uuid)).toBe(true);
      expect(isDeviceId(uuid.toUpperCase())).toBe(true);
    }),
  );
});

test.each([
  "",
  "550e8400",
  "550e8400-e29b-41d4-a716-44665544000",
  "550e8400-e29b-41d4-a716-4466554400000",
  "550e8400e29b41d4a716446655440000",
  "{550e8400-e29b-41d4-a716-446655440000}",
  "550e8400-e29b-41d4-a716-446655440000\n",
  "550e8400-e29b-41d4-a716-44665544000g",
])("%j is none", (text) => {
  expect(isDeviceId(text)).toBe(false);
});
