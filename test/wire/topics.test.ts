import { expect, test } from "vitest";
import { deviceIdAttribute, provisionUserName, topics } from "../../src/wire/topics.ts";

test("the topics and names are ThingsBoard's, to the letter", () => {
  expect(topics.provisionRequest).toBe("/provision/request");
  expect(topics.provisionResponse).toBe("/provision/response");
  expect(topics.attributes).toBe("v1/devices/me/attributes");
  expect(topics.attributesRequest(7)).toBe("v1/devices/me/attributes/request/7");
  expect(topics.attributesResponse(7)).toBe("v1/devices/me/attributes/response/7");
  expect(topics.anyAttributesResponse).toBe("v1/devices/me/attributes/response/+");
  expect(provisionUserName).toBe("provision");
  expect(deviceIdAttribute).toBe("deviceId");
});
