import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Mask } from "../../../src/cli/text/mask.ts";

const masked = (json: string) => {
  const mask = new Mask();
  return mask.plain(mask.marked(json));
};

test.each([
  ['{"access_token": "abc", "device_name": "x"}', '{"access_token": "[secret]", "device_name": "x"}'],
  ['{"wifiPassword":"a\\"b","mode":"wpa2"}', '{"wifiPassword":"[secret]","mode":"wpa2"}'],
  ['{"provision_device_secret":\n\n"abc"}', '{"provision_device_secret":\n\n"[secret]"}'],
  ['{"access_t\\u006fken": "abc"}', '{"access_t\\u006fken": "[secret]"}'],
  ['{"sep": ["-", ":"], "access_token": "abc"}', '{"sep": ["-", ":"], "access_token": "[secret]"}'],
  ['{"token": 7, "note": "no secret"}', '{"token": "[secret]", "note": "no secret"}'],
  ['{"token": -7.5e3}', '{"token": "[secret]"}'],
  ['{"tokens":["abc", ["def"], 8]}', '{"tokens":["[secret]", ["[secret]"], "[secret]"]}'],
  ['{"keys": {"abc": {"of": "hall"}}}', '{"keys": {"[secret]": {"[secret]": "[secret]"}}}'],
  ['{"pass": "abc", "wifiPass": "d", "pin": 1234}', '{"pass": "[secret]", "wifiPass": "[secret]", "pin": "[secret]"}'],
  ['{"credentials": {"type": "a"}}', '{"credentials": {"[secret]": "[secret]"}}'],
  [
    '{"credentialsId": "abc", "credentials_value": "d"}',
    '{"credentialsId": "[secret]", "credentials_value": "[secret]"}',
  ],
  ['{"client_id": "abc", "userName": "d"}', '{"client_id": "[secret]", "userName": "[secret]"}'],
  ['{"stream": "rtsp://admin:abc@10.0.0.5/live"}', '{"stream": "[secret]"}'],
  ['{"hook": "https:\\/\\/a.example/?t=abc"}', '{"hook": "[secret]"}'],
])("%j is shown as %j", (json, shown) => {
  expect(masked(json)).toBe(shown);
});

test.each([
  '{"credentials_type": "ACCESS_TOKEN"}',
  '{"compass": 90, "spinner": "a", "author": "b"}',
  '{"token": null, "has_key": true}',
  '{"site": "https://a.example/path", "mail": "a@example.org"}',
  '{"text": "// no comment", "other": "/* neither */"}',
])("%j is shown as it is", (json) => {
  expect(masked(json)).toBe(json);
});

describe("a comment", () => {
  test.each([
    ['{"apiKey" : // mine: abc\n  "abc"}', '{"apiKey" : // …\n  "[secret]"}'],
    ['{} // "access_token": "abc"', "{} // …"],
    ['{/* abc */"a": 1}', '{/* … */"a": 1}'],
    ['{"a": "\\"", /* "abc"\r\n abc\n abc */\n"b": 1}', '{"a": "\\"", /* …\r\n …\n … */\n"b": 1}'],
  ])("may hold anything: %j is shown as %j", (json, shown) => {
    expect(masked(json)).toBe(shown);
  });

  test("of slashes, however long, is hidden at once", () => {
    const slashes = "/".repeat(200_000);
    expect(masked(`{"a": 1, ${slashes}\n"token": "abc"}`)).toBe('{"a": 1, // …\n"token": "[secret]"}');
  });
});

test("what is not JSON is not shown at all", () => {
  expect(masked('{"access_token": "abc')).toBe("[secret]");
  expect(masked("")).toBe("");
});

test("nothing below a key that names a secret is shown, whatever it is", () => {
  const canary = fc.constantFrom("CANARY", 7312964);
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, canary, fc.array(tie("any")), fc.dictionary(fc.string(), tie("any"))),
  })).any;
  fc.assert(
    fc.property(fc.string(), value, fc.constantFrom(0, 2), (before, secret, indent) => {
      const json = JSON.stringify({ [before]: ["-", ":"], list: [{ access_token: secret }] }, null, indent);
      expect(masked(json)).not.toMatch(/CANARY|7312964/);
      expect(JSON.parse(masked(json))).toHaveProperty("list");
    }),
  );
});

test("a secret that changes still shows as a change", () => {
  const mask = new Mask();
  const same = mask.marked('{"token":"one"}');
  expect(mask.marked('{"token":"one"}')).toBe(same);
  expect(mask.marked('{"token":"two"}')).not.toBe(same);
});
