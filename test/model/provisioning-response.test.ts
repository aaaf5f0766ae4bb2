import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { type AnswerFields, hasBase64Token, ProvisioningResponse } from "../../src/model/provisioning-response.ts";
import { moment } from "./examples.ts";
import { basic, tokenOf } from "./tokens.ts";

const name = "thermal-camera-ABC123";
const success: AnswerFields = {
  status: "SUCCESS",
  deviceId: "550e8400-e29b-41d4-a716-446655440000",
  deviceName: name,
  credentialsType: "ACCESS_TOKEN",
  credentialsValue: "your-device-access-token",
  errorMessage: undefined,
  errorCode: undefined,
};
const real: AnswerFields = { ...success, deviceId: undefined, deviceName: undefined };
const check = (changes: Partial<AnswerFields>, fields = success) =>
  ProvisioningResponse({ ...fields, ...changes }, name, moment);

test('specification, ProvisioningResponse: status must be either "SUCCESS" or "FAILURE"', () => {
  expect(check({})).toMatchObject({ status: "SUCCESS" });
  expect(check({ status: "FAILURE" })).toMatchObject({ status: "FAILURE" });
  for (const status of ["success", "OK", "UNKNOWN", "", 1, true, null, undefined, ["SUCCESS"], "constructor"]) {
    expect(check({ status }), String(status)).toMatchObject({ code: "REPLY_MALFORMED" });
  }
});

test("the server's third status, NOT_FOUND, is a FAILURE that says so", () => {
  expect(check({ status: "NOT_FOUND" })).toMatchObject({ status: "FAILURE", errorCode: "NOT_FOUND" });
  expect(check({ status: "FAILURE" })).toMatchObject({ status: "FAILURE", errorCode: "FAILURE" });
});

describe("specification, ProvisioningResponse: For SUCCESS responses: device_id, device_name, access_token must be non-empty", () => {
  test.each([undefined, null, "", {}, [], 5])("no access_token that is %j", (credentialsValue) => {
    expect(check({ credentialsValue })).toMatchObject({ code: "REPLY_INCOMPLETE" });
  });

  test("no device_id that is empty or no UUID; real servers send none, so it may be absent", () => {
    for (const deviceId of ["", "5", 5, {}, true])
      expect(check({ deviceId })).toMatchObject({ code: "REPLY_INCOMPLETE" });
    for (const deviceId of [undefined, null]) expect(check({ deviceId })).toMatchObject({ deviceId: null });
    expect(check({})).toMatchObject({ deviceId: "550e8400-e29b-41d4-a716-446655440000" });
  });

  test("no device_name that is empty; real servers send none, and then it is the one that was asked for", () => {
    expect(check({ deviceName: "" })).toMatchObject({ code: "REPLY_FOR_OTHER_DEVICE" });
    expect(ProvisioningResponse(real, name, moment)).toMatchObject({ status: "SUCCESS", deviceName: name });
  });
});

test("specification, ProvisioningResponse: For FAILURE responses: error_message should be provided", () => {
  const failure = { ...real, status: "FAILURE" };
  expect(check({ errorMessage: "Failed to provision device!" }, failure)).toMatchObject({
    errorMessage: "Failed to provision device!",
  });
  for (const errorMessage of [undefined, null, 5, {}]) {
    expect(check({ errorMessage }, failure)).toMatchObject({ status: "FAILURE", errorMessage: "" });
  }
  expect(check({ errorMessage: "x".repeat(1000) }, failure)).toMatchObject({ errorMessage: "x".repeat(500) });
});

test("specification, ProvisioningResponse: device_name must match original request device name", () => {
  for (const deviceName of ["thermal-camera-XYZ999", "THERMAL-CAMERA-ABC123", `${name} `, 5, {}, [name]]) {
    expect(check({ deviceName }), String(deviceName)).toMatchObject({ code: "REPLY_FOR_OTHER_DEVICE" });
  }
});

test("specification, ProvisioningResponse: access_token must be valid base64-encoded string for SUCCESS responses", () => {
  // A server's own token may be any text: one that is not base64 is worth a warning, not a failure.
  const isBase64 = (text: string) => hasBase64Token({ type: "ACCESS_TOKEN", accessToken: new Secret(text) });
  expect(isBase64("A1B2C3D4E5F6G7H8I9J0")).toBe(true);
  expect(isBase64("your-device-access-token")).toBe(false);
  expect(check({})).toMatchObject({ status: "SUCCESS" });
});

test("credentials_type is ACCESS_TOKEN where it is absent", () => {
  for (const credentialsType of [undefined, null]) {
    expect(check({ credentialsType })).toMatchObject({ credentials: { type: "ACCESS_TOKEN" } });
  }
});

test("credentials of a kind that is not supported yet are a typed error", () => {
  expect(check({ credentialsType: "LWM2M_CREDENTIALS" })).toEqual({
    code: "CREDENTIALS_TYPE_UNSUPPORTED",
    reason: "the device has credentials of the kind LWM2M_CREDENTIALS",
  });
  expect(check({ credentialsType: "X509_CERTIFICATE", credentialsValue: "" })).toEqual({
    code: "REPLY_INCOMPLETE",
    reason: "it says SUCCESS without a certificate",
  });
  for (const credentialsType of ["access_token", "", 5, {}]) {
    expect(check({ credentialsType })).toMatchObject({ code: "REPLY_INCOMPLETE" });
  }
});

describe("MQTT_BASIC", () => {
  const grant = (credentialsValue: unknown) => check({ credentialsType: "MQTT_BASIC", credentialsValue });

  test.each([
    ["all three", { clientId: "c", userName: "u", password: "p" }, { clientId: "c", userName: "u", password: "p" }],
    ["a user name alone", { clientId: "", userName: "u", password: "" }, { userName: "u" }],
    ["a client id alone", { clientId: "c", userName: "", password: null }, { clientId: "c" }],
    ["a client id and a user name", { clientId: "c", userName: "u", password: null }, { clientId: "c", userName: "u" }],
    ["a user name and a password", { clientId: null, userName: "u", password: "p" }, { userName: "u", password: "p" }],
  ])("with %s is kept as it is, and what is empty is absent", (_, value, parts) => {
    expect(grant(value)).toMatchObject({ status: "SUCCESS", credentials: basic(parts) });
  });

  test.each([
    ["nothing", {}],
    ["a password alone", { clientId: "", userName: "", password: "p" }],
    ["a client id and a password, of which the server would match neither", { clientId: "c", password: "p" }],
    ["the user name of provisioning sessions", { userName: "provision" }],
    ["their client id", { clientId: "provision" }],
    ["a text in the place of an object", "token"],
    ["a list", ["c", "u", "p"]],
    ["a number", { userName: 5 }],
    ["a control character", { userName: "u\n" }],
  ])("with %s is no login", (_, value) => {
    expect(grant(value)).toMatchObject({ code: "REPLY_INCOMPLETE" });
  });
});

test("the token, and the moment of the answer, are kept", () => {
  const response = check({});
  if (!("status" in response) || response.status !== "SUCCESS") throw new Error("it was not believed");
  expect(tokenOf(response.credentials)).toBe("your-device-access-token");
  expect(response.receivedAt).toBe(moment);
});
