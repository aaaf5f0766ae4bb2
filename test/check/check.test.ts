import { X509Certificate } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type CheckLine,
  type CheckOptions,
  check,
  type FileSystem,
  nodeFileSystem,
  nodeSystem,
  ProvisioningError,
  systemClock,
} from "../../src/index.ts";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import { systemError } from "../files/disk/watched-file-system.ts";
import { authorityFile, type CertificateName, identity } from "../fixtures/tls/certificates.ts";
import { Camera } from "../stories/camera.ts";
import { ordinarySystem as system } from "./ordinary-system.ts";

/** A camera whose server speaks TLS, with everything as it should be. */
async function goodCamera(
  certificate: CertificateName = "server",
  simulator: SimulatorOptions = {},
  credentials: Record<string, unknown> = {},
): Promise<Camera> {
  const camera = await Camera.start({ tls: identity(certificate), ...simulator });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem", ...credentials });
  return camera;
}

function looked(camera: Camera, options: CheckOptions = {}) {
  return check({ directory: camera.directory, system, ...options });
}

/** `group: name: state`, without what is as it should be. */
function notable(lines: readonly CheckLine[]): readonly string[] {
  return lines.filter(({ state }) => state !== "ok").map(({ group, name, state }) => `${group}: ${name}: ${state}`);
}

/** Names, contents, modes and times below a folder. */
function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
    const path = join(folder, name);
    const { mode, mtimeMs, ino } = statSync(path);
    return [name, mode, mtimeMs, ino, statSync(path).isFile() ? readFileSync(path, "base64") : ""].join(" ");
  });
}

describe("a good camera and a good server", () => {
  it("nothing fails, nothing is warned about, and skipped is only what was not asked for or is absent", async () => {
    await using camera = await goodCamera();
    const { lines, exitStatus } = await looked(camera);
    expect(notable(lines)).toEqual([
      "camera: board: skipped",
      "server: key and secret: skipped",
      "server: credentials: skipped",
    ]);
    expect(exitStatus).toBe(0);
  });

  it("makes nothing on the server and writes nothing, whatever it is asked", async () => {
    await using camera = await goodCamera();
    const before = snapshot(camera.directory);
    const { lines } = await looked(camera, { askServer: true, tryCredentials: true });
    expect(camera.simulator.devices).toEqual([]);
    expect(snapshot(camera.directory)).toEqual(before);
    expect(lines.find(({ name }) => name === "key and secret")).toMatchObject({ state: "ok" });
  });

  it("opens nothing for writing: closing it would start the unit that watches the trigger", async () => {
    await using camera = await goodCamera();
    await camera.run();
    camera.write("provision.txt", "");
    const opened: string[] = [];
    const files: FileSystem = {
      ...nodeFileSystem,
      open(path, access, ...rights) {
        opened.push(access);
        return nodeFileSystem.open(path, access, ...rights);
      },
    };
    await looked(camera, { askServer: true, tryCredentials: true, surroundings: { files } });
    expect(opened).toContain("read");
    expect(opened.filter((access) => access === "create" || access === "overwrite")).toEqual([]);
  });

  it("looks while a run holds the lock, and when the camera is provisioned", async () => {
    await using camera = await goodCamera();
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    const before = snapshot(camera.directory);
    const lock = await holdLock(camera);
    const { lines, exitStatus } = await looked(camera, { tryCredentials: true, askServer: true });
    lock();
    expect([notable(lines), exitStatus]).toEqual([["camera: board: skipped"], 0]);
    expect(lines).toContainEqual(
      expect.objectContaining({ group: "camera", name: "lock", found: expect.stringContaining("a run is at work") }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ name: "credentials", state: "ok" }));
    expect([snapshot(camera.directory), camera.simulator.devices.length]).toEqual([before, 1]);
  });
});

/** Holds the lock as a run does; gives what lets it go. */
async function holdLock({ directory }: Camera): Promise<() => void> {
  const folder = nodeFileSystem.open(join(directory, ".thermal-provision"), "folder");
  const locking = await nodeFileSystem.lock(folder);
  return () => {
    if (typeof locking === "object") locking.release();
    nodeFileSystem.close(folder);
  };
}

describe("what is wrong is named, and hides what depends on it", () => {
  it("a folder that is not there: 78, and everything else because of files", async () => {
    const { lines, exitStatus } = await check({ directory: "/nowhere/camera", system });
    expect(lines[0]).toMatchObject({ group: "files", name: "folder", state: "failed", code: "FOLDER_MISSING" });
    expect(lines.slice(1).every(({ becauseOf }) => becauseOf === "files")).toBe(true);
    expect(exitStatus).toBe(78);
  });

  it("both files with all their mistakes: 78", async () => {
    await using camera = await goodCamera();
    camera.write("provision.json", '{ "server_url": "tb.example", "provision_device_key": 7, "server_port": "x" }');
    camera.write("thermal_config.json", "{ nonsense");
    const { lines, exitStatus } = await looked(camera);
    const [credentials, config] = lines.filter(({ state }) => state === "failed");
    expect(credentials).toMatchObject({ name: "provision.json", code: "CREDENTIALS_FILE_INVALID" });
    expect(credentials?.found).toMatch(/server_port[\s\S]*provision_device_key|provision_device_key[\s\S]*server_port/);
    expect(config).toMatchObject({ name: "thermal_config.json", code: "CONFIG_FILE_INVALID" });
    expect(lines.filter(({ becauseOf }) => becauseOf === "files").map(({ group }) => group)).toEqual([
      ...["name", "way", "TLS", "server"],
    ]);
    expect(exitStatus).toBe(78);
  });

  it("a misnamed trigger: 78 on a camera without credentials", async () => {
    await using camera = await goodCamera();
    camera.remove("provision.txt");
    camera.write("Provision.TXT", "");
    const { lines, exitStatus } = await looked(camera);
    expect(notable(lines)[0]).toBe("files: provision.txt: failed");
    expect(exitStatus).toBe(78);
  });

  it("a folder that this user may not write into: 73", async () => {
    await using camera = await goodCamera();
    const denied = Object.assign(new Error("denied"), { code: "EACCES", errno: -13 });
    const { lines, exitStatus } = await looked(camera, { system: { ...system, mayWrite: () => denied } });
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({
      group: "disk",
      code: "PERMISSION_DENIED",
      found: expect.stringContaining("as user camera (1000)"),
    });
    expect(exitStatus).toBe(73);
  });

  it("a trigger that nobody may rename (chattr +i): 73", async () => {
    await using camera = await goodCamera();
    const trigger = join(camera.directory, "provision.txt");
    const immutable = Object.assign(new Error("immutable"), { code: "EPERM", errno: -1 });
    const mayWrite = (path: string) => (path === trigger ? immutable : undefined);
    const { lines, exitStatus } = await looked(camera, { system: { ...system, mayWrite } });
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({
      ...{ group: "disk", name: "files to replace", code: "PERMISSION_DENIED" },
      found: expect.stringContaining(trigger),
    });
    expect(exitStatus).toBe(73);
  });

  it("a clock that is not set: name and way are looked at, TLS is skipped because of clock", async () => {
    await using camera = await goodCamera();
    const clock = { ...systemClock, now: () => new Date(0) };
    const { lines, exitStatus } = await looked(camera, { surroundings: { clock } });
    expect(lines.find(({ group }) => group === "clock")?.found).toBe(
      "the camera's clock says 1970-01-01T00:00:00.000Z, and this program was first made on 2026-01-01: it is not set",
    );
    const behind = lines.slice(lines.findIndex(({ group }) => group === "clock") + 1);
    expect(behind.map(({ group, name, state }) => `${group}: ${name}: ${state}`)).toEqual(
      expect.arrayContaining(["name: localhost: ok", "way: connection: ok"]),
    );
    expect(behind.filter(({ becauseOf }) => becauseOf === "clock").map(({ group }) => group)).toEqual([
      ...["TLS", "server"],
    ]);
    expect(behind.at(-1)).toMatchObject({ group: "server", becauseOf: "clock" });
    expect([camera.simulator.heard, exitStatus]).toEqual([[], 75]);
  });

  it("a clock that is not set and a server away: both are told", async () => {
    await using camera = await goodCamera();
    await camera.simulator.close();
    const clock = { ...systemClock, now: () => new Date(0) };
    const { lines } = await looked(camera, { surroundings: { clock } });
    expect(lines.filter(({ state }) => state === "failed").map(({ group }) => group)).toEqual(["clock", "way"]);
    expect(lines.slice(-2).map(({ becauseOf }) => becauseOf)).toEqual(["way", "way"]);
  });

  it("a name that does not exist: way, TLS and server are skipped because of name", async () => {
    await using camera = await goodCamera("server", {}, { server_url: "no-such-name.invalid" });
    const { lines, exitStatus } = await looked(camera);
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ group: "name" });
    expect(lines.filter(({ becauseOf }) => becauseOf === "name").map(({ group, name }) => `${group}: ${name}`)).toEqual(
      [...["way: connection", "TLS: handshake", "server: MQTT", "server: key and secret", "server: credentials"]],
    );
    expect(exitStatus).toBe(75);
  });

  it("a port at which nobody listens: TLS and server are skipped because of way", async () => {
    await using camera = await goodCamera();
    await camera.simulator.close();
    const { lines, exitStatus } = await looked(camera);
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ group: "way", code: "CONNECTION_REFUSED" });
    expect(lines.filter(({ becauseOf }) => becauseOf === "way").map(({ group, name }) => `${group}: ${name}`)).toEqual([
      ...["TLS: handshake", "server: MQTT", "server: key and secret", "server: credentials"],
    ]);
    expect(exitStatus).toBe(75);
  });

  it.each([
    ["wrong-name", "TLS_WRONG_HOST", 78],
    ["expired", "TLS_EXPIRED", 75],
    ["not-yet-valid", "TLS_NOT_YET_VALID", 75],
    ["self-signed", "TLS_UNTRUSTED", 78],
  ] as const)("a certificate that is %s: %s", async (certificate, code, status) => {
    await using camera = await goodCamera(certificate);
    const { lines, exitStatus } = await looked(camera);
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ group: "TLS", code });
    expect(lines.at(-3)).toMatchObject({ group: "server", becauseOf: "TLS" });
    expect(exitStatus).toBe(status);
  });

  it("plain text asked of a TLS port: TLS, with what to write", async () => {
    await using camera = await goodCamera("server", {}, { use_ssl: false });
    const { lines, exitStatus } = await looked(camera);
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({
      group: "TLS",
      code: "TLS_EXPECTED",
      found: expect.stringContaining('"use_ssl": true'),
    });
    expect(exitStatus).toBe(75);
  });

  it("a wrong secret: 77, when it is asked for", async () => {
    await using camera = await goodCamera("server", {}, { provision_device_secret: "anotherSecret0123456" });
    expect((await looked(camera)).exitStatus).toBe(0);
    const { lines, exitStatus } = await looked(camera, { askServer: true });
    expect(lines).toContainEqual(expect.objectContaining({ name: "key and secret", code: "PROVISION_DATA_NOT_FOUND" }));
    expect([exitStatus, camera.simulator.devices]).toEqual([77, []]);
  });

  it("credentials that the server does not know any more: 77, when they are tried", async () => {
    await using camera = await goodCamera();
    await camera.run();
    const [device] = camera.simulator.devices;
    if (device !== undefined) camera.simulator.removeDevice(device.name);
    const { lines, exitStatus } = await looked(camera, { tryCredentials: true });
    expect(lines).toContainEqual(expect.objectContaining({ name: "credentials", code: "CREDENTIALS_NOT_ACCEPTED" }));
    expect(exitStatus).toBe(77);
  });

  it("a file system that is mounted read-only: 73", async () => {
    await using camera = await goodCamera();
    camera.write("mountinfo", "24 1 8:1 / / ro,relatime - ext4 /dev/sda1 ro\n");
    camera.write("fdinfo", "pos:\t0\nmnt_id:\t24\n");
    const proc = (path: string) => {
      if (!path.startsWith("/proc/self/")) return path;
      return join(camera.directory, path.endsWith("/mountinfo") ? "mountinfo" : "fdinfo");
    };
    const files: FileSystem = {
      ...nodeFileSystem,
      lstat: (path) => nodeFileSystem.lstat(proc(path)),
      open: (path, ...rest) => nodeFileSystem.open(proc(path), ...rest),
    };
    const { lines, exitStatus } = await looked(camera, { surroundings: { files } });
    expect(lines.filter(({ state }) => state === "failed")).toEqual([
      expect.objectContaining({
        ...{ group: "disk", name: "file system", code: "FOLDER_READ_ONLY" },
        found: "/ (ext4) is mounted read-only",
      }),
    ]);
    expect(exitStatus).toBe(73);
  });

  it("a disk that fails at a file: 74", async () => {
    await using camera = await goodCamera();
    const files: FileSystem = {
      ...nodeFileSystem,
      open(path, ...rest) {
        if (path.endsWith("/provision.json")) throw systemError("EIO", "open");
        return nodeFileSystem.open(path, ...rest);
      },
    };
    const { lines, exitStatus } = await looked(camera, { surroundings: { files } });
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ name: "provision.json", code: "FILE_IO" });
    expect(exitStatus).toBe(74);
  });

  it("files one folder further down or up are pointed at", async () => {
    await using camera = await goodCamera();
    const below = join(camera.directory, "sd-card");
    mkdirSync(below);
    for (const name of ["provision.txt", "provision.json"]) renameSync(join(camera.directory, name), join(below, name));
    const { lines } = await looked(camera);
    expect(lines.find(({ name }) => name === "provision.txt")).toMatchObject({
      state: "warning",
      found: `is not there, but ${below}/provision.txt is`,
      remedy: `Move it into ${camera.directory}`,
    });
    expect(lines.find(({ name }) => name === "provision.json")).toMatchObject({
      state: "failed",
      remedy: `Move ${below}/provision.json into ${camera.directory}, if it is this camera's`,
    });
    const deeper = await check({ directory: camera.directory, system });
    expect(deeper.exitStatus).toBe(78);
    const empty = join(camera.directory, "empty");
    mkdirSync(empty);
    renameSync(join(below, "provision.txt"), join(camera.directory, "provision.txt"));
    const { lines: inside } = await check({ directory: empty, system });
    expect(inside.find(({ name }) => name === "provision.txt")?.found).toBe(
      `is not there, but ${camera.directory}/provision.txt is`,
    );
  });

  it("the worst failure decides: 78 before 73 before 75", async () => {
    await using camera = await goodCamera("server", {}, { server_url: "no-such-name.invalid" });
    const denied = Object.assign(new Error("read-only"), { code: "EROFS", errno: -30 });
    const readOnly = { ...system, mayWrite: () => denied };
    expect((await looked(camera, { system: readOnly })).exitStatus).toBe(73);
    camera.write("provision.json", "{}");
    expect((await looked(camera, { system: readOnly })).exitStatus).toBe(78);
  });
});

describe("what the caller says of the way outranks provision.json, as for provision", () => {
  it("requireTls: plain text is a failure, 78", async () => {
    await using camera = await Camera.start();
    const { lines, exitStatus } = await looked(camera, { requireTls: true });
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ name: "TLS options", code: "TLS_REQUIRED" });
    expect(exitStatus).toBe(78);
  });

  it("caFile, serverName and pinned keys", async () => {
    await using camera = await goodCamera("wrong-name");
    expect((await looked(camera)).exitStatus).toBe(78);
    const [, serverName = ""] =
      /^DNS:([^,]+)/.exec(new X509Certificate(identity("wrong-name").cert).subjectAltName ?? "") ?? [];
    expect((await looked(camera, { serverName })).exitStatus).toBe(0);
    const { lines } = await looked(camera, { caFile: authorityFile("other-authority") });
    expect(lines.find(({ state }) => state === "failed")?.code).toMatch(/^TLS_(UNTRUSTED|CHAIN_INCOMPLETE)$/);
    const pinned = await looked(camera, {
      serverName,
      pinnedPublicKeys: [`sha256/${"A".repeat(43)}=`],
    });
    expect(pinned.lines.find(({ state }) => state === "failed")).toMatchObject({ code: "TLS_PIN_MISMATCH" });
  });

  it("a proxy; one that is not written as one is the caller's mistake", async () => {
    await using camera = await Camera.start();
    const { lines } = await looked(camera, { proxy: "http://127.0.0.1:1" });
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({ group: "way", code: "PROXY_UNREACHABLE" });
    await expect(looked(camera, { proxy: "socks5://127.0.0.1:1" })).rejects.toMatchObject({ errorCode: "USAGE" });
  });
});

describe("warnings", () => {
  it("plain text, files that others can read, a failed unit of another user: exit status 0", async () => {
    await using camera = await Camera.start();
    chmodSync(join(camera.directory, "provision.json"), 0o644);
    const unit = () => ({ user: "thermal-camera", activeState: "failed", result: "exit-code", fileState: "enabled" });
    const { lines, exitStatus } = await looked(camera, { system: { ...system, unit, hasFlock: () => false } });
    expect(notable(lines).filter((each) => each.endsWith("warning"))).toEqual([
      "files: provision.json: warning",
      "camera: flock: warning",
      "camera: unit: warning",
      "camera: unit's user: warning",
      "TLS: encryption: warning",
    ]);
    expect(exitStatus).toBe(0);
  });

  it("no line holds a secret", async () => {
    await using camera = await goodCamera();
    await camera.run();
    const { lines } = await looked(camera, { askServer: true, tryCredentials: true });
    const text = JSON.stringify(lines);
    for (const secret of [camera.token ?? "?", "storyProvisionKey012", "storyProvisionSecret"]) {
      expect(text).not.toContain(secret);
    }
  });
});

it("somebody who stops it gets that as the error, and no finding that comes of it", async () => {
  await using camera = await goodCamera();
  const stopping = new AbortController();
  const connect = async () => {
    stopping.abort(new ProvisioningError("INTERRUPTED", "stopped"));
    throw stopping.signal.reason;
  };
  const lines: CheckLine[] = [];
  const options = { signal: stopping.signal, surroundings: { connect }, onLine: (line: CheckLine) => lines.push(line) };
  await expect(looked(camera, options)).rejects.toMatchObject({ errorCode: "INTERRUPTED" });
  expect(lines.filter(({ state }) => state === "failed")).toEqual([]);
});

it("an option that there is not is refused", async () => {
  const misspelt: object = { directroy: "/nowhere" };
  await expect(check(misspelt)).rejects.toMatchObject({ errorCode: "USAGE" });
});

it("this machine's own system can be asked", () => {
  expect(nodeSystem.user().number).toBe(process.getuid?.());
  expect(nodeSystem.mayWrite("/proc/nowhere")).toBeInstanceOf(Error);
  expect(nodeSystem.processesAt("/nowhere")).toEqual([]);
});
