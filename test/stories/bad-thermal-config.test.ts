import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { systemError, watched } from "../files/disk/watched-file-system.ts";
import { Camera, someConfig } from "./camera.ts";
import { isRefused } from "./hostile-input.ts";

const anObject = "expected a JSON object in braces";
const twice = "found the same key a second time, expected each key once";

/** What stands in the file, and every problem that the message lists, behind the file's name. */
const contents: Record<string, readonly [string | Uint8Array, ...string[]]> = {
  "is empty": ["", `1:1: found an empty file, ${anObject}`],
  "is no JSON": ["palette: iron\n", "1:1: found text that is not JSON, expected a JSON object in braces"],
  "is an array": ["[]", `1:1: found a list, ${anObject}`],
  "is null": ["null", `1:1: found null, ${anObject}`],
  "is cut off": [
    someConfig.slice(0, 100),
    "5:15: found a text without its end, expected a closing quote on the same line",
  ],
  "has a comment without an end": ["{ /* spots", "1:3: found a comment without its end, expected */"],
  "is UTF-16": [
    Buffer.from(`\ufeff${someConfig}`, "utf16le"),
    "1:1: found a file in UTF-16 (little endian), expected UTF-8; save it again in that encoding",
  ],
  "is Latin-1": [
    Buffer.from('{"name": "K\u00fcche"}', "latin1"),
    "1:12: found bytes that are not UTF-8, expected UTF-8",
  ],
  "is nested a hundred thousand deep": [
    `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    "1:69: found more than 64 levels of brackets, expected at most 64",
  ],
  "has a list for a section of ours": ['{\n  "device": []\n}', "2:13: device: found a list, expected an object"],
  "has no object in any section of ours": [
    '{\n "device": null,\n "server": "tb.example",\n "provisioning": 7\n}',
    "2:12: device: found null, expected an object",
    "3:12: server: found a text, expected an object",
    "4:18: provisioning: found a number, expected an object",
  ],
  "has a section of ours twice": ['{\n  "device": {},\n  "device": {}\n}', `3:3: device: ${twice}`],
  "has a key of ours twice": [
    '{"device": {"access_token": "hush", "access_token": "hush!"}}',
    `1:37: device.access_token: ${twice}`,
  ],
};

describe("a thermal_config.json that", () => {
  it.each(Object.entries(contents))("%s is refused with its place, and never overwritten", async (_, row) => {
    const [content, ...problems] = row;
    await using camera = await Camera.start();
    camera.write("thermal_config.json", content);
    await isRefused(camera, {
      code: "CONFIG_FILE_INVALID",
      problems: problems.map((problem) => `thermal_config.json:${problem}`),
    });
  });

  it("is wrong together with provision.json is told in the same message", async () => {
    await using camera = await Camera.start();
    camera.write("thermal_config.json", "{");
    camera.credentials({ server_port: 0, timeout_seconds: "soon" });
    await isRefused(camera, {
      code: "CREDENTIALS_FILE_INVALID",
      says: /^provision\.json and thermal_config\.json in .* cannot be used:\n/,
      problems: [
        "provision.json:3:18: server_port: found the number 0, expected a port number, 1 to 65535",
        "provision.json:6:22: timeout_seconds: found a text of 4 characters, expected a whole number of seconds, 1 or more",
        "thermal_config.json:1:2: found the end of the file, expected a closing brace }",
      ],
    });
  });

  it("is not there is made", async () => {
    await using camera = await Camera.start();
    camera.remove("thermal_config.json");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe(camera.tokensOnServer[0]);
  });
});

/** What stands in the file's place, and the one problem that the message has. */
const places: Record<string, readonly [(path: string) => void, string]> = {
  "a folder": [(path) => mkdirSync(path), "found a folder, expected a regular file"],
  "a symbolic link": [(path) => symlinkSync("provision.txt", path), "found a symbolic link, expected a regular file"],
  "a symbolic link to nothing": [
    (path) => symlinkSync("nowhere", path),
    "found a symbolic link, expected a regular file",
  ],
  "a pipe that nobody writes to": [
    (path) => void execFileSync("mkfifo", [path]),
    "found a pipe, a socket or a device, expected a regular file",
  ],
};

describe("in place of thermal_config.json", () => {
  it.each(Object.entries(places))("%s is neither read nor replaced", async (_, [put, problem]) => {
    await using camera = await Camera.start();
    camera.remove("thermal_config.json");
    put(join(camera.directory, "thermal_config.json"));
    await isRefused(camera, { code: "CONFIG_FILE_UNREADABLE", problems: [`thermal_config.json: ${problem}`] });
  });

  it("a file of more than 4 MiB is neither read nor replaced", async () => {
    await using camera = await Camera.start();
    truncateSync(join(camera.directory, "thermal_config.json"), 4 * 2 ** 20 + 1);
    const problems = ["thermal_config.json: found a larger file, expected at most 4096 KiB"];
    await isRefused(camera, { code: "CONFIG_FILE_UNREADABLE", problems });
  });

  it("a file of another user, which this one may not read, is told as such", async () => {
    await using camera = await Camera.start();
    const files = watched(nodeFileSystem, (call, ...args) => {
      if (call === "open" && String(args[0]).endsWith("/thermal_config.json")) throw systemError("EACCES", call);
    });
    const user = process.getuid?.();
    const problems = [
      `thermal_config.json: found a file of user ${user}, mode 600, that this user (${user}) may not read, expected one that it may`,
    ];
    await isRefused(camera, { code: "CONFIG_FILE_UNREADABLE", problems }, { files });
  });
});
