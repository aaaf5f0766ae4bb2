import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject } from "../../src/base/json-object.ts";
import { changedConfig } from "../../src/files/thermal-config-file.ts";
import { writeCredentials } from "../../src/model/credentials.ts";
import type { ConfigChange } from "../../src/model/thermal-config.ts";
import { basic, token } from "../model/tokens.ts";
import { anyObject, anyValue, meaningOf, type Parts, textOf, trivia } from "./any-config.ts";
import { change } from "./sample.ts";

function changed(text: string, by: ConfigChange): string {
  return new TextDecoder().decode(changedConfig({ bytes: new TextEncoder().encode(text) }, by));
}

describe("a change to credentials of another kind", () => {
  const kinds = { ACCESS_TOKEN: ["access_token"], MQTT_BASIC: ["client_id", "user_name", "password"] } as const;
  const login = fc.constantFrom(
    token("t"),
    basic({ clientId: "c", userName: "u", password: "p" }),
    basic({ userName: "u", password: "p" }),
    basic({ clientId: "c" }),
  );
  const former = fc.constantFrom("ACCESS_TOKEN", "MQTT_BASIC");
  const loginKeys = [...kinds.ACCESS_TOKEN, ...kinds.MQTT_BASIC];
  const anyDevice = fc
    .tuple(former, trivia, trivia)
    .chain(([type, before, behind]) =>
      anyObject(["device_id", "credentials_type", ...loginKeys], (key) =>
        key === "credentials_type"
          ? fc.constant<Parts>([JSON.stringify(type)])
          : anyValue.map((written): Parts => [{ section: "device", key, written }]),
      ).map((device): Parts => [`{"device":${before}`, ...device, `${behind}}`]),
    );

  it("leaves no key of the former kind and every comment and entry of others, and the same bytes the second time", () => {
    fc.assert(
      fc.property(anyDevice, login, (parts, credentials) => {
        const before = textOf(parts);
        const by = { ...change, credentials };
        const after = changed(before, by);
        const device = sectionOf(meaningOf(after));
        // Where none is named, a token was meant.
        const type = sectionOf(meaningOf(before))["credentials_type"] ?? "ACCESS_TOKEN";
        const written = Object.fromEntries(loginKeys.map((key) => [key, device[key]]));
        const texts = { access_token: undefined, client_id: undefined, user_name: undefined, password: undefined };
        const theirs = loginKeys.filter((key) => !isKeyOf(key, type) && !isKeyOf(key, credentials.type));
        expect(written).toEqual({
          ...texts,
          ...Object.fromEntries(theirs.map((key) => [key, sectionOf(meaningOf(before))[key]])),
          ...writeCredentials(credentials),
        });
        expect(device["credentials_type"]).toBe(credentials.type);
        expect(changed(after, by)).toBe(after);
        // A key of that name farther down is another's, and here in the way.
        fc.pre(!before.includes("theirs"));
        // What was noted between a key and its value goes with them.
        const gone = loginKeys.filter((key) => !(key in device)).map((key) => commentsIn(memberIn(before, key)));
        const stayed = gone.reduce((left, count) => left - count, commentsIn(before));
        expect(commentsIn(after)).toBe(stayed);
      }),
      { numRuns: 1000 },
    );
  });

  function memberIn(text: string, key: string): string {
    const between = String.raw`(?:\s|/\* , \} \*/|// \{ "device"\n)*`;
    return new RegExp(`"${key}"${between}:${between}`).exec(text)?.[0] ?? "";
  }

  function commentsIn(text: string): number {
    return text.match(/\/\* , \} \*\/|\/\/ \{ "device"/g)?.length ?? 0;
  }

  function isKeyOf(key: string, type: unknown): boolean {
    return (type === "ACCESS_TOKEN" || type === "MQTT_BASIC") && kinds[type].some((each) => each === key);
  }

  function sectionOf(config: unknown): Readonly<Record<string, unknown>> {
    const device: unknown = isObject(config) ? config["device"] : undefined;
    return isObject(device) ? device : {};
  }

  it.each([
    [
      '{\n  "device": {\n    "a": 1,\n    "access_token": "old", // mine\n    "credentials_type": "ACCESS_TOKEN"\n  }\n}\n',
      '"a": 1,\n    // mine\n    "credentials_type": "MQTT_BASIC",',
    ],
    [
      '{"device": {"credentials_type": "ACCESS_TOKEN", "access_token": "old"}}',
      '"credentials_type": "MQTT_BASIC", "device_id"',
    ],
  ])("takes the line, or the place, of a key with it: %s", (before, expected) => {
    expect(changed(before, { ...change, credentials: basic({ userName: "u" }) })).toContain(expected);
  });
});
