import { expect, test } from "vitest";
import { systemRandomness } from "../../src/base/randomness.ts";
import { fingerprintOf, generateCredentials, sameCredentials, textsOf } from "../../src/model/credentials.ts";
import { basic, token } from "./tokens.ts";

test("credentials are the same when their tokens are", () => {
  expect(sameCredentials(token("a"), token("a"))).toBe(true);
  expect(sameCredentials(token("a"), token("b"))).toBe(false);
});

test("credentials of MQTT_BASIC are the same when all their parts are", () => {
  const parts = { clientId: "c", userName: "u", password: "p" };
  expect(sameCredentials(basic(parts), basic(parts))).toBe(true);
  for (const other of [basic({ ...parts, clientId: "d" }), basic({ clientId: "c", userName: "u" }), token("u")]) {
    expect(sameCredentials(basic(parts), other)).toBe(false);
    expect(fingerprintOf(basic(parts))).not.toBe(fingerprintOf(other));
  }
});

test("a login of our own is a client id that every server takes, a user name of ours, and a password", () => {
  const made = textsOf(generateCredentials("MQTT_BASIC", systemRandomness));
  expect(made).toEqual({
    clientId: expect.stringMatching(/^[A-Za-z0-9]{23}$/),
    userName: expect.stringMatching(/^tp-[A-Za-z0-9]{21}$/),
    password: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
  });
  expect(textsOf(generateCredentials("MQTT_BASIC", systemRandomness))).not.toEqual(made);
});
