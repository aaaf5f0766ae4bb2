import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { ProvisioningRequest } from "../../src/model/provisioning-request.ts";
import { describeRequest, encodeRequest } from "../../src/wire/provision-request.ts";
import { token as tokenCredentials } from "../model/tokens.ts";

/** That of the recording `create-device-token`, with the device type that the specification adds. */
const request: ProvisioningRequest = {
  deviceName: "cam-device-token",
  deviceType: "thermal-camera",
  provisionDeviceKey: new Secret("recAllowKey0123456789"),
  provisionDeviceSecret: new Secret("recAllowSecret0123456"),
  credentials: tokenCredentials("RecDeviceChosenToken01"),
  createdAt: new Date("2026-11-23T18:33:41Z"),
};

test("a request is these bytes, its keys in this order", () => {
  expect(Buffer.from(encodeRequest(request)).toString("hex")).toBe(
    [
      "7b226465766963654e616d65223a2263616d2d6465766963652d746f6b656e22", // {"deviceName":"cam-device-token"
      "2c2264657669636554797065223a22746865726d616c2d63616d65726122", // ,"deviceType":"thermal-camera"
      "2c2270726f766973696f6e4465766963654b6579223a22726563416c6c6f774b65793031323334353637383922", // ,"provisionDeviceKey":…
      "2c2270726f766973696f6e446576696365536563726574223a22726563416c6c6f775365637265743031323334353622", // ,"provisionDeviceSecret":…
      "2c2263726564656e7469616c7354797065223a224143434553535f544f4b454e22", // ,"credentialsType":"ACCESS_TOKEN"
      "2c22746f6b656e223a2252656344657669636543686f73656e546f6b656e3031227d", // ,"token":"RecDeviceChosenToken01"}
    ].join(""),
  );
});

test("apart from deviceType, which the server ignores, the bytes are those that real servers accepted", () => {
  const accepted =
    '{"deviceName":"cam-device-token","provisionDeviceKey":"recAllowKey0123456789",' +
    '"provisionDeviceSecret":"recAllowSecret0123456","credentialsType":"ACCESS_TOKEN","token":"RecDeviceChosenToken01"}';
  const sent = new TextDecoder().decode(encodeRequest(request));
  expect(sent.replace('"deviceType":"thermal-camera",', "")).toBe(accepted);
});

test("a retry is the same bytes, though it is made at another time", () => {
  const later = { ...request, createdAt: new Date("2026-11-23T18:34:00Z") };
  expect(encodeRequest(later)).toEqual(encodeRequest(request));
});

test("no value is ever null, and every text arrives as it was", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(text, text, text, text, (deviceName, key, secret, token) => {
      const encoded = encodeRequest({
        ...request,
        deviceName,
        provisionDeviceKey: new Secret(key),
        provisionDeviceSecret: new Secret(secret),
        credentials: tokenCredentials(token),
      });
      expect(JSON.parse(new TextDecoder().decode(encoded))).toEqual({
        deviceName,
        deviceType: "thermal-camera",
        provisionDeviceKey: key,
        provisionDeviceSecret: secret,
        credentialsType: "ACCESS_TOKEN",
        token,
      });
    }),
  );
});

test("the largest request stays below the server's limit of 65536 bytes for a packet", () => {
  const largest = encodeRequest({
    ...request,
    deviceName: "\u4f60".repeat(255),
    provisionDeviceKey: new Secret("x".repeat(16_384)),
    provisionDeviceSecret: new Secret("x".repeat(16_384)),
    credentials: tokenCredentials("x".repeat(2000)),
  });
  expect(largest.byteLength).toBeLessThan(65_000);
});

test("for people, the request has the same keys and no secret", () => {
  const described = describeRequest(request);
  expect(described).toEqual({
    deviceName: "cam-device-token",
    deviceType: "thermal-camera",
    provisionDeviceKey: "[secret]",
    provisionDeviceSecret: "[secret]",
    credentialsType: "ACCESS_TOKEN",
    token: "[secret]",
  });
  expect(Object.keys(described)).toEqual(Object.keys(JSON.parse(new TextDecoder().decode(encodeRequest(request)))));
  expect(inspect(described)).not.toMatch(/rec(Allow|Device)/i);
});
