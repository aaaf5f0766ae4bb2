import { expect, test } from "vitest";
import { Mask } from "../../../src/cli/text/mask.ts";

const masked = (json: string) => {
  const mask = new Mask();
  return mask.plain(mask.marked(json));
};

test.each([
  ['{"access_token": "abc", "device_name": "x"}', '{"access_token": "[secret]", "device_name": "x"}'],
  ['{"wifiPassword":"a\\"b","mode":"wpa2"}', '{"wifiPassword":"[secret]","mode":"wpa2"}'],
  ['{"apiKey" : // mine\n  "abc"}', '{"apiKey" : // mine\n  "[secret]"}'],
  ['{"provision_device_secret":\n\n"abc"}', '{"provision_device_secret":\n\n"[secret]"}'],
  ['{"credentials_type": "ACCESS_TOKEN"}', '{"credentials_type": "ACCESS_TOKEN"}'],
  ['{"token": 7, "note": "no secret"}', '{"token": 7, "note": "no secret"}'],
])("%j is shown as %j", (json, shown) => {
  expect(masked(json)).toBe(shown);
});

test("a secret that changes still shows as a change", () => {
  const mask = new Mask();
  const same = mask.marked('{"token":"one"}');
  expect(mask.marked('{"token":"one"}')).toBe(same);
  expect(mask.marked('{"token":"two"}')).not.toBe(same);
});
