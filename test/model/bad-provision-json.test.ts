import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProvisioningCredentials, provisioningCredentialsEntries } from "../../src/model/provisioning-credentials.ts";
import { accepted, inWords, problemsOf, provisionJson } from "./examples.ts";
import { tokenOf } from "./tokens.ts";

const check = (changes: object) => ProvisioningCredentials({ ...provisionJson, ...changes });

describe("what is wrong with provision.json is told", () => {
  test("all at once", () => {
    const input = {
      server_url: "http://tb.example/",
      server_port: "1883",
      provision_device_key: "",
      device_name_prefix: "Camera",
      timeout_seconds: -5,
      use_ssl: "yes",
      colour: "red",
    };
    expect(inWords(ProvisioningCredentials(input))).toEqual([
      "colour: found an unknown key, expected one of server_url, server_port, provision_device_key, " +
        "provision_device_secret, device_name_prefix, timeout_seconds, use_ssl, require_tls, ca_file, server_name, " +
        "pinned_public_keys, proxy, device_name, access_token, credentials_type, client_id and 7 more",
      "server_url: found a text of 18 characters that begins with http://, expected a host name, or a URL that starts with mqtt://, tcp://, " +
        "mqtts:// or ssl://; MQTT is spoken here, not HTTP",
      'server_port: found the text "1883", expected a port number, 1 to 65535',
      "provision_device_key: found an empty text, expected a text that is not empty",
      "provision_device_secret: found nothing, expected a text that is not empty",
      "device_name_prefix: found a text of 6 characters, expected small letters and hyphens",
      "timeout_seconds: found the number -5, expected a whole number of seconds, 1 or more",
      'use_ssl: found the text "yes", expected true or false',
    ]);
  });

  test("contradictions together with everything else", () => {
    const url = check({ server_url: "mqtts://tb.example:8883", use_ssl: false, access_token: "t", timeout_seconds: 0 });
    expect(inWords(url)).toEqual([
      "timeout_seconds: found the number 0, expected a whole number of seconds, 1 or more",
      "server_url: found the port 8883, expected the port of server_port, which is 1883, or none",
      "server_url: found a scheme that means TLS, expected one that agrees with use_ssl, which is false",
      "device_name: found nothing, expected the name of the device that access_token is for",
    ]);
  });

  test.each([
    ["server_ulr", "server_url"],
    ["serverPort", "server_port"],
    ["Timeout_Seconds", "timeout_seconds"],
    ["provision_key", "provision_device_key"],
    ["use-ssl", "use_ssl"],
  ])("with the nearest right key: %s is probably %s", (key, nearest) => {
    expect(problemsOf(check({ [key]: "x" }))).toContainEqual(expect.objectContaining({ path: [key], nearest }));
  });

  test("for a null under any key, the optional ones too", () => {
    const keys = [...Object.keys(provisionJson), "use_ssl", "ca_file", "device_name", "access_token"];
    const all = Object.fromEntries(keys.map((key) => [key, null]));
    const problems = problemsOf(ProvisioningCredentials(all));
    expect(problems.map(({ found }) => found)).toEqual(expect.arrayContaining(keys.map(() => "null")));
    expect(new Set(problems.map(({ path: [key] }) => key))).toEqual(new Set(keys));
  });

  test.each([
    ["a list", []],
    ["null", null],
    ["nothing", undefined],
    ['the text "{}"', "{}"],
    ["the number 5", 5],
  ])("when it is %s and no object", (found, input) => {
    expect(inWords(ProvisioningCredentials(input))).toEqual([`found ${found}, expected an object`]);
  });

  test("when a key is one that every object has", () => {
    const input: unknown = JSON.parse(
      `{"__proto__": {"server_port": 1}, "constructor": 1, ${JSON.stringify(provisionJson).slice(1)}`,
    );
    expect(problemsOf(ProvisioningCredentials(input)).map(({ path }) => path)).toEqual([
      ["__proto__"],
      ["constructor"],
    ]);
  });

  test("without anything that a terminal would obey", () => {
    const input = {
      ...provisionJson,
      server_url: "tb\u009b31m.example",
      "key\u001b[2J\n": 1,
      device_name: "a\u202Eb\u0007",
    };
    const words = inWords(ProvisioningCredentials(input)).join("");
    expect(words).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(words).toContain("key\\u{1b}[2J\\u{a}: found an unknown key");
  });

  test("briefly, however long it is", () => {
    const long = "x".repeat(100_000);
    const words = inWords(check({ server_url: `${long} `, [long]: 1, device_name: long }));
    for (const line of words) expect(line.length).toBeLessThan(400);
  });
});

describe("a secret is never quoted", () => {
  test("whatever is wrong with it", () => {
    const secret = "hunter2";
    const values = [secret.repeat(3000), [secret], { secret }, 72_473_422, `${secret}\u0000`, ` ${secret} `];
    for (const value of values) {
      const input = { provision_device_key: value, provision_device_secret: value, access_token: value };
      const told = inspect(problemsOf(ProvisioningCredentials(input)), { depth: 9 });
      expect(told).not.toMatch(/hunter|72473422|72_473/);
    }
  });

  test("under a misspelt key either", () => {
    expect(inWords(check({ provision_device_secrt: "hunter2", acess_token: "hunter2" })).join()).not.toContain(
      "hunter",
    );
  });

  test.each([
    "mqtts://cam:hunter2@tb.example",
    "cam:hunter2@tb.example",
    "http://hunter2@x@tb.example:8883/a",
    "hunter2@",
  ])("when it stands in the server's URL: %s", (server_url) => {
    const [problem] = problemsOf(check({ server_url }));
    expect(problem?.found).toMatch(/^a text of \d+ characters/);
    expect(problem?.found).not.toContain("hunter");
  });

  // As a key it is unknown, as a host, a path or a name it may be a right one: those are told by other means than these.
  const wrong = ["hunter2 hunter2", "hunter2/hunter2\t", " hunter2", "hunter2://hunter2", "Hunter2_HUNTER2=="];
  const keys = Object.keys(provisioningCredentialsEntries);
  test.each(keys.flatMap((key) => wrong.map((value) => [key, value] as const)))(
    "when it stands under a key that is none of a secret: %s %j",
    (key, value) => {
      const told = inspect(problemsOf(ProvisioningCredentials({ ...provisionJson, [key]: value })), { depth: 9 });
      expect(told).not.toMatch(/hunter/i);
    },
  );

  test("when the checked value is printed", () => {
    const value = accepted(check({ device_name: "cam", access_token: "hunter2" }));
    expect(`${inspect(value, { depth: 9 })}${JSON.stringify(value)}`).not.toMatch(/hunter|your-provision/);
    expect(value.inAdvance && tokenOf(value.inAdvance)).toBe("hunter2");
  });
});

test("any JSON at all is a value or has problems, and never throws", () => {
  fc.assert(fc.property(fc.jsonValue(), (input) => expectAnAnswer(input)));
  const entry = fc.record(Object.fromEntries(Object.keys(provisionJson).map((key) => [key, fc.jsonValue()])), {
    requiredKeys: [],
  });
  fc.assert(fc.property(entry, (input) => expectAnAnswer(input)));
});

function expectAnAnswer(input: unknown): void {
  const checked = ProvisioningCredentials(input);
  expect(checked.ok || checked.problems.length > 0).toBe(true);
}
