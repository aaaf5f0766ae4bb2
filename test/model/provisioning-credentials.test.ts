import { describe, expect, test } from "vitest";
import { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import { accepted, inWords, provisioningCredentials, provisionJson } from "./examples.ts";

const check = (changes: object) => ProvisioningCredentials({ ...provisionJson, ...changes });
const without = (...keys: readonly string[]) =>
  ProvisioningCredentials(Object.fromEntries(Object.entries(provisionJson).filter(([key]) => !keys.includes(key))));

test("specification, ProvisioningCredentials: the example of provision.json is accepted", () => {
  expect(accepted(ProvisioningCredentials(provisionJson))).toEqual(provisioningCredentials);
  expect(accepted(ProvisioningCredentials(provisionJson)).provisionDeviceKey.reveal()).toBe("your-provision-key");
  expect(accepted(ProvisioningCredentials(provisionJson)).provisionDeviceSecret.reveal()).toBe("your-provision-secret");
});

test("specification, ProvisioningCredentials: server_url must be valid URL format", () => {
  expect(accepted(check({ server_url: "mqtts://tb.example", server_port: 8883 })).host).toBe("tb.example");
  expect(inWords(check({ server_url: "not a host" }))).toEqual([
    "server_url: found a text of 10 characters, expected a host name without spaces",
  ]);
  expect(inWords(without("server_url"))).toEqual([
    "server_url: found nothing, expected a host name, an IP address or a URL",
  ]);
  expect(inWords(check({ server_url: "" }))).toEqual([
    "server_url: found an empty text, expected a host name, an IPv4 or an IPv6 address",
  ]);
});

test("specification, ProvisioningCredentials: server_port must be valid port number (1-65535)", () => {
  for (const server_port of [1, 1883, 8883, 65535])
    expect(accepted(check({ server_port })).serverPort).toBe(server_port);
  for (const server_port of [0, -1, 65536, 1883.5, Number.POSITIVE_INFINITY, Number.NaN, "1883", null, true, [1883]]) {
    expect(inWords(check({ server_port })).join(), String(server_port)).toMatch(
      /^server_port: found .+, expected a port number, 1 to 65535$/,
    );
  }
  expect(inWords(without("server_port"))).toEqual(["server_port: found nothing, expected a port number, 1 to 65535"]);
});

test("specification, ProvisioningCredentials: provision_device_key must be non-empty string", () => {
  expectFilledText("provision_device_key");
});

test("specification, ProvisioningCredentials: provision_device_secret must be non-empty string", () => {
  expectFilledText("provision_device_secret");
});

test("specification, ProvisioningCredentials: device_name_prefix must match pattern ^[a-z-]+$ if provided", () => {
  for (const device_name_prefix of ["a", "thermal-camera", "-", "a-b-c"]) {
    expect(accepted(check({ device_name_prefix })).naming).toEqual({ kind: "generated", prefix: device_name_prefix });
  }
  for (const device_name_prefix of ["", "Thermal", "thermal_camera", "cam1", "cam ", "käm", "cam\n", 5, null]) {
    expect(inWords(check({ device_name_prefix })).join(), String(device_name_prefix)).toMatch(
      /^device_name_prefix: found .+, expected small letters and hyphens$/,
    );
  }
});

test("specification, ProvisioningCredentials: device_name_prefix is thermal-camera by default", () => {
  expect(accepted(without("device_name_prefix")).deviceNamePrefix).toBe("thermal-camera");
});

test("specification, ProvisioningCredentials: timeout_seconds must be positive integer", () => {
  for (const timeout_seconds of [1, 30, 86_400]) {
    expect(accepted(check({ timeout_seconds })).timeout).toBe(timeout_seconds * 1000);
  }
  for (const timeout_seconds of [0, -1, -30, 1.5, Number.POSITIVE_INFINITY, 2 ** 53, "30", null, false]) {
    expect(inWords(check({ timeout_seconds })).join(), String(timeout_seconds)).toMatch(
      /^timeout_seconds: found .+, expected a whole number of seconds, 1 or more$/,
    );
  }
});

test("specification, ProvisioningCredentials: timeout_seconds is 30 by default", () => {
  expect(accepted(without("timeout_seconds")).timeout).toBe(30_000);
});

function expectFilledText(key: string): void {
  expect(inWords(check({ [key]: "" }))).toEqual([`${key}: found an empty text, expected a text that is not empty`]);
  expect(inWords(without(key))).toEqual([`${key}: found nothing, expected a text that is not empty`]);
  for (const value of [null, 5, true, [], {}, ["x"]]) {
    expect(inWords(check({ [key]: value })).join()).toMatch(
      new RegExp(`^${key}: found .+, expected a text that is not empty$`),
    );
  }
  expect(inWords(check({ [key]: "x".repeat(16_385) }))).toEqual([
    `${key}: found a text, expected at most 16384 characters`,
  ]);
  expect(check({ [key]: "two words" }).ok).toBe(true);
  for (const value of [" ", " x", "x\n", "x\u00a0", "\ufeffx", "x\u200by", "x\u202ey", "x\ty", "x\u0007y"]) {
    const [problem = "", ...others] = inWords(check({ [key]: value }));
    expect(problem).toMatch(
      new RegExp(
        `^${key}: found a text that (begins|ends) with .+|holds .+, expected a text without blanks at its ends, line ends and invisible characters$`,
      ),
    );
    expect(others).toEqual([]);
  }
}

describe("TLS is used", () => {
  test.each<[object, boolean, string]>([
    [{ server_port: 8883 }, true, "by default on every port but 1883"],
    [{ server_port: 1883 }, false, "not on port 1883 by default"],
    [{ server_port: 1883, use_ssl: true }, true, "on port 1883 when asked for"],
    [{ server_port: 8883, use_ssl: false }, false, "not when refused"],
    [{ server_url: "mqtts://h", server_port: 1883 }, true, "when the scheme says so"],
    [{ server_url: "ssl://h", server_port: 1883 }, true, "when the scheme is ssl"],
    [{ server_url: "mqtt://h", server_port: 8883 }, false, "not when the scheme is plain"],
    [{ server_url: "tcp://h", server_port: 8883 }, false, "not when the scheme is tcp"],
    [{ server_url: "mqtts://h:1234", server_port: 1234, use_ssl: true }, true, "when all agree"],
  ])("%j: %s, %s", (input, useSsl) => {
    expect(accepted(check(input)).useSsl).toBe(useSsl);
  });
});

describe("additions of ours", () => {
  test("device_name takes the place of the pattern", () => {
    expect(accepted(check({ device_name: "Kamera 7 (Tor)" })).naming).toEqual({
      kind: "fixed",
      name: "Kamera 7 (Tor)",
    });
    for (const device_name of ["", " a", "a ", "a\tb", "x".repeat(256), "\ud800", 7]) {
      expect(check({ device_name }).ok, JSON.stringify(device_name)).toBe(false);
    }
  });

  test("access_token needs device_name", () => {
    expect(inWords(check({ access_token: "token" }))).toEqual([
      "device_name: found nothing, expected the name of the device that access_token is for",
    ]);
    expect(check({ access_token: "token", device_name: "cam" }).ok).toBe(true);
    expect(inWords(check({ device_name: "a", access_token: "provision" }))).toEqual([
      'access_token: found a text, expected another text: with "provision" ThingsBoard begins a provisioning, so that no device can log in with it',
    ]);
    for (const access_token of ["", "a\nb", "x".repeat(2001), 5]) {
      expect(check({ access_token, device_name: "cam" }).ok, JSON.stringify(access_token)).toBe(false);
    }
  });

  test("ca_file is a path that is not empty, or a list of such", () => {
    expect(accepted(check({ ca_file: "ca.pem" })).caFile).toEqual(["ca.pem"]);
    expect(accepted(check({ ca_file: ["system", "x.pem"] })).caFile).toEqual(["system", "x.pem"]);
    for (const wrong of ["", [], [""], [5], 5, null]) expect(check({ ca_file: wrong }).ok).toBe(false);
  });

  test("server_name is a bare host name, which is no address", () => {
    expect(accepted(check({ server_name: "tb.example.com" })).serverName).toBe("tb.example.com");
    for (const wrong of ["", "192.0.2.7", "[::1]", "mqtts://tb.example.com", "tb.example.com:8883", 5, null]) {
      expect(check({ server_name: wrong }).ok).toBe(false);
    }
  });

  test("pinned_public_keys are hashes of keys in base64", () => {
    const key = `sha256/${"A".repeat(43)}=`;
    expect(accepted(check({ pinned_public_keys: [key, key] })).pinnedPublicKeys).toEqual([key, key]);
    for (const wrong of [[], key, ["sha256/AAAA"], [`sha1/${"A".repeat(43)}=`], [5], null]) {
      expect(check({ pinned_public_keys: wrong }).ok).toBe(false);
    }
  });

  test("require_tls is true or false", () => {
    expect(accepted(check({ require_tls: true })).requireTls).toBe(true);
    expect(check({ require_tls: "yes" }).ok).toBe(false);
  });

  test("that are left out are not there, not undefined", () => {
    const keys = Object.keys(accepted(ProvisioningCredentials(provisionJson)));
    expect(keys).not.toContain("accessToken");
    expect(keys).not.toContain("caFile");
  });
});

test("a checked value cannot be changed", () => {
  expect(Object.isFrozen(accepted(ProvisioningCredentials(provisionJson)))).toBe(true);
});
