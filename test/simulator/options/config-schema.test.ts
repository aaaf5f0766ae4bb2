import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problemInWords } from "../../../src/model/problem.ts";
import { accessToken, mqttBasic, Simulator, x509Certificate } from "../../../src/simulator/index.ts";
import { parseConfig } from "../../../src/simulator/options/config-schema.ts";

function problems(input: unknown): string[] {
  const checked = parseConfig(input);
  return checked.ok ? [] : checked.problems.map(problemInWords);
}

const hall = { name: "hall", tenant: "north", provisionType: "DISABLED" };

test("profiles, tenants, devices with credentials of every kind, and limits make the simulator that was meant", async () => {
  const checked = parseConfig({
    version: "4.0.2",
    deviceLimit: 5,
    rateLimits: { messages: "10:60" },
    profiles: [hall, { name: "roof", provisionType: "ALLOW_CREATE_NEW_DEVICES", provisionDeviceKey: "k" }],
    devices: [
      { name: "one", credentials: { credentialsType: "ACCESS_TOKEN", token: "tok" }, attributes: { shared: { a: 1 } } },
      { name: "two", credentials: { credentialsType: "MQTT_BASIC", userName: "u", password: "p" } },
      { name: "three", tenant: "tenant", credentials: { credentialsType: "X509_CERTIFICATE", certificate: "QUJD" } },
    ],
  });
  if (!checked.ok) throw new Error(problems(checked).join());
  await using simulator = await Simulator.start(checked.value);
  expect(simulator.devices).toMatchObject([
    {
      name: "one",
      tenant: "north",
      profile: "hall",
      credentials: accessToken("tok"),
      attributes: { shared: { a: 1 } },
    },
    { name: "two", tenant: "north", credentials: mqttBasic({ userName: "u", password: "p" }) },
    { name: "three", tenant: "tenant", profile: "roof", credentials: x509Certificate("QUJD") },
  ]);
});

test("the sample in docs/simulator.md is right", async () => {
  const page = readFileSync("docs/simulator.md", "utf8");
  const sample = /<!-- config -->\n```json\n(.*?)```/s.exec(page)?.[1] ?? "";
  const checked = parseConfig(JSON.parse(sample));
  if (!checked.ok) throw new Error(problems(JSON.parse(sample)).join());
  await using simulator = await Simulator.start(checked.value);
  expect(simulator.devices.map(({ profile }) => profile)).toEqual(["hall", "roof", "hall"]);
});

test("all mistakes of a configuration are told at once, without its secrets", () => {
  const told = problems({
    versoin: "4.0.2",
    profiles: [{ ...hall, transprotType: "MQTT", certificateRegExPattern: "(", provisionDeviceSecret: 12345 }],
    devices: [
      { name: "one", credentials: { credentialsType: "ACCES_TOKEN", token: "tok" } },
      { name: "two", credentials: { credentialsType: "ACCESS_TOKEN", tokn: "sesame" } },
      { name: "three", credentials: { credentialsType: "MQTT_BASIC", pasword: "sesame" } },
      { credentials: {} },
    ],
    addressBlock: { blockFor: "1 min" },
  });
  expect(told).toEqual([
    "versoin: found an unknown key (did you mean version?)",
    "profiles.0.transprotType: found an unknown key (did you mean transportType?)",
    "profiles.0.provisionDeviceSecret: found a number, expected a text",
    'profiles.0.certificateRegExPattern: found the text "(", expected a regular expression',
    expect.stringMatching(/^devices\.0\.credentials\.credentialsType: .* \(did you mean ACCESS_TOKEN\?\)$/),
    "devices.1.credentials.tokn: found an unknown key (did you mean token?)",
    "devices.2.credentials.pasword: found an unknown key (did you mean password?)",
    "devices.3.name: found nothing, expected a text",
    expect.stringMatching(/^devices\.3\.credentials\.credentialsType: found nothing, expected one of "ACCESS_TOKEN"/),
    'addressBlock.blockFor: found the text "1 min", expected milliseconds, from 0',
  ]);
  expect(problems({ profiles: [] })).toEqual(["profiles: found an empty list, expected at least one profile"]);
  expect(problems([])).toEqual(["found a list, expected an object"]);
});
