import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isIpAddress, isPort, parseServerUrl } from "../../src/model/server-address.ts";

describe("a server_url that is accepted", () => {
  test.each([
    ["eu.thingsboard.cloud", { host: "eu.thingsboard.cloud" }],
    ["EU.ThingsBoard.Cloud", { host: "eu.thingsboard.cloud" }],
    ["eu.thingsboard.cloud.", { host: "eu.thingsboard.cloud" }],
    ["localhost", { host: "localhost" }],
    ["tb_server-1", { host: "tb_server-1" }],
    ["3com.example", { host: "3com.example" }],
    ["tb.example:8883", { host: "tb.example", port: 8883 }],
    ["tb.example:65535", { host: "tb.example", port: 65535 }],
    ["192.168.1.5", { host: "192.168.1.5" }],
    ["192.168.1.5:1883", { host: "192.168.1.5", port: 1883 }],
    ["fe80::1", { host: "fe80::1" }],
    ["FE80::ABCD", { host: "fe80::abcd" }],
    ["fe80::1%eth0", { host: "fe80::1%eth0" }],
    ["FE80::1%Wlan0.2", { host: "fe80::1%Wlan0.2" }],
    ["mqtt://[fe80::1%25eth0]:1883", { host: "fe80::1%eth0", port: 1883, useSsl: false }],
    ["0:0:0:0:0:0:0:1", { host: "::1" }],
    ["[0::0001]", { host: "::1" }],
    ["2001:DB8:0:0:1:0:0:7", { host: "2001:db8::1:0:0:7" }],
    ["64:ff9b::10.0.0.1", { host: "64:ff9b::a00:1" }],
    ["::ffff:10.0.0.1", { host: "10.0.0.1" }],
    ["::FFFF:a00:1", { host: "10.0.0.1" }],
    ["[0:0:0:0:0:ffff:10.0.0.1]:1883", { host: "10.0.0.1", port: 1883 }],
    ["[::1]", { host: "::1" }],
    ["[2001:db8::7]:8883", { host: "2001:db8::7", port: 8883 }],
    ["mqtt://tb.example", { host: "tb.example", useSsl: false }],
    ["tcp://tb.example/", { host: "tb.example", useSsl: false }],
    ["mqtts://tb.example:8883", { host: "tb.example", port: 8883, useSsl: true }],
    ["SSL://[::1]:8883", { host: "::1", port: 8883, useSsl: true }],
    ["bücher.example", { host: "xn--bcher-kva.example" }],
    ["例え.テスト", { host: "xn--r8jz45g.xn--zckzah" }],
    [`${"a".repeat(63)}.example`, { host: `${"a".repeat(63)}.example` }],
  ])("%s", (text, address) => {
    expect(parseServerUrl(text)).toEqual(address);
  });
});

const host = "a host name, an IPv4 or an IPv6 address";
const path = "a server without a path";
const scheme = "a host name, or a URL that starts with mqtt://, tcp://, mqtts:// or ssl://";
const port = "a port from 1 to 65535 behind the host";

describe("a server_url that is refused", () => {
  test.each([
    ["", host],
    [".", host],
    ["..", host],
    ["tb..example", host],
    ["-tb.example", host],
    ["tb-.example", host],
    ["tb*.example", host],
    ["tb%2eexample", host],
    [`${"a".repeat(64)}.example`, host],
    [`${"a.".repeat(127)}example`, host],
    ["192.168.1", host],
    ["192.168.1.256", host],
    ["192.168.01.5", host],
    ["127.1", host],
    ["2130706433", host],
    ["0x7f000001", host],
    ["tb.0x1", host],
    ["１２７.0.0.1", host],
    ["fe80::1%", host],
    ["fe80::1%a/b", "a server without a path"],
    ["::1%eth0", host],
    ["tb.example%eth0", host],
    ["[tb.example]", host],
    ["[::1", host],
    ["::1]", host],
    ["1::2::3", host],
    ["tb.example:", host],
    ["tb.example:port", host],
    ["tb.example:-1", host],
    ["tb.example:99999999999", host],
    ["tb.example:1:2", host],
    ["tb.example:0", port],
    ["tb.example:65536", port],
    ["tb example", "a host name without spaces"],
    [" tb.example", "a host name without spaces"],
    ["tb.example\n", "a host name without spaces"],
    ["tb.example\u00a0", "a host name without spaces"],
    ["mqtt:// tb.example", "a host name without spaces"],
    ["tb.example/path", path],
    ["mqtt://tb.example/path", path],
    ["mqtt://tb.example//", path],
    ["mqtt://tb.example?q=1", path],
    ["tb.example#part", path],
    ["tb.example\\path", path],
    ["user@tb.example", "a server without user name; key and secret have keys of their own"],
    ["mqtts://user:pass@tb.example", "a server without user name; key and secret have keys of their own"],
    ["http://tb.example", `${scheme}; MQTT is spoken here, not HTTP`],
    ["https://tb.example:8080", `${scheme}; MQTT is spoken here, not HTTP`],
    ["WSS://tb.example", `${scheme}; MQTT is spoken here, not HTTP`],
    ["coap://tb.example", scheme],
    ["constructor://tb.example", scheme],
    ["mqtt:/tb.example", path],
    ["mqtt://", host],
    ["://tb.example", path],
  ])("%j: %s is expected", (text, expected) => {
    expect(parseServerUrl(text)).toEqual({ expected });
  });
});

describe("whatever the text", () => {
  const pieces = fc.constantFrom(
    "mqtt://",
    "ssl:",
    "tb",
    ".",
    ":",
    "[",
    "]",
    "::1",
    "1",
    "255",
    "-",
    "/",
    "@",
    "é",
    " ",
    "0x",
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.array(pieces).map((all) => all.join("")),
    fc.webUrl(),
    fc.ipV6(),
    fc.domain(),
  );

  test("there is an address or an expectation, and no exception", () => {
    fc.assert(
      fc.property(text, (input) => {
        const address = parseServerUrl(input);
        if ("expected" in address) expect(address.expected).not.toBe("");
        else expect(address.host).toMatch(/^[a-z0-9._:-]{1,253}$/);
      }),
      { numRuns: 2000 },
    );
  });

  test("an accepted host is stable: what is written to the configuration reads back as the same", () => {
    fc.assert(
      fc.property(text, (input) => {
        const address = parseServerUrl(input);
        if ("host" in address) expect(parseServerUrl(address.host)).toEqual({ host: address.host });
      }),
      { numRuns: 2000 },
    );
  });

  test("domains and IPv4 addresses are accepted as they are", () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.ipV4()), fc.integer({ min: 1, max: 65535 }), (name, number) => {
        expect(parseServerUrl(name)).toEqual({ host: name.toLowerCase() });
        const url = `mqtts://${name}:${number}`;
        expect(parseServerUrl(url)).toEqual({ host: name.toLowerCase(), port: number, useSsl: true });
      }),
    );
  });

  test("every spelling of an IPv6 address is the same host, and that is the same address", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const spellings = [
          groups.map((group) => group.toString(16)).join(":"),
          groups.map((group) => group.toString(16).toUpperCase().padStart(4, "0")).join(":"),
          `[${groups.map((group) => group.toString(16)).join(":")}]`,
        ];
        const [one, ...others] = spellings.map((spelling) => parseServerUrl(spelling));
        if (one === undefined || "expected" in one) throw new Error("not accepted");
        for (const other of others) expect(other).toEqual(one);
        expect(parseServerUrl(`mqtts://[${one.host}]:1`)).toEqual({ host: one.host, port: 1, useSsl: true });
        const addresses = new BlockList();
        addresses.addAddress(spellings[0] ?? "", "ipv6");
        expect(addresses.check(one.host, "ipv6")).toBe(true);
      }),
    );
  });

  test("an IPv6 address as a library writes it is accepted", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(parseServerUrl(address)).toEqual(parseServerUrl(`[${address.toUpperCase()}]`));
        expect(parseServerUrl(address)).toHaveProperty("host");
      }),
    );
  });
});

test("an address is told from a name", () => {
  for (const address of ["127.0.0.1", "::1", "2001:db8::1", "::ffff:1.2.3.4"]) expect(isIpAddress(address)).toBe(true);
  for (const name of ["localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "a::g", ""])
    expect(isIpAddress(name)).toBe(false);
});

test("a port is a whole number from 1 to 65535", () => {
  for (const number of [1, 1883, 65535]) expect(isPort(number)).toBe(true);
  for (const number of [0, -1, 65536, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) expect(isPort(number)).toBe(false);
});
