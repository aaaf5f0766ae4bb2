import { expect, test } from "vitest";
import { deviceIdAttribute, longTopics, provisionUserName, shortTopics, topics } from "../../src/wire/topics.ts";

test("the topics and names are ThingsBoard's, to the letter", () => {
  expect(topics.provisionRequest).toBe("/provision/request");
  expect(topics.provisionResponse).toBe("/provision/response");
  expect(provisionUserName).toBe("provision");
  expect(deviceIdAttribute).toBe("deviceId");
});

test("the topics of attributes are ThingsBoard's, the short ones and the long ones", () => {
  expect(shortTopics.subscriptions).toEqual(["v2/a/j"]);
  expect(shortTopics.pushed).toBe("v2/a/j");
  expect(shortTopics.request(7)).toBe("v2/a/req/j/7");
  expect(shortTopics.response(7)).toBe("v2/a/res/j/7");
  expect(longTopics.subscriptions).toEqual(["v1/devices/me/attributes", "v1/devices/me/attributes/response/+"]);
  expect(longTopics.pushed).toBe("v1/devices/me/attributes");
  expect(longTopics.request(7)).toBe("v1/devices/me/attributes/request/7");
  expect(longTopics.response(7)).toBe("v1/devices/me/attributes/response/7");
});
