import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeDeviceIdMessage, encodeDeviceIdRequest } from "../../src/wire/device-id-attribute.ts";

const deviceId = "9a75b460-e76e-11f1-95c9-537abb0aa3ec";
const pushed = "v1/devices/me/attributes";
const answered = "v1/devices/me/attributes/response/1";
const bytes = (payload: unknown) => new TextEncoder().encode(JSON.stringify(payload));
const decode = (topic: string, payload: unknown) => decodeDeviceIdMessage(topic, bytes(payload));

test("the request for the device's id is these bytes", () => {
  expect(Buffer.from(encodeDeviceIdRequest()).toString("hex")).toBe(
    "7b227368617265644b657973223a226465766963654964227d",
  );
  expect(new TextDecoder().decode(encodeDeviceIdRequest())).toBe('{"sharedKeys":"deviceId"}');
});

describe("bytes that a real server sent (recording device-id-push-and-request)", () => {
  test("an answer without the attribute: ThingsBoard, but no id yet", () => {
    const message = decodeDeviceIdMessage(answered, Uint8Array.from(Buffer.from("7b7d", "hex")));
    expect(message).toEqual({ isAnswer: true, deviceId: undefined });
  });

  test("a push of the id", () => {
    const hex =
      "7b226465766963654964223a2239613735623436302d653736652d313166312d393563392d353337616262306161336563227d";
    expect(decodeDeviceIdMessage(pushed, Uint8Array.from(Buffer.from(hex, "hex")))).toEqual({
      isAnswer: false,
      deviceId,
    });
  });

  test("an answer with the id", () => {
    const hex =
      "7b22736861726564223a7b226465766963654964223a2239613735623436302d653736652d313166312d393563392d3533376162623061613365" +
      "63227d7d";
    const message = decodeDeviceIdMessage(
      "v1/devices/me/attributes/response/2",
      Uint8Array.from(Buffer.from(hex, "hex")),
    );
    expect(message).toEqual({ isAnswer: true, deviceId });
  });
});

describe("a message of a device session", () => {
  test("may carry other attributes, and be an answer to any request", () => {
    expect(decode(pushed, { firmware: "7", deviceId })).toEqual({ isAnswer: false, deviceId });
    expect(decode("v1/devices/me/attributes/response/977", { client: {}, shared: { deviceId } })).toEqual({
      isAnswer: true,
      deviceId,
    });
  });

  test.each([
    ["a push without the id", pushed, { firmware: "7" }],
    ["a push of its deletion", pushed, { deleted: ["deviceId"] }],
    ["a push that looks like an answer", pushed, { shared: { deviceId } }],
    ["an answer that looks like a push", answered, { deviceId }],
    ["an answer whose shared part is not an object", answered, { shared: [deviceId] }],
    ["an answer with a client attribute of that name", answered, { client: { deviceId } }],
    ["inherited names", pushed, JSON.parse('{"__proto__": {"deviceId": "x"}}')],
  ])("says nothing about the id: %s", (_what, topic, payload) => {
    expect(decode(topic, payload)).toEqual({ isAnswer: topic === answered, deviceId: undefined });
  });

  test.each(["", "7", `${deviceId} `, 7, null, true, {}, [deviceId]])("has an id that is not a UUID: %j", (value) => {
    expect(decode(pushed, { deviceId: value })).toEqual({ isAnswer: false, deviceId: "invalid" });
    expect(decode(answered, { shared: { deviceId: value } })).toEqual({ isAnswer: true, deviceId: "invalid" });
  });

  test.each([
    "v1/devices/me/rpc/response/1",
    "v1/devices/me/attributes/",
    "v1/devices/me/attributes/request/1",
    "/provision/response",
    "",
  ])("is none of these on the topic %j", (topic) => {
    expect(decode(topic, { deviceId, shared: { deviceId } })).toBeUndefined();
  });

  test.each([[[]], ["x"], [null], [5]])("is none of these when its payload is %j", (payload) => {
    expect(decode(pushed, payload)).toBeUndefined();
    expect(decode(answered, payload)).toBeUndefined();
  });
});

test("whatever comes, the id is a UUID, invalid or unknown, and there is no exception", () => {
  const payload = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(pushed, answered)), payload, (topic, content) => {
      const message = decodeDeviceIdMessage(topic, content);
      expect(message?.deviceId ?? "invalid").toMatch(/^(invalid|[0-9a-f-]{36})$/i);
    }),
  );
});
