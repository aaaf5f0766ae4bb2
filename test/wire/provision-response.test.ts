import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeResponse } from "../../src/wire/provision-response.ts";
import { tokenOf } from "../model/tokens.ts";

const name = "cam-device-token";
const receivedAt = new Date("2026-11-23T18:33:41Z");
const decode = (payload: Uint8Array) => decodeResponse(payload, name, receivedAt);
const text = (payload: string) => new TextEncoder().encode(payload);
const json = (value: unknown) => decode(text(JSON.stringify(value)));

describe("other shapes that ThingsBoard or the specification documents", () => {
  const deviceId = "550e8400-e29b-41d4-a716-446655440000";

  test("the user guide's older one", () => {
    const response = json({ provisionDeviceStatus: "SUCCESS", deviceId, accessToken: "oldToken" });
    expect(response).toMatchObject({ status: "SUCCESS", deviceId, deviceName: name });
    expect(tokenIn(response)).toBe("oldToken");
    expect(json({ provisionDeviceStatus: "NOT_FOUND" })).toMatchObject({ errorCode: "NOT_FOUND" });
  });

  test("the specification's own", () => {
    const response = json({
      status: "SUCCESS",
      device_id: deviceId,
      device_name: name,
      access_token: "specToken",
      credentials_type: "ACCESS_TOKEN",
    });
    expect(response).toMatchObject({ status: "SUCCESS", deviceId, deviceName: name });
    expect(tokenIn(response)).toBe("specToken");
    expect(json({ status: "FAILURE", error_message: "no", error_code: "X" })).toMatchObject({ errorMessage: "no" });
  });

  test("the keys in any order, with others between them, after a byte order mark", () => {
    const payload = `\ufeff{"status":"SUCCESS","new":[{}],"credentialsType":"ACCESS_TOKEN","credentialsValue":"token"}`;
    expect(tokenIn(decode(text(payload)))).toBe("token");
  });
});

const malformed = { code: "REPLY_MALFORMED", reason: "it is not a JSON object" };
const incomplete = { code: "REPLY_INCOMPLETE", reason: "it says SUCCESS without a usable access token" };

describe("an answer that is not believed:", () => {
  test.each([
    ["nothing", ""],
    ["spaces", "  "],
    ["a text", '"SUCCESS"'],
    ["a number", "5"],
    ["null", "null"],
    ["a list", '[{"status":"SUCCESS"}]'],
    ["a list of nothing", "[]"],
    ["a page", "<html>502 Bad Gateway</html>"],
    ["half an object", '{"status":"SUCC'],
    ["two objects", '{"status":"FAILURE"}{}'],
    ["a trailing comma", '{"status":"FAILURE",}'],
    ["nesting without end", "[".repeat(60_000)],
    ["an object inside an object without end", '{"a":'.repeat(10_000)],
  ])("%s", (_what, payload) => {
    expect(decode(text(payload))).toEqual(malformed);
  });

  test("text that is not UTF-8", () => {
    expect(decode(Uint8Array.of(...text('{"status":"FAILURE","errorMsg":"'), 0xff, ...text('"}')))).toEqual(malformed);
    expect(decode(Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00))).toEqual(malformed);
  });

  test("more bytes than ThingsBoard's own limit for a packet", () => {
    const answer = (length: number) => `{"status":"FAILURE","errorMsg":"${"x".repeat(length)}"}`;
    const frame = answer(0).length;
    expect(decode(text(answer(65_536 - frame)))).toMatchObject({ status: "FAILURE" });
    expect(decode(text(answer(65_537 - frame)))).toEqual(malformed);
  });

  test.each([
    ["no status", {}],
    ["a status of its own", { status: "PENDING" }],
    ["a status in small letters", { status: "success", credentialsValue: "t" }],
    ["a status that is not a text", { status: ["SUCCESS"], credentialsValue: "t" }],
    ["a status that every object has", { status: "toString" }],
  ])("%s", (_what, answer) => {
    expect(json(answer)).toMatchObject({ code: "REPLY_MALFORMED" });
  });

  test.each([
    ["no token", undefined],
    ["null", null],
    ["an empty token", ""],
    ["a number", 12345],
    ["a list", ["token"]],
    ["an object", { clientId: "c", userName: "u", password: "p" }],
    ["a token with a line end", "token\n"],
    ["a token with a NUL", "to\u0000ken"],
    ["the user name of provisioning sessions", "provision"],
    ["a token that is too long", "x".repeat(2001)],
  ])("SUCCESS with %s", (_what, credentialsValue) => {
    expect(json({ credentialsValue, credentialsType: "ACCESS_TOKEN", status: "SUCCESS" })).toEqual(incomplete);
  });

  test("SUCCESS for another device", () => {
    for (const deviceName of ["other", "", 5, { name }]) {
      const answer = { status: "SUCCESS", credentialsValue: "t", deviceName };
      expect(json(answer)).toMatchObject({ code: "REPLY_FOR_OTHER_DEVICE" });
    }
  });

  test("SUCCESS with a device id that is not a UUID", () => {
    for (const deviceId of ["", "7", 7, {}]) {
      expect(json({ status: "SUCCESS", credentialsValue: "t", deviceId })).toMatchObject({ code: "REPLY_INCOMPLETE" });
    }
  });

  test("SUCCESS with a kind of credentials that nobody knows", () => {
    for (const credentialsType of ["PASSWORD", "access_token", 5, []]) {
      const answer = { status: "SUCCESS", credentialsValue: "t", credentialsType };
      expect(json(answer)).toMatchObject({ code: "REPLY_INCOMPLETE" });
    }
  });

  test("fields that are inherited and not there", () => {
    const answer = '{"__proto__":{"status":"SUCCESS","credentialsValue":"token"}}';
    expect(decode(text(answer))).toMatchObject({ code: "REPLY_MALFORMED" });
  });
});

describe("whatever comes", () => {
  const status = fc.constantFrom("SUCCESS", "FAILURE", "NOT_FOUND");
  const marked = fc.string({ maxLength: 20 }).map((end) => `hunter2${end}`);
  const value = fc.oneof(fc.jsonValue(), marked, fc.constantFrom("ACCESS_TOKEN", name, null));
  const keys = [
    "credentialsValue",
    "credentialsType",
    "deviceName",
    "deviceId",
    "errorMsg",
    "accessToken",
    "device_id",
  ];
  const answers = fc
    .tuple(status, fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] }))
    .map(([each, others]) => text(JSON.stringify({ ...others, status: each })));

  test("there is a response or a reason, and no exception", () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.json().map(text), fc.string().map(text), answers);
    fc.assert(
      fc.property(bytes, (payload) => {
        const response = decode(payload);
        if ("code" in response) expect(response.reason).toMatch(/^(it|its|the) /);
        else expect(["SUCCESS", "FAILURE"]).toContain(response.status);
      }),
      { numRuns: 1000 },
    );
  });

  test("a reason never quotes the answer, which may hold a token", () => {
    fc.assert(
      fc.property(answers, (payload) => {
        const response = decode(payload);
        if ("code" in response) expect(JSON.stringify(response)).not.toContain("hunter2");
      }),
      { numRuns: 1000 },
    );
  });
});

function tokenIn(response: ReturnType<typeof decode>): string | undefined {
  return "status" in response && response.status === "SUCCESS" ? tokenOf(response.credentials) : undefined;
}
