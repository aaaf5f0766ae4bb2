import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { commit } from "../../src/files/commit.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { readInputs } from "../../src/files/inputs.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { tokenOf } from "../model/tokens.ts";
import { cameraFolder, filesIn } from "./camera-folder.ts";
import { failingAt, systemError, watched } from "./disk/watched-file-system.ts";
import { change, host, now } from "./sample.ts";

const good = JSON.stringify({
  server_url: "eu.thingsboard.cloud",
  server_port: 1883,
  provision_device_key: "the-key",
  provision_device_secret: "the-secret",
});

function failureOf(directory: string, fs = nodeFileSystem): ProvisioningError {
  try {
    readInputs(fs, directory);
  } catch (error) {
    if (ProvisioningError.is(error)) return error;
    throw error;
  }
  throw new Error("the inputs were accepted");
}

/** provision.json with these lines. */
function problemsOf(...lines: readonly string[]): readonly string[] {
  const error = failureOf(cameraFolder({ "provision.json": lines.join("\n") }));
  expect(error.errorCode).toBe("CREDENTIALS_FILE_INVALID");
  expect(error.message).not.toContain("the-secret");
  return error.message.split("\n  ").slice(1);
}

describe("the inputs of a run", () => {
  it("keep the TLS of the configuration, where provision.json says nothing about the same host and port", () => {
    const credentialsWith = (server: object, changes: object = {}, device: object = { access_token: "a-token" }) => {
      const config = { device, server };
      const files = { "provision.json": JSON.stringify({ ...JSON.parse(good), ...changes }) };
      const folder = cameraFolder({ ...files, "thermal_config.json": JSON.stringify(config) });
      const { useSsl, useSslFrom } = readInputs(nodeFileSystem, folder).credentials;
      return `${useSsl} from ${useSslFrom}`;
    };
    const here = { url: "eu.thingsboard.cloud", port: 1883, use_ssl: true };
    expect(credentialsWith(here)).toBe("true from thermal_config.json");
    expect(credentialsWith(here, {}, {})).toBe("true from thermal_config.json");
    expect(credentialsWith({ ...here, use_ssl: false }, { server_port: 1884 })).toBe("true from port");
    expect(credentialsWith({ ...here, url: "tb.example" })).toBe("false from port");
    expect(credentialsWith({ ...here, port: 1884 })).toBe("false from port");
    expect(credentialsWith(here, { use_ssl: false })).toBe("false from provision.json");
    expect(credentialsWith(here, { server_url: "mqtt://eu.thingsboard.cloud" })).toBe("false from provision.json");
    expect(credentialsWith({ ...here, use_ssl: false, port: 8883 }, { server_port: 8883 })).toBe("true from port");
  });

  it("are read from both files", () => {
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": '{"measurement_spots": []}' });
    const { credentials, config, warnings } = readInputs(nodeFileSystem, directory);
    expect(credentials).toMatchObject({ host: "eu.thingsboard.cloud", serverPort: 1883, useSsl: false });
    expect(config.configured).toBeUndefined();
    expect(new TextDecoder().decode(config.bytes)).toBe('{"measurement_spots": []}');
    expect(warnings).toEqual([]);
  });

  it("need no configuration: that is made", () => {
    const { config } = readInputs(nodeFileSystem, cameraFolder({ "provision.json": good }));
    expect(config).toEqual({ bytes: undefined, attributes: undefined, configured: undefined, server: undefined });
  });

  it("may hold comments, a trailing comma, a byte order mark and CRLF", () => {
    const text = `\u{feff}// from the technician\r\n${good.replace("}", ",\r\n/* end */}")}\r\n`;
    const { credentials } = readInputs(nodeFileSystem, cameraFolder({ "provision.json": text }));
    expect(credentials.host).toBe("eu.thingsboard.cloud");
  });

  it("bring a warning when others can read the secrets", () => {
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": "{}" });
    const codes = () => readInputs(nodeFileSystem, directory).warnings.map(({ code }) => code);
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(join(directory, "provision.json"), mode);
      expect(codes()).toEqual(["CREDENTIALS_FILE_READABLE"]);
    }
    chmodSync(join(directory, "thermal_config.json"), 0o644);
    expect(codes()).toEqual(["CREDENTIALS_FILE_READABLE", "CONFIG_READABLE"]);
  });

  it("are not told to be readable where modes say nothing: a chmod would do nothing there", () => {
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": "{}" });
    for (const name of ["provision.json", "thermal_config.json"]) chmodSync(join(directory, name), 0o777);
    const exFat = { ...nodeFileSystem, space: (path: string) => ({ ...nodeFileSystem.space(path), type: 0x2011bab0 }) };
    expect(readInputs(nodeFileSystem, directory).warnings).toHaveLength(2);
    expect(readInputs(exFat, directory).warnings).toEqual([]);
  });

  it("are told of a disk that fails when it is asked whether modes say something there", () => {
    const directory = cameraFolder({ "provision.json": good });
    chmodSync(join(directory, "provision.json"), 0o644);
    expect(failureOf(directory, failingAt("space", "EIO"))).toMatchObject({ errorCode: "FILE_IO" });
  });

  it("are told to be wrong with everything that is wrong in both files, each with its place", () => {
    const directory = cameraFolder({
      "provision.json": '{\n  "sever_url": "tb.example",\n  "server_port": "1883",\n  "provision_device_key": ""\n}\n',
      "thermal_config.json": '{\n  "device": [],\n  "server": {"port": 1, "port": 2}\n}\n',
    });
    const error = failureOf(directory);
    expect(error.errorCode).toBe("CREDENTIALS_FILE_INVALID");
    expect(error.exitStatus).toBe(78);
    expect(error.message.split("\n")).toEqual([
      `provision.json and thermal_config.json in ${directory} cannot be used:`,
      "  provision.json:1:1: provision_device_secret: found nothing, expected a text that is not empty",
      "  provision.json:2:3: sever_url: found an unknown key (did you mean server_url?)",
      '  provision.json:3:18: server_port: found the text "1883", expected a port number, 1 to 65535',
      "  provision.json:4:27: provision_device_key: found an empty text, expected a text that is not empty",
      "  thermal_config.json:2:13: device: found a list, expected an object",
      "  thermal_config.json:3:25: server.port: found the same key a second time, expected each key once",
    ]);
    expect(error.problems[0]).toEqual({
      file: "provision.json",
      line: 1,
      column: 1,
      path: ["provision_device_secret"],
      found: "nothing",
      expected: "a text that is not empty",
    });
  });

  it("name the first file that is wrong when only one is", () => {
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": "[]" });
    const error = failureOf(directory);
    expect(error.errorCode).toBe("CONFIG_FILE_INVALID");
    expect(error.message).toContain("thermal_config.json:1:1: found a list, expected a JSON object in braces");
  });

  it("with very many problems tell the first ones, each with its place, and how many more there are", () => {
    const many = 40_000;
    const lines = (line: string, count: number) => Array.from({ length: count }, () => line).join("\n");
    const directory = cameraFolder({
      "provision.json": `{\n${lines('"a":1,', 8000)}\n}`,
      "thermal_config.json": `{\n${lines('"device": {},', many)}\n}`,
    });
    const told = failureOf(directory).message.split("\n  ").slice(1);
    expect(told).toHaveLength(42);
    expect(told[0]).toBe("provision.json:1:1: server_url: found nothing, expected a host name, an IP address or a URL");
    expect(told[20]).toMatch(/^provision\.json: found \d+ more problems, expected none$/);
    expect(told[21]).toBe("thermal_config.json:3:1: device: found the same key a second time, expected each key once");
    expect(told[40]).toBe("thermal_config.json:22:1: device: found the same key a second time, expected each key once");
    expect(told[41]).toBe(`thermal_config.json: found ${many - 21} more problems, expected none`);
  });

  it("with very many unknown keys tell the first ones, too", () => {
    const keys = Array.from({ length: 6000 }, (_, number) => `"k${number}":1`).join(",");
    const told = failureOf(cameraFolder({ "provision.json": `{${keys}}` })).message.split("\n  ");
    expect(told).toHaveLength(22);
  });

  it("are not changed by being read", () => {
    const directory = cameraFolder({ "provision.json": "{", "thermal_config.json": "[" });
    const before = filesIn(directory);
    failureOf(directory);
    expect(filesIn(directory)).toEqual(before);
  });
});

describe("provision.json", () => {
  it("may be missing, and then a file of a similar name is pointed at", () => {
    const error = failureOf(cameraFolder({ "provision.txt": "", "provision.json.txt": good }));
    expect(error.errorCode).toBe("CREDENTIALS_FILE_MISSING");
    expect(error.message).toContain(
      "found no such file, expected one beside provision.txt (did you mean provision.json.txt?)",
    );
    const blank = failureOf(cameraFolder({ "provision.txt": "", "provision.json ": good }));
    expect(blank.message).toContain('(did you mean "provision.json "?)');
    for (const name of ["provision.txt.processed", ".provision.json", "thermal_config.json"]) {
      const missing = failureOf(cameraFolder({ "provision.txt": "", [name]: "{}" }));
      expect(missing.problems).toStrictEqual([
        { file: "provision.json", path: [], found: "no such file", expected: "one beside provision.txt" },
      ]);
    }
  });

  it("must be a regular file of at most 64 KiB that this user may read", () => {
    const folder = cameraFolder({ "provision.json/file": "" });
    expect(failureOf(folder)).toMatchObject({ errorCode: "CREDENTIALS_FILE_UNREADABLE", exitStatus: 78 });
    expect(failureOf(folder).message).toContain("provision.json: found a folder, expected a regular file");
    const link = cameraFolder({ elsewhere: good });
    symlinkSync("elsewhere", join(link, "provision.json"));
    expect(failureOf(link).message).toContain("found a symbolic link");
    const large = cameraFolder({ "provision.json": `${good}${" ".repeat(2_000_000)}` });
    expect(failureOf(large).message).toContain("found a larger file, expected at most 64 KiB");
    expect(failureOf(cameraFolder({ "provision.json": good }), failingAt("open", "EACCES"))).toMatchObject({
      errorCode: "CREDENTIALS_FILE_UNREADABLE",
    });
  });

  it("is told from a disk that fails", () => {
    const error = failureOf(cameraFolder({ "provision.json": good }), failingAt("read", "EIO"));
    expect(error).toMatchObject({ errorCode: "FILE_IO", exitStatus: 74 });
    expect(error.message).toMatch(/^reading provision\.json in .* failed: the disk reported an error \(EIO\)$/);
  });

  it("must be JSON in UTF-8", () => {
    expect(problemsOf("")).toEqual(["provision.json:1:1: found an empty file, expected a JSON object in braces"]);
    expect(problemsOf(`[${good}]`)).toEqual(["provision.json:1:1: found a list, expected a JSON object in braces"]);
    const utf16 = failureOf(cameraFolder({ "provision.json": Buffer.from(good, "utf16le") }));
    expect(utf16.message).toContain("provision.json:1:1: found a file in UTF-16 (little endian), expected UTF-8");
    const latin = failureOf(cameraFolder({ "provision.json": Buffer.from('{"server_url": "Z\xfcrich"}', "latin1") }));
    expect(latin.message).toContain("provision.json:1:18: found bytes that are not UTF-8");
    expect(problemsOf("[".repeat(50_000))).toEqual([
      "provision.json:1:65: found more than 64 levels of brackets, expected at most 64",
    ]);
  });

  it("has each key once", () => {
    expect(problemsOf(good.replace("}", ',\n"server_port": 1883}'))).toEqual([
      "provision.json:2:1: server_port: found the same key a second time, expected each key once",
    ]);
  });

  it("is told to be wrong in the order of the places, also within a line, and where the value stands that counts", () => {
    expect(
      problemsOf('{"provision_device_secret": "", "server_url": "", "server_port": 1,', '"server_port": 0}'),
    ).toEqual([
      expect.stringContaining("provision.json:1:1: provision_device_key: found nothing"),
      expect.stringContaining("provision.json:1:29: provision_device_secret: found an empty text"),
      expect.stringContaining("provision.json:1:47: server_url: found "),
      "provision.json:2:1: server_port: found the same key a second time, expected each key once",
      expect.stringContaining("provision.json:2:16: server_port: found the number 0"),
    ]);
  });

  it("has numbers as they are written", () => {
    expect(problemsOf(good.replace("1883", "1e400"))).toEqual([
      expect.stringContaining("server_port: found the number 1e400, expected a port number, 1 to 65535"),
    ]);
  });

  it("may name the schema that it follows, for editors", () => {
    const named = good.replace("{", '{ "$schema": "https://example.org/provision.schema.json",');
    expect(readInputs(nodeFileSystem, cameraFolder({ "provision.json": named })).credentials.host).toBe(
      "eu.thingsboard.cloud",
    );
    expect(problemsOf(good.replace("{", '{ "$schema": 7,'))).toEqual([
      expect.stringMatching(/^provision\.json:1:3: found an unknown key, expected one of server_url/),
    ]);
  });

  it("does not have its secret quoted where somebody wrote it as a key, be it there twice", () => {
    const strange = (keys: string) =>
      problemsOf(good.replace("}", `,\n${keys}}`)).map((problem) => problem.replace(/, expected .*/s, ""));
    expect(strange('"hunter2HUNTER": 1')).toEqual(["provision.json:2:1: found an unknown key"]);
    expect(strange('"hunter2HUNTER": 1, "hunter2HUNTER": {"hunter2HUNTER": 2}')).toEqual([
      "provision.json:2:21: found the same key a second time",
      "provision.json:2:21: found a section",
    ]);
  });

  it("has the names of other programs told as ours", () => {
    expect(problemsOf(good.replace("server_url", "host"))).toEqual([
      "provision.json:1:2: host: found an unknown key (did you mean server_url?)",
    ]);
  });

  it("has no key that nobody knows, be it __proto__", () => {
    expect(problemsOf(good.replace("}", ',\n"__proto__": {"server_port": 1}}'))).toEqual([
      "provision.json:2:1: found a section, expected none: all keys stand side by side",
    ]);
  });
});

describe("thermal_config.json", () => {
  it("is told from a disk that fails", () => {
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": "{}" });
    const isConfig = (call: string, path: unknown) => call === "open" && String(path).endsWith("thermal_config.json");
    const failing = watched(nodeFileSystem, (call, path) => {
      if (isConfig(call, path)) throw systemError("EIO", call);
    });
    expect(failureOf(directory, failing).message).toMatch(
      /^reading thermal_config\.json in .* failed: the disk reported an error \(EIO\)$/,
    );
  });

  it("must be a regular file: corrupt or odd is not the same as absent", () => {
    const directory = cameraFolder({ "provision.json": good });
    mkdirSync(join(directory, "thermal_config.json"));
    expect(failureOf(directory).errorCode).toBe("CONFIG_FILE_UNREADABLE");
    for (const text of ["", "\0\0\0\0", '{"device": {', "null", "{} {}"]) {
      const error = failureOf(cameraFolder({ "provision.json": good, "thermal_config.json": text }));
      expect(error.errorCode).toBe("CONFIG_FILE_INVALID");
    }
  });

  it("may have 4 MiB and no more", () => {
    const sized = (size: number) => `{"a": "${"x".repeat(size - 9)}"}`;
    const fits = cameraFolder({ "provision.json": good, "thermal_config.json": sized(4 * 1024 * 1024) });
    expect(readInputs(nodeFileSystem, fits).config.bytes?.byteLength).toBe(4 * 1024 * 1024);
    const large = cameraFolder({ "provision.json": good, "thermal_config.json": sized(4 * 1024 * 1024 + 1) });
    expect(failureOf(large).message).toContain("found a larger file, expected at most 4096 KiB");
  });

  it("may have 4 MiB and what a provisioning added", () => {
    const largest = `{"a": "${"x".repeat(4 * 1024 * 1024 - 9)}"}`;
    const directory = cameraFolder({ "provision.json": good, "thermal_config.json": largest });
    for (const secret of ["first", "x".repeat(2000)]) {
      const written = { ...change, credentials: { ...change.credentials, accessToken: new Secret(secret) } };
      commit(nodeFileSystem, directory, { change: written, host, now });
      const { bytes, configured } = readInputs(nodeFileSystem, directory).config;
      expect(bytes?.byteLength).toBeGreaterThan(4 * 1024 * 1024);
      expect(configured && tokenOf(configured.credentials)).toBe(secret);
    }
  });

  it("may have a key of others twice, but none of ours", () => {
    const withConfig = (text: string) => cameraFolder({ "provision.json": good, "thermal_config.json": text });
    const innocent = withConfig('{"spots": 1, "spots": 2, "device": {"x": 1, "x": 2}}');
    expect(readInputs(nodeFileSystem, innocent).config.configured).toBeUndefined();
    for (const text of [
      '{"device": {}, "device": {}}',
      '{"device": {"access_token": "a", "access_token": "the-secret"}}',
    ]) {
      const error = failureOf(withConfig(text));
      expect(error.message).toContain("found the same key a second time");
      expect(error.message).not.toContain("the-secret");
    }
  });
});
