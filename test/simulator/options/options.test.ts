import { expect, test } from "vitest";
import { Simulator, WrongOptions } from "../../../src/simulator/index.ts";

/** What a program without types may give. */
async function problemsOf(json: string): Promise<string[]> {
  try {
    await (await Simulator.start(JSON.parse(json))).close();
    return [];
  } catch (error) {
    if (!(error instanceof WrongOptions)) throw error;
    return error.message.split("\n").slice(1);
  }
}

test("all that is wrong with the options of a simulator is told in one error, with the nearest words", async () => {
  const options = {
    version: "newest",
    prot: 1883,
    scenario: [{ on: "reqest", do: "lose" }],
    profiles: [{ name: "a", provisionType: "ALLOW_CREATE_NEW_DEVICE", provisionDeviceSecret: 7 }],
    devices: [{ name: "", attributes: { shared: 5 } }],
    rateLimits: { messages: "10 a minute" },
    addressBlock: { maxWrongCredentials: 0 },
    latency: { requests: 5 },
    deviceLimit: -1,
  };
  expect(await problemsOf(JSON.stringify(options))).toEqual([
    "prot: found an unknown key (did you mean port?)",
    'version: found the text "newest", expected a version such as 4.3.1.3',
    "deviceLimit: found the number -1, expected a whole number, from 0",
    expect.stringMatching(/^profiles\.0\.provisionType: .*\(did you mean ALLOW_CREATE_NEW_DEVICES\?\)$/),
    "profiles.0.provisionDeviceSecret: found a number, expected a text",
    "devices.0.name: found an empty text, expected a text that is not empty",
    "devices.0.attributes.shared: found the number 5, expected an object",
    "latency.requests: found an unknown key (did you mean request?)",
    'rateLimits.messages: found the text "10 a minute", expected a limit such as "10:60,100:3600": so many in so many seconds',
    "addressBlock.maxWrongCredentials: found the number 0, expected a whole number from 1",
    expect.stringMatching(/^scenario\.0\.on: found the text "reqest", .*\(did you mean request\?\)$/),
  ]);
});

test("what each by itself is right, and together is not, is told as well", async () => {
  const profile = { name: "a", provisionType: "DISABLED", provisionDeviceKey: "k" };
  const devices = [{ name: "cam" }, { name: "cam" }, { name: "other", profile: "hal" }];
  expect(
    await problemsOf(JSON.stringify({ profiles: [profile, profile, { ...profile, name: "hall" }], devices })),
  ).toEqual([
    "profiles.1.name: found the same name a second time, expected each name once in a tenant",
    "profiles.1.provisionDeviceKey: found the key of another profile, expected each key once",
    "profiles.2.provisionDeviceKey: found the key of another profile, expected each key once",
    "devices.1.name: found the same name a second time, expected each name once in a tenant",
    'devices.2.profile: found the text "hal", expected the name of a profile of its tenant: a, hall (did you mean hall?)',
  ]);
});

test("a scenario file in the place of its behaviours, and a damaged state, are told, not run into", async () => {
  expect(await problemsOf('{"scenario":{"description":"x","behaviours":[]},"state":{}}')).toEqual([
    "scenario: found an object, expected a list",
    expect.stringMatching(/^state\.format: /),
    expect.stringMatching(/^state\.devices: found nothing, expected a list$/),
  ]);
});

test("behaviours that are added later are checked, too, and none of them is taken when one is wrong", async () => {
  await using simulator = await Simulator.start();
  const added = JSON.parse('[{"on":"request","do":"lose"},{"do":"nix"}]');
  expect(() => simulator.addBehaviours(added)).toThrow(/^This is wrong .*\nbehaviours\.1\.do: found the text "nix"/);
  simulator.assertScenarioFinished();
});

test("devices that are registered beforehand are there, in the profile and tenant that was said", async () => {
  await using simulator = await Simulator.start({
    profiles: [
      { name: "a", provisionType: "DISABLED" },
      { name: "b", tenant: "other", provisionType: "DISABLED" },
    ],
    devices: [{ name: "one" }, { name: "two", tenant: "other", attributes: { shared: { limit: 5 } } }],
  });
  expect(simulator.devices).toMatchObject([
    { name: "one", tenant: "tenant", profile: "a" },
    { name: "two", tenant: "other", profile: "b", attributes: { shared: { limit: 5 } } },
  ]);
});

test("every change of what the state gives is told: devices, credentials, attributes, telemetry", async () => {
  await using simulator = await Simulator.start();
  let told = 0;
  const stop = simulator.onStateChange(() => told++);
  const seen = (act: () => unknown) => {
    const before = told;
    act();
    return told > before;
  };
  expect(seen(() => simulator.addDevice({ name: "cam" }))).toBe(true);
  expect(seen(() => simulator.setCredentials("cam", "token"))).toBe(true);
  expect(seen(() => simulator.setAttributes("cam", { a: 1 }))).toBe(true);
  expect(seen(() => simulator.deleteAttributes("cam", ["a"]))).toBe(true);
  expect(seen(() => simulator.deleteAttributes("cam", ["a"]))).toBe(false);
  expect(seen(() => simulator.removeDevice("cam"))).toBe(true);
  stop();
  expect(seen(() => simulator.addDevice({ name: "cam" }))).toBe(false);
});

test("a listener that ends takes no other with it, be it the same function", async () => {
  await using simulator = await Simulator.start();
  const told: string[] = [];
  const same = () => void told.push("same");
  const stops = [same, same, () => void told.push("another")].map((listener) => simulator.onStateChange(listener));
  stops[0]?.();
  simulator.addDevice({ name: "cam" });
  expect(told.toSorted()).toEqual(["another", "same"]);
  stops[0]?.();
  stops[1]?.();
  told.length = 0;
  simulator.removeDevice("cam");
  expect(new Set(told)).toEqual(new Set(["another"]));
});
