import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { changedConfig, readThermalConfig } from "../../src/files/thermal-config-file.ts";
import type { ConfigChange } from "../../src/model/thermal-config.ts";
import { token, tokenOf } from "../model/tokens.ts";
import { anyObject, anyValue, meaningOf, type Parts, textOf, trivia } from "./any-config.ts";
import { cameraFolder } from "./camera-folder.ts";

const change: ConfigChange = {
  deviceId: "550e8400-e29b-41d4-a716-446655440000",
  deviceName: "thermal-camera-ABC123",
  credentials: token("the-token"),
  host: "eu.thingsboard.cloud",
  serverPort: 8883,
  useSsl: true,
  provisionedAt: new Date("2025-10-23T14:30:00.789Z"),
  provisionedWith: "0123456789abcdef",
  attemptId: "6f1c2f3e-0000-4000-8000-000000000001",
};

const encode = (text: string) => new TextEncoder().encode(text);
const changed = (text: string | undefined, by: ConfigChange = change) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    changedConfig({ bytes: text === undefined ? undefined : encode(text) }, by),
  );

const provisioned = `{
  "device": {
    "device_id": "550e8400-e29b-41d4-a716-446655440000",
    "device_name": "thermal-camera-ABC123",
    "access_token": "the-token",
    "credentials_type": "ACCESS_TOKEN"
  },
  "server": {
    "url": "eu.thingsboard.cloud",
    "port": 8883,
    "use_ssl": true
  },
  "provisioning": {
    "provisioned_at": "2025-10-23T14:30:00Z",
    "provisioned_from": "provision.json",
    "provisioned_with": "0123456789abcdef",
    "attempt_id": "6f1c2f3e-0000-4000-8000-000000000001"
  }
}
`;

describe("the change of thermal_config.json", () => {
  it("makes the whole file where there is none", () => {
    expect(changed(undefined)).toBe(provisioned);
  });

  it("makes the same of an empty object", () => {
    expect(changed("{}\n")).toBe(provisioned);
    expect(changed("{\n}\n")).toBe(provisioned);
    expect(changed("{}")).toBe(provisioned.trimEnd());
  });

  it("puts the sections behind the last entry and its comments, with the file's own indentation", () => {
    const before = '{\n\t// spots of the customer\n\t"measurement_spots": [ 1,2 ] // two of them\n\t/* the end */\n}';
    expect(changed(before)).toBe(
      [
        "{",
        "\t// spots of the customer",
        '\t"measurement_spots": [ 1,2 ], // two of them',
        "\t/* the end */",
        '\t"device": {',
        '\t\t"device_id": "550e8400-e29b-41d4-a716-446655440000",',
        '\t\t"device_name": "thermal-camera-ABC123",',
        '\t\t"access_token": "the-token",',
        '\t\t"credentials_type": "ACCESS_TOKEN"',
        "\t},",
        '\t"server": {',
        '\t\t"url": "eu.thingsboard.cloud",',
        '\t\t"port": 8883,',
        '\t\t"use_ssl": true',
        "\t},",
        '\t"provisioning": {',
        '\t\t"provisioned_at": "2025-10-23T14:30:00Z",',
        '\t\t"provisioned_from": "provision.json",',
        '\t\t"provisioned_with": "0123456789abcdef",',
        '\t\t"attempt_id": "6f1c2f3e-0000-4000-8000-000000000001"',
        "\t}",
        "}",
      ].join("\n"),
    );
  });

  it("keeps the keys of others inside our sections, their order and their comments", () => {
    const before = provisioned
      .replace('"device_id": "550e8400-e29b-41d4-a716-446655440000",', '"serial": 7, // of the maker')
      .replace('"port": 8883,', '"port": 1883, /* was plain */')
      .replace('"the-token"', '"an-older-token"');
    expect(changed(before)).toBe(
      before
        .replace("1883", "8883")
        .replace('"an-older-token"', '"the-token"')
        .replace(
          '"credentials_type": "ACCESS_TOKEN"',
          '"credentials_type": "ACCESS_TOKEN",\n    "device_id": "550e8400-e29b-41d4-a716-446655440000"',
        ),
    );
  });

  it("keeps a file of one line on one line, with its spacing", () => {
    expect(changed('{"a":1,"server":{"url":"eu.thingsboard.cloud","x":2},"device":{}}')).toBe(
      '{"a":1,"server":{"url":"eu.thingsboard.cloud","x":2,"port":8883,"use_ssl":true},' +
        '"device":{"device_id":"550e8400-e29b-41d4-a716-446655440000","device_name":"thermal-camera-ABC123",' +
        '"access_token":"the-token","credentials_type":"ACCESS_TOKEN"},' +
        '"provisioning":{"provisioned_at":"2025-10-23T14:30:00Z","provisioned_from":"provision.json",' +
        '"provisioned_with":"0123456789abcdef","attempt_id":"6f1c2f3e-0000-4000-8000-000000000001"}}',
    );
    expect(changed('{ "a": 1 }')).toMatch(/^\{ "a": 1, "device": \{"device_id": "550e8400.*", .* \}$/);
  });

  it("keeps an empty section on the only line of a file that ends with a line end", () => {
    expect(changed('{ "server": {} }\n')).toMatch(/^\{ "server": \{"url": .*\}, "device": \{.*\} \}\n$/);
  });

  it("does not take the lines of a value for lines of the object around it", () => {
    const before = '{ "longer": "than the next", "a": [\n1\n], "b": 2 }';
    expect(changed(before)).toMatch(
      /^\{ "longer": "than the next", "a": \[\n1\n\], "b": 2, "device": \{.*\}, "provisioning": \{.*\} \}$/,
    );
  });

  it("puts what is new one level deeper than an object whose members do not begin their lines", () => {
    expect(changed('{ "a": 1\n}\n')).toBe(provisioned.replace("{", '{ "a": 1,'));
    const section = provisioned.replace(/"server": \{[^}]*\}/, '"server": { "x": 7\n  }');
    expect(changed(section)).toBe(provisioned.replace('"server": {', '"server": { "x": 7,'));
  });

  it("leaves a closing brace where it stands, beside the last member or its comma", () => {
    const members = provisioned.replace("{", '{\n  "a": 1,').replace(/\n\}\n$/, "");
    expect(changed('{\n  "a": 1 }')).toBe(`${members} }`);
    expect(changed('{\n  "a": 1,}')).toBe(`${members}}`);
  });

  it("indents what is new by the line on which its section begins, not by the next", () => {
    for (const lineEnd of ["\n", "\r"]) {
      const before = provisioned.replace(/"server": \{[^}]*\}/, '"server": {\n}').replaceAll("\n", lineEnd);
      expect(changed(before)).toBe(provisioned.replace("true\n  }", "true\n}").replaceAll("\n", lineEnd));
    }
  });

  it("keeps CRLF and a byte order mark", () => {
    const before = '\u{feff}{\r\n  "a": 1\r\n}\r\n';
    const after = changed(before);
    expect(after).toBe(`\u{feff}${provisioned.replace("{", '{\n  "a": 1,').replaceAll("\n", "\r\n")}`);
  });

  it("takes a trailing comma as the comma that it needs", () => {
    expect(changed('{\n  "a": 1,\n}\n')).toBe(provisioned.replace("{", '{\n  "a": 1,'));
    expect(changed('{\n  "a": 1, // last\n}\n')).toBe(provisioned.replace("{", '{\n  "a": 1, // last'));
  });

  it("opens an empty section of a file of many lines", () => {
    expect(changed(provisioned.replace(/"server": \{[^}]*\}/, '"server": {}'))).toBe(provisioned);
    expect(changed(provisioned.replace(/"server": \{[^}]*\}/, '"server": { /* later */ }'))).toBe(
      provisioned.replace('"server": {', '"server": { /* later */').replace("true\n  }", "true\n   }"),
    );
  });

  it("touches nothing that means already what it should", () => {
    const written = provisioned
      .replace('"the-token"', '"\\u0074he-token"')
      .replace("8883", "8.883e3")
      .replace("2025-10-23T14:30:00Z", "2025-10-23T16:30:00.123+02:00");
    expect(changed(written)).toBe(written);
    expect(changed(provisioned)).toBe(provisioned);
  });

  it("compares moments only where a moment stands, and to the second", () => {
    const older = provisioned.replace("2025-10-23T14:30:00Z", "2025-10-23T14:29:59Z");
    expect(changed(older)).toBe(provisioned);
    const renamed = { ...change, deviceName: "2025-10-23T14:30:00Z" };
    expect(changed(provisioned.replace("thermal-camera-ABC123", "2025-10-23T14:30:00.5Z"), renamed)).toBe(
      provisioned.replace("thermal-camera-ABC123", "2025-10-23T14:30:00Z"),
    );
  });

  it("leaves the name of a device alone that is not known for sure", () => {
    const { deviceName: _, ...unnamed } = change;
    expect(changed(provisioned, unnamed)).toBe(provisioned);
    const without = provisioned.replace('    "device_name": "thermal-camera-ABC123",\n', "");
    expect(changed(undefined, unnamed)).toBe(without);
    expect(changed("{}\n", unnamed)).toBe(without);
  });

  it("writes null for a device id that nobody told, and a value of another kind as it should be", () => {
    const before = provisioned.replace("8883", '"8883"').replace("true", "[1, {}]");
    expect(changed(before, { ...change, deviceId: null })).toBe(
      provisioned.replace('"550e8400-e29b-41d4-a716-446655440000"', "null"),
    );
  });

  it("escapes what JSON needs escaped", () => {
    const odd = { ...change, deviceName: 'a "b" \\ c', credentials: token("x\u2028y") };
    const after: unknown = JSON.parse(changed('{"a":1}', odd));
    expect(after).toMatchObject({ device: { device_name: 'a "b" \\ c', access_token: "x\u2028y" } });
  });

  it("is refused for a file that cannot be changed safely", () => {
    for (const text of [
      "",
      "[]",
      '{"device": 1}',
      '{"device": {}, "device": {}}',
      '{"server": {"url": "a", "url": "b"}}',
    ]) {
      expect(() => changed(text)).toThrow(
        expect.objectContaining({
          errorCode: "CONFIG_FILE_INVALID",
          message: expect.stringContaining("thermal_config.json cannot be used:"),
          problems: [expect.objectContaining({ file: "thermal_config.json" })],
        }),
      );
    }
  });

  it("is refused when any key of ours stands there twice, and not for keys of others", () => {
    for (const [section, keys] of Object.entries(ourKeys)) {
      for (const key of keys) {
        expect(() => changed(`{"${section}": {"${key}": null, "${key}": null}}`)).toThrow(
          expect.objectContaining({ problems: [expect.objectContaining({ path: [section, key] })] }),
        );
      }
      expect(() => changed(`{"${section}": {"theirs": 1, "theirs": 2}}`)).not.toThrow();
    }
  });

  it("is refused without a word of what stands in the place of a section", () => {
    expect(() =>
      readThermalConfig(nodeFileSystem, cameraFolder({ "thermal_config.json": '{"device": "hush"}' })),
    ).toThrow(
      expect.objectContaining({
        errorCode: "CONFIG_FILE_INVALID",
        problems: [expect.objectContaining({ path: ["device"], found: "a text", expected: "an object" })],
      }),
    );
  });
});

describe("the credentials in thermal_config.json", () => {
  const configured = (text: string) =>
    readThermalConfig(nodeFileSystem, cameraFolder({ "thermal_config.json": text })).configured;

  it("come back as they were written", () => {
    expect(configured(provisioned)).toEqual({
      host: "eu.thingsboard.cloud",
      serverPort: 8883,
      useSsl: true,
      credentials: token("the-token"),
      deviceName: "thermal-camera-ABC123",
      deviceId: "550e8400-e29b-41d4-a716-446655440000",
      provisionedAt: new Date("2025-10-23T14:30:00Z"),
      provisionedWith: "0123456789abcdef",
      attemptId: "6f1c2f3e-0000-4000-8000-000000000001",
      body: null,
    });
    expect(tokenOf(configured(provisioned)?.credentials ?? token(""))).toBe("the-token");
  });

  it("need a token and a server, and nothing else", () => {
    expect(configured('{"device": {"access_token": "t"}, "server": {"url": "mqtt://TB.Example:1883"}}')).toEqual({
      host: "tb.example",
      serverPort: null,
      useSsl: null,
      credentials: token("t"),
      deviceName: "",
      deviceId: null,
      provisionedAt: null,
      provisionedWith: null,
      attemptId: null,
      body: null,
    });
    for (const text of [
      "{}",
      '{"device": {"access_token": "t"}}',
      '{"device": {"access_token": ""}, "server": {"url": "tb.example"}}',
      '{"device": {"access_token": 7}, "server": {"url": "tb.example"}}',
      '{"device": {"access_token": "t"}, "server": {"url": "not a host"}}',
      '{"device": {"access_token": "t"}, "server": {"url": 7}}',
    ]) {
      expect(configured(text)).toBeUndefined();
    }
  });

  it("leave out what is of another kind", () => {
    const odd = provisioned
      .replace("550e8400-e29b-41d4-a716-446655440000", "no-uuid")
      .replace("8883", "70000")
      .replace("true", '"yes"')
      .replace("2025-10-23T14:30:00Z", "yesterday")
      .replace('"0123456789abcdef"', "7");
    expect(configured(odd)).toMatchObject({
      deviceId: null,
      serverPort: null,
      useSsl: null,
      provisionedAt: null,
      provisionedWith: null,
    });
    const odder = provisioned
      .replace('"550e8400-e29b-41d4-a716-446655440000"', '["550e8400-e29b-41d4-a716-446655440000"]')
      .replace("0123456789abcdef", "")
      .replace("6f1c2f3e-0000-4000-8000-000000000001", "")
      .replace('"2025-10-23T14:30:00Z"', "7");
    expect(configured(odder)).toMatchObject({
      deviceId: null,
      provisionedAt: null,
      provisionedWith: null,
      attemptId: null,
      body: null,
    });
  });
});

const ourKeys: Readonly<Record<string, readonly string[]>> = {
  device: ["device_id", "device_name", "access_token", "credentials_type"],
  server: ["url", "port", "use_ssl"],
  provisioning: ["provisioned_at", "provisioned_from", "provisioned_with", "attempt_id"],
};

const anyConfig: fc.Arbitrary<Parts> = fc
  .tuple(
    fc.constantFrom("", "\u{feff}"),
    trivia,
    anyObject(Object.keys(ourKeys), (section) =>
      anyObject(ourKeys[section] ?? [], (key) => anyValue.map((written): Parts => [{ section, key, written }])),
    ),
    trivia,
  )
  .map(([mark, before, object, behind]) => [mark, before, ...object, behind]);

const anyChange: fc.Arbitrary<ConfigChange> = fc
  .record({
    deviceId: fc.option(fc.uuid()),
    deviceName: fc.string({ minLength: 1, maxLength: 20 }),
    credentials: fc.string({ minLength: 1, maxLength: 20 }).map(token),
    host: fc.domain(),
    serverPort: fc.integer({ min: 1, max: 65535 }),
    useSsl: fc.boolean(),
    provisionedAt: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
  })
  .map((changes) => ({ ...change, ...changes }));

/** Our sections as the change must leave them. */
function wantedBy(wanted: ConfigChange) {
  return {
    device: {
      device_id: wanted.deviceId,
      device_name: wanted.deviceName,
      access_token: tokenOf(wanted.credentials),
      credentials_type: "ACCESS_TOKEN",
    },
    server: { url: wanted.host, port: wanted.serverPort, use_ssl: wanted.useSsl },
    provisioning: {
      provisioned_at: `${wanted.provisionedAt.toISOString().slice(0, 19)}Z`,
      provisioned_from: "provision.json",
      provisioned_with: wanted.provisionedWith,
      attempt_id: wanted.attemptId,
    },
  };
}

/** Whether `whole` is `part` with nothing but insertions. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (let index = 0; index < whole.length && at < part.length; index++) if (whole[index] === part[at]) at++;
  return at === part.length;
}

describe("any change of any configuration", () => {
  it("gives JSON with our keys as they should be, and the same bytes the second time", () => {
    fc.assert(
      fc.property(anyConfig, anyChange, (parts, by) => {
        const after = changed(textOf(parts), by);
        expect(meaningOf(after)).toMatchObject(wantedBy(by));
        expect(changed(after, by)).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("changes our values where they stand, and otherwise only inserts", () => {
    fc.assert(
      fc.property(anyConfig, anyChange, (parts, by) => {
        const wanted: Readonly<Record<string, Readonly<Record<string, unknown>>>> = wantedBy(by);
        const expected = parts.map((part) =>
          typeof part === "string" ? part : JSON.stringify(wanted[part.section]?.[part.key]),
        );
        const after = changed(textOf(parts), by);
        expect(isWithin(expected.join(""), after)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every entry and every comment of others in one piece", () => {
    fc.assert(
      fc.property(anyConfig, anyChange, (parts, by) => {
        const after = changed(textOf(parts), by);
        const entries = parts.filter((part) => typeof part === "string" && part.length > 1);
        expect(entries.filter((entry) => !after.includes(String(entry).trim()))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
