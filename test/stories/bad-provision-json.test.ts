import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { systemError, watched } from "../files/disk/watched-file-system.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { isRefused } from "./hostile-input.ts";

/** A right provision.json with other lines in place of some of its own, which are numbers 2 to 7. */
function withLines(lines: Readonly<Record<number, string>>): string {
  const right = [
    "{",
    '  "server_url": "127.0.0.1",',
    '  "server_port": 1883,',
    `  "provision_device_key": "${provisionKey}",`,
    `  "provision_device_secret": "${provisionSecret}",`,
    '  "device_name_prefix": "thermal-camera",',
    '  "timeout_seconds": 30',
    "}",
  ];
  return right.map((line, index) => lines[index + 1] ?? line).join("\n");
}

const right = withLines({});
const url = (text: string) => withLines({ 2: `  "server_url": ${JSON.stringify(text)},` });
const port = (value: string) => withLines({ 3: `  "server_port": ${value},` });
const prefix = (text: string) => withLines({ 6: `  "device_name_prefix": "${text}",` });
const timeout = (value: string) => withLines({ 7: `  "timeout_seconds": ${value}` });
const extra = (line: string) => withLines({ 7: `  "timeout_seconds": 30,\n  ${line}` });

const anObject = "expected a JSON object in braces";
const aPort = "expected a port number, 1 to 65535";
const aHost = "expected a host name, an IPv4 or an IPv6 address";
const aName = "expected 1 to 255 characters, none of them a control character, no space at either end";
const wholeSeconds = "expected a whole number of seconds, 1 or more";
const anyKey =
  "expected one of server_url, server_port, provision_device_key, provision_device_secret, device_name_prefix, " +
  "timeout_seconds, use_ssl, require_tls, ca_file, server_name, pinned_public_keys, proxy, device_name, " +
  "access_token, credentials_type, client_id and 7 more";
const noBlanks = "expected a text without blanks at its ends, line ends and invisible characters";
const schemes = "expected a host name, or a URL that starts with mqtt://, tcp://, mqtts:// or ssl://";

/** What stands in the file, and every problem that the message lists, behind the file's name. */
const contents: Record<string, readonly [string | Uint8Array, ...string[]]> = {
  "is empty": ["", `1:1: found an empty file, ${anObject}`],
  "has nothing but white space": [" \n\t\n", `1:1: found an empty file, ${anObject}`],
  "is no JSON": ["server_url: tb.example\n", "1:1: found text that is not JSON, expected a JSON object in braces"],
  "is cut off": [right.slice(0, -2), "7:24: found the end of the file, expected a closing brace }"],
  "is cut off in a text": [
    right.slice(0, 60),
    "4:3: found a text without its end, expected a closing quote on the same line",
  ],
  "lacks a comma": [withLines({ 3: '  "server_port": 1883' }), "4:3: found the next entry, expected a comma before it"],
  "goes on behind its end": [`${right}\n{}`, "9:1: found more text, expected the end of the file"],
  "is an array": [`[${right}]`, `1:1: found a list, ${anObject}`],
  "is a text": ['"127.0.0.1"', `1:1: found a text, ${anObject}`],
  "is null": ["null", `1:1: found null, ${anObject}`],
  "is UTF-16 with a byte order mark": [
    Buffer.from(`\ufeff${right}`, "utf16le"),
    "1:1: found a file in UTF-16 (little endian), expected UTF-8; save it again in that encoding",
  ],
  "is UTF-16 without a byte order mark": [
    Buffer.from(right, "utf16le").swap16(),
    "1:1: found a file in UTF-16 (big endian), expected UTF-8; save it again in that encoding",
  ],
  "is Latin-1": [Buffer.from(prefix("w\u00e4rme"), "latin1"), "6:27: found bytes that are not UTF-8, expected UTF-8"],
  "holds a zero byte": [prefix("\0thermal"), "6:26: found a zero byte, expected text; the file was probably damaged"],
  "has a key twice": [
    extra('"server_port": 8883'),
    "8:3: server_port: found the same key a second time, expected each key once",
  ],
  "is nested thirty thousand levels deep": [
    timeout("[".repeat(30_000) + "]".repeat(30_000)),
    "7:85: found more than 64 levels of brackets, expected at most 64",
  ],
  "has a port as text": [port('"1883"'), `3:18: server_port: found the text "1883", ${aPort}`],
  "has port 0": [port("0"), `3:18: server_port: found the number 0, ${aPort}`],
  "has port 65536": [port("65536"), `3:18: server_port: found the number 65536, ${aPort}`],
  "has port -1": [port("-1"), `3:18: server_port: found the number -1, ${aPort}`],
  "has port 1883.5": [port("1883.5"), `3:18: server_port: found the number 1883.5, ${aPort}`],
  "has port 1e400": [port("1e400"), `3:18: server_port: found the number 1e400, ${aPort}`],
  "has null for a port": [port("null"), `3:18: server_port: found null, ${aPort}`],
  "has a list for a port": [port("[1883]"), `3:18: server_port: found a list, ${aPort}`],
  "has a host with spaces": [
    url("my server"),
    "2:17: server_url: found a text of 9 characters, expected a host name without spaces",
  ],
  "has a host that ends with a line": [
    url("tb.example\n"),
    "2:17: server_url: found a text that ends with a line end, expected a host name without spaces",
  ],
  "has no host": [url(""), `2:17: server_url: found an empty text, ${aHost}`],
  "has an address that is none": [url("192.168.1.300"), `2:17: server_url: found the text "192.168.1.300", ${aHost}`],
  "has a number for a host": [
    withLines({ 2: '  "server_url": 42,' }),
    "2:17: server_url: found the number 42, expected a host name, an IP address or a URL",
  ],
  "has a URL whose port contradicts server_port": [
    url("mqtt://tb.example:8883"),
    "2:17: server_url: found the port 8883, expected the port of server_port, which is 1883, or none",
  ],
  "has a URL whose scheme contradicts use_ssl": [
    withLines({ 2: '  "server_url": "mqtts://tb.example",', 7: '  "use_ssl": false' }),
    "2:17: server_url: found a scheme that means TLS, expected one that agrees with use_ssl, which is false",
  ],
  "has a URL with an unknown scheme": [
    url("ftp://tb.example"),
    `2:17: server_url: found a text of 16 characters that begins with ftp://, ${schemes}`,
  ],
  "has a web page's URL": [
    url("https://tb.example"),
    `2:17: server_url: found a text of 18 characters that begins with https://, ${schemes}; MQTT is spoken here, not HTTP`,
  ],
  "has a URL with a password, which is not repeated": [
    url("mqtt://user:hush@tb.example"),
    "2:17: server_url: found a text of 27 characters that begins with mqtt://, expected a server without user name; key and secret have keys of their own",
  ],
  "has a URL with a path": [
    url("mqtt://tb.example/v1"),
    "2:17: server_url: found a text of 20 characters that begins with mqtt://, expected a server without a path",
  ],
  "has a prefix with capitals": [
    prefix("Thermal-Camera"),
    "6:25: device_name_prefix: found a text of 14 characters, expected small letters and hyphens",
  ],
  "has an empty prefix": [
    prefix(""),
    "6:25: device_name_prefix: found an empty text, expected small letters and hyphens",
  ],
  "has an empty key": [
    withLines({ 4: '  "provision_device_key": "",' }),
    "4:27: provision_device_key: found an empty text, expected a text that is not empty",
  ],
  "has an empty secret": [
    withLines({ 5: '  "provision_device_secret": "",' }),
    "5:30: provision_device_secret: found an empty text, expected a text that is not empty",
  ],
  "has a number for a secret, which is not repeated": [
    withLines({ 5: '  "provision_device_secret": 12345678,' }),
    "5:30: provision_device_secret: found a number, expected a text that is not empty",
  ],
  "has the sample's key": [
    withLines({ 4: '  "provision_device_key": "your-provision-key",' }),
    "4:27: provision_device_key: found the placeholder of a sample, expected the one of your device profile (tab Device provisioning)",
  ],
  "has a space before the key": [
    withLines({ 4: '  "provision_device_key": " simulatorKey01234567",' }),
    `4:27: provision_device_key: found a text that begins with a space, ${noBlanks}`,
  ],
  "has a line end behind the secret": [
    withLines({ 5: '  "provision_device_secret": "simulatorSecret01234\\n",' }),
    `5:30: provision_device_secret: found a text that ends with a line end, ${noBlanks}`,
  ],
  "has a no-break space behind the secret": [
    withLines({ 5: '  "provision_device_secret": "simulatorSecret01234\u00a0",' }),
    `5:30: provision_device_secret: found a text that ends with a special space (U+00A0), ${noBlanks}`,
  ],
  "has a character that turns the text round in the secret": [
    withLines({ 5: '  "provision_device_secret": "sim\u202eulator",' }),
    `5:30: provision_device_secret: found a text that holds an invisible character (U+202E) as its character 4, ${noBlanks}`,
  ],
  "has typographic quotation marks": [
    withLines({ 2: "  \u201cserver_url\u201d: \u201ctb.example\u201d," }),
    '2:3: found the typographic quotation mark U+201C, expected the plain quotation mark " (U+0022)',
  ],
  "has an address of one link without its interface": [
    withLines({ 2: '  "server_url": "fe80::1",' }),
    "2:17: server_url: found a link-local address without its interface, expected the interface behind it, such as fe80::1%eth0",
  ],
  "has a negative timeout": [timeout("-5"), `7:22: timeout_seconds: found the number -5, ${wholeSeconds}`],
  "has no time at all": [timeout("0"), `7:22: timeout_seconds: found the number 0, ${wholeSeconds}`],
  "has half a second more": [timeout("30.5"), `7:22: timeout_seconds: found the number 30.5, ${wholeSeconds}`],
  "has a timeout as text": [timeout('"30 s"'), `7:22: timeout_seconds: found the text "30 s", ${wholeSeconds}`],
  "has text for true or false": [
    extra('"use_ssl": "yes"'),
    '8:14: use_ssl: found the text "yes", expected true or false',
  ],
  "has an empty ca_file": [
    extra('"ca_file": ""'),
    '8:14: ca_file: found an empty text, expected the name of a PEM file, or a list of such names; "system" stands for the system\'s authorities',
  ],
  "has a device name with a space before it": [
    extra('"device_name": " furnace"'),
    `8:18: device_name: found a text that begins with a space, ${aName}`,
  ],
  "has an access token, and no name for its device": [
    extra('"access_token": "A1_FURNACE_TOKEN"'),
    "1:1: device_name: found nothing, expected the name of the device that access_token is for",
  ],
  "has an unknown key": [extra('"retries": 3'), `8:3: found an unknown key, ${anyKey}`],
  "has __proto__ for a key": [extra('"__proto__": 1'), `8:3: found an unknown key, ${anyKey}`],
  "has sections, as other programs have": [
    extra('"security": { "token": "x" }, "__proto__": {}'),
    "8:3: found a section, expected none: all keys stand side by side",
    "8:33: found a section, expected none: all keys stand side by side",
  ],
  "has its keys in a section": [
    '{\n  "provisioning": { "server_url": "127.0.0.1", "server_port": 1883 }\n}\n',
    "2:3: found a section, expected none: all keys stand side by side",
  ],
  "has its port in server_url only": [
    withLines({ 2: '  "server_url": "mqtt://127.0.0.1:1884",', 3: "" }),
    "1:1: server_port: found nothing, expected 1884, the port of server_url, here",
  ],
  "has several keys that nobody knows": [
    extra('"retries": 3, "qos": 1, "deviceType": "camera"'),
    `8:3: found an unknown key, ${anyKey}`,
    "8:17: found an unknown key, expected one of the same",
    "8:27: found an unknown key, expected one of the same",
  ],
  "has a key that a terminal would obey": [extra('"\\u001b[31mred": 1'), `8:3: found an unknown key, ${anyKey}`],
  "has a misspelt key": [
    withLines({ 2: '  "server_ulr": "127.0.0.1",' }),
    "2:3: server_ulr: found an unknown key (did you mean server_url?)",
  ],
  "has a key in another style": [
    withLines({ 3: '  "serverPort": 1883,' }),
    "3:3: serverPort: found an unknown key (did you mean server_port?)",
  ],
  "has nothing in it": [
    "{}",
    "1:1: server_url: found nothing, expected a host name, an IP address or a URL",
    `1:1: server_port: found nothing, ${aPort}`,
    "1:1: provision_device_key: found nothing, expected a text that is not empty",
    "1:1: provision_device_secret: found nothing, expected a text that is not empty",
  ],
  "has everything wrong at once": [
    '// by hand\n{ "server_url": "tcp://a b:1", "server_port": "x", "provision_device_key": 1, "Timeout_second": -3,\n "use_ssl": 0, }',
    "2:1: provision_device_secret: found nothing, expected a text that is not empty",
    "2:17: server_url: found a text of 11 characters that begins with tcp://, expected a host name without spaces",
    `2:47: server_port: found a text of one character, ${aPort}`,
    "2:76: provision_device_key: found a number, expected a text that is not empty",
    "2:79: Timeout_second: found an unknown key (did you mean timeout_seconds?)",
    "3:13: use_ssl: found the number 0, expected true or false",
  ],
};

describe("a provision.json that", () => {
  it.each(Object.entries(contents))("%s is refused with its place, and nothing is changed or sent", async (_, row) => {
    const [content, ...problems] = row;
    await using camera = await Camera.start();
    camera.write("provision.json", content);
    await isRefused(camera, {
      code: "CREDENTIALS_FILE_INVALID",
      problems: problems.map((problem) => `provision.json:${problem}`),
    });
  });

  it("is put right is all that the next run needs", async () => {
    await using camera = await Camera.start();
    camera.write("provision.json", "{}");
    await isRefusedQuickly(camera);
    camera.credentials();
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({ current_state: "COMPLETED" });
  });
});

async function isRefusedQuickly(camera: Camera): Promise<void> {
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 78 });
}

/** What stands in the file's place, and the one problem that the message has. */
const places: Record<string, readonly [(path: string) => void, string]> = {
  "2 MB of text": [(path) => truncateSync(path, 2_000_000), "found a larger file, expected at most 64 KiB"],
  "a file of 20 GB": [(path) => truncateSync(path, 2e10), "found a larger file, expected at most 64 KiB"],
  "a folder": [
    (path) => {
      renameSync(path, `${path}.old`);
      mkdirSync(path);
    },
    "found a folder, expected a regular file",
  ],
  "a symbolic link to the right file": [
    (path) => {
      renameSync(path, `${path}.old`);
      symlinkSync("provision.json.old", path);
    },
    "found a symbolic link, expected a regular file",
  ],
  "a pipe that nobody writes to": [
    (path) => {
      renameSync(path, `${path}.old`);
      execFileSync("mkfifo", [path]);
    },
    "found a pipe, a socket or a device, expected a regular file",
  ],
};

describe("in place of provision.json", () => {
  it.each(Object.entries(places))("%s is not read", async (_, [put, problem]) => {
    await using camera = await Camera.start();
    put(join(camera.directory, "provision.json"));
    await isRefused(camera, { code: "CREDENTIALS_FILE_UNREADABLE", problems: [`provision.json: ${problem}`] });
  });

  it("a file of another user, which this one may not read, is told as such", async () => {
    await using camera = await Camera.start();
    const files = watched(nodeFileSystem, (call, ...args) => {
      if (call === "open" && String(args[0]).endsWith("/provision.json")) throw systemError("EACCES", call);
    });
    const user = process.getuid?.();
    const problems = [
      `provision.json: found a file of user ${user}, mode 600, that this user (${user}) may not read, expected one that it may`,
    ];
    await isRefused(camera, { code: "CREDENTIALS_FILE_UNREADABLE", problems }, { files });
  });

  it("nothing is told as such, and a file of a similar name is pointed at", async () => {
    await using camera = await Camera.start();
    camera.remove("provision.json");
    const missing = "provision.json: found no such file, expected one beside provision.txt";
    await isRefused(camera, { code: "CREDENTIALS_FILE_MISSING", problems: [missing] });
    camera.write("provisoin.json", "{}");
    const problems = [`${missing} (did you mean provisoin.json?)`];
    await isRefused(camera, { code: "CREDENTIALS_FILE_MISSING", problems });
  });
});
