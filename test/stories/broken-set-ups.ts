import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "../../src/index.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { authorityFile } from "../fixtures/tls/certificates.ts";
import { connack } from "../transport/server-end.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { HostileServer } from "./hostile-server.ts";
import {
  answering,
  board,
  edited,
  elsewhere,
  failing,
  openBroker,
  plain,
  profiled,
  quotesOfAWordProcessor,
  refusing,
  renamed,
  type SetUp,
  secure,
  serves,
  toTheRightServer,
  unheard,
  webPage,
  withoutModes,
} from "./set-up.ts";

/** Every set-up that can be made without root, a card or a second machine. */
export const setUps: Readonly<Record<string, SetUp>> = {
  "provision.json lacks a comma": {
    camera: plain,
    broken: (camera) => edited(camera, "provision.json", /,/, ""),
    says: "CREDENTIALS_FILE_INVALID: provision.json in FOLDER cannot be used: provision.json:3:3: found the next entry, expected a comma before it",
    checkSays: "files: provision.json: CREDENTIALS_FILE_INVALID",
    mended: toTheRightServer,
  },
  "provision.json has six mistakes": {
    camera: plain,
    broken: (camera) => {
      const { server_url, ...others } = JSON.parse(camera.read("provision.json"));
      const wrong = {
        server_url: `https://${server_url}/`,
        server_port: "1883",
        use_sll: false,
        device_name_prefix: "Cam",
      };
      camera.write(
        "provision.json",
        JSON.stringify(
          { ...others, ...wrong, timeout_seconds: "30 s", provision_device_key: "your-provision-key" },
          null,
          2,
        ),
      );
    },
    says: 'CREDENTIALS_FILE_INVALID: provision.json in FOLDER cannot be used: provision.json:2:18: server_port: found the text "1883", expected a port number, 1 to 65535',
    checkSays: "files: provision.json: CREDENTIALS_FILE_INVALID",
    mended: toTheRightServer,
  },
  "provision.json has the quotes of a word processor": {
    camera: plain,
    broken: quotesOfAWordProcessor,
    says: 'CREDENTIALS_FILE_INVALID: provision.json in FOLDER cannot be used: provision.json:2:3: found the typographic quotation mark U+201C, expected the plain quotation mark " (U+0022)',
    checkSays: "files: provision.json: CREDENTIALS_FILE_INVALID",
    mended: (camera) => camera.write("provision.json", camera.read("provision.json").replaceAll("\u201c", '"')),
  },
  "provision.json has a byte order mark and CRLF": {
    camera: plain,
    broken: (camera) =>
      camera.write("provision.json", `\uFEFF${camera.read("provision.json").replaceAll("\n", "\r\n")}`),
    says: "PASS  NAME is provisioned",
    checkSays: "",
  },
  "provision.json is UTF-16": {
    camera: plain,
    broken: (camera) =>
      camera.write("provision.json", Buffer.from(`\uFEFF${camera.read("provision.json")}`, "utf16le")),
    says: "CREDENTIALS_FILE_INVALID: provision.json in FOLDER cannot be used: provision.json:1:1: found a file in UTF-16 (little endian), expected UTF-8; save it again in that encoding",
    checkSays: "files: provision.json: CREDENTIALS_FILE_INVALID",
    mended: toTheRightServer,
  },
  "the trigger is Provision.TXT": {
    camera: plain,
    broken: (camera) => renamed(camera, "provision.txt", "Provision.TXT"),
    says: "TRIGGER_NAME_WRONG: FOLDER holds Provision.TXT, and no provision.txt; rename it to provision.txt to have this camera provisioned",
    checkSays: "files: provision.txt: TRIGGER_NAME_WRONG",
    mended: (camera) => renamed(camera, "Provision.TXT", "provision.txt"),
  },
  "the trigger is provision.txt.txt": {
    camera: plain,
    broken: (camera) => renamed(camera, "provision.txt", "provision.txt.txt"),
    says: "TRIGGER_NAME_WRONG: FOLDER holds provision.txt.txt, and no provision.txt; rename it to provision.txt to have this camera provisioned",
    checkSays: "files: provision.txt: TRIGGER_NAME_WRONG",
    mended: (camera) => renamed(camera, "provision.txt.txt", "provision.txt"),
  },
  "provision.json is provision.json.txt": {
    camera: plain,
    broken: (camera) => renamed(camera, "provision.json", "provision.json.txt"),
    says: "CREDENTIALS_FILE_MISSING: provision.json in FOLDER cannot be used: provision.json: found no such file, expected one beside provision.txt (did you mean provision.json.txt?)",
    checkSays: "files: provision.json: CREDENTIALS_FILE_MISSING",
    mended: (camera) => renamed(camera, "provision.json.txt", "provision.json"),
  },
  "the files are in another folder": {
    camera: plain,
    meets: elsewhere,
    says: "NOTE  this camera is not provisioned",
    checkSays: "files: provision.json: CREDENTIALS_FILE_MISSING",
    mended: () => {},
  },
  "provision.json is another user's": {
    camera: plain,
    meets: () => refusing("EACCES", (path) => path.endsWith("/provision.json")),
    says: "CREDENTIALS_FILE_UNREADABLE: provision.json in FOLDER cannot be used: provision.json: found a file of user UID, mode 600, that this user (UID) may not read, expected one that it may",
    checkSays: "files: provision.json: CREDENTIALS_FILE_UNREADABLE",
    mended: () => {},
  },
  "the folder is another user's": {
    camera: plain,
    meets: () => refusing("EACCES", (_, access) => access === "create"),
    says: "PERMISSION_DENIED: making FOLDER/.thermal-provision failed: this user is not permitted to (EACCES); FOLDER belongs to user UID, and this is user UID",
    checkSays: "disk: permission: PERMISSION_DENIED",
    mended: () => {},
  },
  "the journal is root's, after a run with sudo": {
    camera: plain,
    meets: (camera) => {
      mkdirSync(join(camera.directory, ".thermal-provision"), { mode: 0o700 });
      return refusing("EACCES", (path) => path.includes("/.thermal-provision"));
    },
    says: "PERMISSION_DENIED: looking into FOLDER/.thermal-provision failed: this user is not permitted to (EACCES); FOLDER/.thermal-provision belongs to user UID, and this is user UID",
    checkSays: "files: folder: PERMISSION_DENIED",
    mended: () => {},
  },
  "the folder is read-only": {
    camera: plain,
    meets: () => refusing("EROFS", (_, access) => access === "create" || access === "overwrite"),
    says: "FOLDER_READ_ONLY: making FOLDER/.thermal-provision failed: the file system is mounted read-only (EROFS)",
    checkSays: "disk: permission: FOLDER_READ_ONLY",
    mended: () => {},
  },
  "the disk is full": {
    camera: plain,
    meets: () => ({
      files: { ...nodeFileSystem, space: (path) => ({ ...nodeFileSystem.space(path), freeBytes: 4096 }) },
    }),
    says: "NO_SPACE: 4 KiB are free in FOLDER, 65 KiB are needed (df -h)",
    checkSays: "disk: space: NO_SPACE",
    mended: () => {},
  },
  "the folder is on a card without owners and modes": {
    camera: plain,
    meets: () => ({ files: withoutModes(nodeFileSystem) }),
    says: "PASS  NAME is provisioned",
    checkSays: "disk: file system: FILES_NOT_PRIVATE",
  },
  "nothing listens at the port": {
    camera: plain,
    broken: async (camera) => {
      const server = await HostileServer.start(() => {});
      const { port } = server;
      await server[Symbol.asyncDispose]();
      camera.credentials({ server_port: port });
    },
    inVain: [3, 7],
    says: "CONNECTION_REFUSED: 127.0.0.1:PORT (plain text): nothing listens there, and that is this camera itself, or the container it runs in (ECONNREFUSED)",
    checkSays: "way: connection: CONNECTION_REFUSED",
    mended: toTheRightServer,
  },
  "plain text to a TLS port": {
    camera: secure("server"),
    broken: (camera) => edited(camera, "provision.json", '"use_ssl": true', '"use_ssl": false'),
    says: 'TLS_EXPECTED: localhost:PORT (plain text, 127.0.0.1): the port speaks TLS, and plain text was asked for: write "use_ssl": true, with server_url "localhost" and server_port PORT',
    checkSays: "TLS: encryption: TLS_EXPECTED",
    mended: (camera) => edited(camera, "provision.json", '"use_ssl": false', '"use_ssl": true'),
  },
  "TLS to a plain text port": {
    camera: plain,
    broken: (camera) => camera.credentials({ use_ssl: true }),
    says: 'TLS_NOT_SPOKEN: 127.0.0.1:PORT (TLS): the port speaks MQTT in plain text, and TLS was asked for: write "use_ssl": false, with server_url "127.0.0.1" and server_port PORT; or take the server\'s TLS port',
    checkSays: "TLS: handshake: TLS_NOT_SPOKEN",
    mended: (camera) => edited(camera, "provision.json", '"use_ssl": true', '"use_ssl": false'),
  },
  "an authority that the camera does not know": {
    camera: secure("server", "other-authority"),
    says: 'TLS_CHAIN_INCOMPLETE: localhost:PORT (TLS, 127.0.0.1): the server sent its certificate without that of its issuer "thermal-provision tests: authority", which is not among those trusted here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
    checkSays: "TLS: handshake: TLS_CHAIN_INCOMPLETE",
    mended: (camera) => copyFileSync(authorityFile(), join(camera.directory, "authority.pem")),
  },
  "a certificate for another name": {
    camera: secure("wrong-name"),
    says: 'TLS_WRONG_HOST: localhost:PORT (TLS, 127.0.0.1): the certificate is for "elsewhere.example"; server_url is "localhost" (ERR_TLS_CERT_ALTNAME_INVALID)',
    checkSays: "TLS: handshake: TLS_WRONG_HOST",
    mended: (camera) =>
      camera.credentials({
        use_ssl: true,
        ca_file: "authority.pem",
        server_url: "localhost",
        server_name: "elsewhere.example",
      }),
  },
  "a clock that is behind the certificate": {
    camera: secure("not-yet-valid"),
    inVain: [3, 7],
    says: 'TLS_NOT_YET_VALID: localhost:PORT (TLS, 127.0.0.1): by this camera\'s clock (NOW) "thermal-provision tests: not-yet-valid" is valid from 2120-01-01 00:00 UTC only (CERT_NOT_YET_VALID)',
    checkSays: "TLS: handshake: TLS_NOT_YET_VALID",
  },
  "a clock that is ahead of the certificate": {
    camera: secure("expired"),
    inVain: [3, 7],
    says: 'TLS_EXPIRED: localhost:PORT (TLS, 127.0.0.1): by this camera\'s clock (NOW) "thermal-provision tests: expired" expired on 2021-01-01 00:00 UTC (CERT_HAS_EXPIRED)',
    checkSays: "TLS: handshake: TLS_EXPIRED",
  },
  "a name that does not exist": {
    camera: plain,
    meets: () => failing("ENOTFOUND"),
    inVain: [3, 7],
    says: "HOST_NOT_FOUND: 127.0.0.1:PORT (plain text): there is no such name: no address was found for it (ENOTFOUND)",
    checkSays: "way: connection: HOST_NOT_FOUND",
    mended: toTheRightServer,
  },
  "no name server": {
    camera: plain,
    meets: () => failing("EAI_AGAIN"),
    inVain: [3, 7],
    says: "RESOLVER_SILENT: 127.0.0.1:PORT (plain text): no name server answers, so that no name can be looked up (EAI_AGAIN)",
    checkSays: "way: connection: RESOLVER_SILENT",
    mended: () => {},
  },
  "the cable is out": {
    camera: plain,
    meets: () => failing("ENETUNREACH"),
    inVain: [3, 7],
    says: "NETWORK_UNREACHABLE: 127.0.0.1:PORT (plain text): there is no way to it: this camera has no route there (ENETUNREACH)",
    checkSays: "way: connection: NETWORK_UNREACHABLE",
    mended: () => {},
  },
  "the server has IPv6 only, and the camera IPv4": {
    camera: plain,
    meets: () => failing("ENETUNREACH", {}, { addresses: ["2001:db8::7"], families: ["IPv4"] }),
    inVain: [3, 7],
    says: "ADDRESS_FAMILY_MISSING: 127.0.0.1:PORT (plain text, 2001:db8::7): the server has an IPv6 address only, and this camera has IPv4 only: there is no way from the one to the other (ENETUNREACH)",
    checkSays: "way: connection: ADDRESS_FAMILY_MISSING",
    mended: () => {},
  },
  "the server has IPv4 only, and the camera IPv6": {
    camera: plain,
    meets: () => failing("ENETUNREACH", {}, { addresses: ["203.0.113.7"], families: ["IPv6"] }),
    inVain: [3, 7],
    says: "ADDRESS_FAMILY_MISSING: 127.0.0.1:PORT (plain text, 203.0.113.7): the server has an IPv4 address only, and this camera has IPv6 only: there is no way from the one to the other (ENETUNREACH)",
    checkSays: "way: connection: ADDRESS_FAMILY_MISSING",
    mended: () => {},
  },
  "a firewall drops the packets": {
    camera: plain,
    meets: () => failing("ETIMEDOUT"),
    inVain: [3, 7],
    says: "CONNECT_TIMEOUT: 127.0.0.1:PORT (plain text): nobody answers at this address (ETIMEDOUT)",
    checkSays: "way: connection: CONNECT_TIMEOUT",
    mended: () => {},
  },
  "a web server": {
    camera: plain,
    broken: serves(answering(webPage)),
    says: "NOT_MQTT: 127.0.0.1:PORT (plain text): what answers there is a web server (HTTP), not MQTT",
    checkSays: "server: MQTT: NOT_MQTT",
    mended: toTheRightServer,
  },
  "a web server that waits for a line": {
    camera: plain,
    broken: serves((socket) => socket.on("data", (bytes) => String(bytes).startsWith("HEAD") && socket.end(webPage)), {
      timeout_seconds: 60,
    }),
    says: "NOT_MQTT: 127.0.0.1:PORT (plain text): what answers there is a web server (HTTP), not MQTT",
    checkSays: "server: MQTT: NOT_MQTT",
    mended: toTheRightServer,
  },
  "a web server with TLS": {
    camera: secure("server"),
    broken: serves(answering(webPage), { server_url: "localhost", use_ssl: true, ca_file: "authority.pem" }, true),
    says: "NOT_MQTT: localhost:PORT (TLS, 127.0.0.1): what answers there is a web server (HTTP), not MQTT",
    checkSays: "server: MQTT: NOT_MQTT",
    mended: (camera) => camera.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem" }),
  },
  "a web server without TLS, where TLS is asked for": {
    camera: plain,
    broken: serves(answering(webPage), { use_ssl: true }),
    says: "TLS_NOT_SPOKEN: 127.0.0.1:PORT (TLS): what answers there is a web server (HTTP), in plain text: neither TLS nor MQTT",
    checkSays: "TLS: handshake: TLS_NOT_SPOKEN",
    mended: toTheRightServer,
  },
  "a mistyped key": {
    camera: plain,
    broken: (camera) => camera.credentials({ provision_device_key: provisionKey.toUpperCase() }),
    asks: true,
    says: 'PROVISION_DATA_NOT_FOUND: the server does not know this provision key with this secret (NOT_FOUND); it said: "Provision data was not found!"',
    checkSays: "server: key and secret: PROVISION_DATA_NOT_FOUND",
    mended: toTheRightServer,
  },
  "key and secret in each other's place": {
    camera: plain,
    broken: (camera) =>
      camera.credentials({ provision_device_key: provisionSecret, provision_device_secret: provisionKey }),
    asks: true,
    says: 'PROVISION_DATA_NOT_FOUND: the server does not know this provision key with this secret (NOT_FOUND); it said: "Provision data was not found!"',
    checkSays: "server: key and secret: PROVISION_DATA_NOT_FOUND",
    mended: toTheRightServer,
  },
  "a key with a blank at its end": {
    camera: plain,
    broken: (camera) => camera.credentials({ provision_device_key: `${provisionKey} ` }),
    says: "CREDENTIALS_FILE_INVALID: provision.json in FOLDER cannot be used: provision.json:4:27: provision_device_key: found a text that ends with a space, expected a text without blanks at its ends, line ends and invisible characters",
    checkSays: "files: provision.json: CREDENTIALS_FILE_INVALID",
    mended: toTheRightServer,
  },
  "provisioning is disabled": {
    camera: profiled("DISABLED"),
    asks: true,
    says: 'PROVISION_DATA_NOT_FOUND: the server does not know this provision key with this secret (NOT_FOUND); it said: "Provision data was not found!"',
    checkSays: "server: key and secret: PROVISION_DATA_NOT_FOUND",
  },
  "the device's name is taken": {
    camera: () => Camera.start({}, { device_name: "hall 7" }),
    broken: (camera) => camera.simulator.addDevice({ name: "hall 7", credentials: accessToken("OfAnother") }),
    inVain: [1, 1],
    says: 'DEVICE_REFUSED: The server refused this device name twice (FAILURE), and does not know the camera\'s token. It may be temporary; it said: "Failed to provision device!"',
    checkSays: "",
    mended: (camera) => camera.credentials({ device_name: "hall 8" }),
  },
  "a device that is not registered": {
    camera: profiled("CHECK_PRE_PROVISIONED_DEVICES", { device_name: "hall 7" }),
    inVain: [1, 1],
    says: 'DEVICE_REFUSED: The server refused this device name twice (FAILURE), and does not know the camera\'s token. It may be temporary; it said: "Failed to provision device!"',
    checkSays: "",
    mended: (camera) => camera.simulator.addDevice({ name: "hall 7", credentials: accessToken("Registered") }),
  },
  "a device that was claimed before": {
    camera: profiled("CHECK_PRE_PROVISIONED_DEVICES", { device_name: "hall 7" }),
    broken: async (camera) => {
      camera.simulator.addDevice({ name: "hall 7", credentials: accessToken("Registered") });
      await camera.run();
      camera.remove(".thermal-provision");
      camera.remove("thermal_config.json");
      camera.write("provision.txt", "");
    },
    inVain: [1, 1],
    says: 'DEVICE_REFUSED: The server refused this device name twice (FAILURE), and does not know the camera\'s token. It may be temporary; it said: "Failed to provision device!"',
    checkSays: "",
    mended: (camera) => camera.simulator.deleteAttributes("hall 7", ["provisionState"], "server"),
  },
  "devices are registered beforehand, and the camera has no device_name": {
    camera: profiled("CHECK_PRE_PROVISIONED_DEVICES"),
    broken: (camera) => camera.simulator.addDevice({ name: "hall 7", credentials: accessToken("Registered") }),
    inVain: [3, 3],
    says: 'NAMES_REFUSED: The server refused three generated device names, each twice (FAILURE). It may be temporary; it said: "Failed to provision device!"',
    checkSays: "",
    mended: (camera) => camera.credentials({ device_name: "hall 7" }),
  },
  "another broker, which lets everybody in": {
    camera: plain,
    broken: serves(openBroker, { timeout_seconds: 60 }),
    asks: true,
    says: "NOT_THINGSBOARD: 127.0.0.1:PORT (plain text): an MQTT broker answered that is not ThingsBoard: it lets everybody in, and does not answer",
    checkSays: "server: key and secret: NOT_THINGSBOARD",
    mended: toTheRightServer,
  },
  "another broker, with passwords": {
    camera: plain,
    broken: serves(answering(connack(5))),
    says: "NOT_THINGSBOARD: 127.0.0.1:PORT (plain text): an MQTT broker answered that is not ThingsBoard: the provisioning session was refused (code 5, not authorised)",
    checkSays: "server: MQTT: NOT_THINGSBOARD",
    mended: toTheRightServer,
  },
  "a run that ended in its middle": {
    camera: unheard,
    broken: async (camera) => camera.run(),
    says: "PASS  NAME is provisioned",
    checkSays: "",
  },
  "thermal_config.json is cut off": {
    camera: plain,
    broken: (camera) => {
      camera.write("thermal_config.json.backup.1700000000", camera.read("thermal_config.json"));
      camera.write("thermal_config.json", camera.read("thermal_config.json").slice(0, 40));
    },
    says: "CONFIG_FILE_INVALID: thermal_config.json in FOLDER cannot be used: thermal_config.json:3:15: found a text without its end, expected a closing quote on the same line",
    checkSays: "files: thermal_config.json: CONFIG_FILE_INVALID",
    mended: (camera) => renamed(camera, "thermal_config.json.backup.1700000000", "thermal_config.json"),
  },
  "another run is at work": {
    camera: plain,
    broken: async ({ directory }, until) => {
      mkdirSync(join(directory, ".thermal-provision"), { mode: 0o700 });
      const folder = nodeFileSystem.open(join(directory, ".thermal-provision"), "folder");
      const locking = await nodeFileSystem.lock(folder);
      until({
        [Symbol.dispose]() {
          if (typeof locking === "object") locking.release();
          nodeFileSystem.close(folder);
        },
      });
    },
    says: "LOCKED: another provisioning is at work in FOLDER; wait until it has ended",
    checkSays: "",
  },
  "the answer is lost": {
    camera: () => Camera.start({ scenario: [{ on: "request", do: "close", when: "before the answer" }] }),
    says: "PASS  NAME is provisioned",
    checkSays: "",
  },
  "only a proxy leads out": {
    camera: plain,
    meets: () => failing("ENETUNREACH", { https_proxy: "http://camera:secretOfProxy@proxy.example:3128" }),
    inVain: [3, 7],
    says: "NETWORK_UNREACHABLE: 127.0.0.1:PORT (plain text): there is no way to it: this camera has no route there (ENETUNREACH)",
    checkSays: "way: connection: NETWORK_UNREACHABLE",
    mended: () => {},
  },
  "a card that was copied after its camera was provisioned": {
    camera: plain,
    meets: async (camera, until) => {
      await camera.run(board("10000000abcdef01", until));
      camera.write("provision.txt", "");
      return board("10000000abcdef02", until);
    },
    says: "OTHER_BODY: the credentials in thermal_config.json are another camera's",
    checkSays: "camera: board: OTHER_BODY",
  },
  "a card that was copied in the middle of a provisioning": {
    camera: unheard,
    meets: async (camera, until) => {
      await camera.run(board("10000000abcdef01", until));
      return board("10000000abcdef02", until);
    },
    says: "OTHER_BODY: another camera began the unfinished provisioning on this card",
    checkSays: "camera: board: OTHER_BODY",
  },
};
