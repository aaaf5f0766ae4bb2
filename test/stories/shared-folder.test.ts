import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { dryRun } from "../../src/dry-run.ts";
import { type Attributes, type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { takeLock } from "../../src/files/disk/lock.ts";
import { givenCredentials } from "../../src/files/given-credentials.ts";
import { encodeIntent, encodeReceived } from "../../src/files/journal/journal-records.ts";
import { adopt, listOfBackups, type ProvisionOptions, restore, restoreLastSuccess } from "../../src/index.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { intent, received } from "../files/sample.ts";
import { token } from "../model/tokens.ts";
import { Camera } from "./camera.ts";
import { isRefused } from "./hostile-input.ts";
import { hurriedClock } from "./hurried-clock.ts";

const stranger = 4000;
const known = "ATTACKERKNOWNTOKEN00000000000000";

/** Lets the second user of the machine run a line of shell. */
function asStranger(line: string, input: Uint8Array | string = ""): string {
  const user = [`--reuid=${stranger}`, `--regid=${stranger}`, "--clear-groups"];
  return execFileSync("setpriv", [...user, "sh", "-ec", line], { input, encoding: "utf8" });
}

/** A camera whose folder everybody may write, as image scripts make them. */
async function openCamera(options: Parameters<typeof Camera.start>[0] = {}): Promise<Camera> {
  const camera = await Camera.start(options);
  chmodSync(camera.directory, 0o1777);
  return camera;
}

/** Puts a file into the journal of the camera's server, as the second user. */
function plant(camera: Camera, name: string, bytes: Uint8Array | string): string {
  const folder = join(camera.directory, ".thermal-provision", camera.simulator.host);
  asStranger(`umask 022; mkdir -p ${folder}; cat > ${join(folder, name)}`, bytes);
  return join(folder, name);
}

/** A reserved room of the second user in a folder that is closed to them by now. */
function plantRoom(camera: Camera, bytes: Uint8Array | string): string {
  const folder = join(camera.directory, ".thermal-provision", camera.simulator.host);
  mkdirSync(folder, { recursive: true });
  for (const path of [camera.directory, folder]) chmodSync(path, 0o777);
  const room = plant(camera, ".received.reserved", bytes);
  chmodSync(room, 0o600);
  for (const path of [camera.directory, folder]) chmodSync(path, 0o700);
  return room;
}

const notTrusted = { code: "FOLDER_NOT_TRUSTED", exitStatus: 78, state: "FAILED_CONFIG", status: false } as const;

describe.runIf(process.getuid?.() === 0)("of what a second user planted in the camera's folder", () => {
  it("an intent with a token that they know is not believed: nothing is sent", async () => {
    await using camera = await openCamera();
    const { host } = camera.simulator;
    const planted = plant(camera, "intent-1.json", encodeIntent(intent({ host, credentials: token(known) })));
    await isRefused(camera, {
      ...notTrusted,
      says: `${camera.directory} can be written by every user (mode 1777), and`,
    });
    chmodSync(camera.directory, 0o755);
    // Also once the folder was closed: what is in it by then is still theirs.
    await isRefused(camera, { ...notTrusted, says: `belongs to user ${stranger}, expected root` });
    expect(statSync(planted).uid).toBe(stranger);
    expect(camera.simulator.devices).toEqual([]);
    await expect(dryRun({ directory: camera.directory })).rejects.toMatchObject({ errorCode: "FOLDER_NOT_TRUSTED" });
  });

  it("an answer with the token of their own device is not believed: nothing is sent", async () => {
    await using camera = await openCamera();
    const { host } = camera.simulator;
    plant(camera, "received-1.json", encodeReceived(received({ credentials: token(known) }), host));
    await isRefused(camera, notTrusted);
    chmodSync(camera.directory, 0o755);
    await isRefused(camera, notTrusted);
  });

  it("a reserved room is made again, so that who holds it open reads nothing", async () => {
    await using camera = await Camera.start();
    const room = plantRoom(camera, " ".repeat(4096));
    const held = nodeFileSystem.open(room, "read");
    try {
      expect(await codesOf(camera)).toEqual(silent);
      expect(nodeFileSystem.stat(held)).toMatchObject({ owner: stranger, links: 0 });
      const bytes = new Uint8Array(8192);
      const length = nodeFileSystem.read(held, bytes, 0);
      expect(new TextDecoder().decode(bytes.subarray(0, length))).toBe(" ".repeat(4096));
    } finally {
      nodeFileSystem.close(held);
    }
  });

  it("an answer in the reserved room is not taken for the camera's", async () => {
    await using camera = await Camera.start();
    const answer = received({ credentials: token(known) });
    plantRoom(camera, encodeReceived(answer, camera.simulator.host));
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).not.toBe(known);
    expect(camera.tokensOnServer).toEqual([camera.token]);
  });

  it("a link in the place of the journal, put there between look and opening, leads nowhere", async () => {
    await using camera = await openCamera();
    const journal = join(camera.directory, ".thermal-provision");
    const target = join(camera.directory, "target");
    mkdirSync(target, { mode: 0o755 });
    asStranger(`mkdir ${journal}`);
    const files: FileSystem = {
      ...nodeFileSystem,
      lstat(path) {
        const seen = nodeFileSystem.lstat(path);
        if (path === journal && seen?.kind === "folder") asStranger(`rmdir ${journal}; ln -s ${target} ${journal}`);
        return seen;
      },
    };
    await expect(takeLock(files, camera.directory, systemClock)).rejects.toMatchObject({
      errorCode: "JOURNAL_UNREADABLE",
      message: `${journal} is not a folder; move it away`,
    });
    expect(lstatSync(journal).isSymbolicLink()).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o755);
  });

  it("--allow-shared-folder believes it, and says what that means", async () => {
    await using camera = await openCamera();
    const { host } = camera.simulator;
    plant(camera, "intent-1.json", encodeIntent(intent({ host, credentials: token(known) })));
    const outcome = await camera.run({ allowSharedFolder: true });
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(outcome.warnings.map(({ code }) => code)).toContain("FOLDER_SHARED");
    expect(camera.token).toBe(known);
  });
});

it("a folder and provision.json that only the owner's own group may write besides are nobody else's", async () => {
  await using camera = await Camera.start();
  chmodSync(camera.directory, 0o775);
  chmodSync(join(camera.directory, "provision.json"), 0o620);
  // The number of the group is the owner's, as Debian makes users.
  const files: FileSystem = { ...nodeFileSystem, lstat: own(nodeFileSystem.lstat), stat: own(nodeFileSystem.stat) };
  expect(await codesOf(camera, { files })).toEqual(silent);
});

it("a provision.json that another group may write is refused before anything is sent", async () => {
  await using camera = await Camera.start();
  const path = join(camera.directory, "provision.json");
  chmodSync(path, 0o620);
  const lstat: FileSystem["lstat"] = (name) => {
    const seen = nodeFileSystem.lstat(name);
    return seen && { ...seen, group: seen.owner + 1 };
  };
  const says = `${path} can be written by group ${statSync(path).uid + 1}, which is not its owner's own, (mode 620)`;
  await isRefused(camera, { ...notTrusted, says }, { files: { ...nodeFileSystem, lstat } });
});

it("a file system that knows no modes is no reason to refuse: its own warning says what it is", async () => {
  await using camera = await Camera.start();
  chmodSync(camera.directory, 0o777);
  const fat = 0x4d44;
  const space: FileSystem["space"] = (path) => ({ ...nodeFileSystem.space(path), type: fat });
  expect(await camera.run({ files: { ...nodeFileSystem, space } })).toMatchObject({ result: "provisioned" });
});

it("a record of another server in a server's folder is refused as what it is", async () => {
  await using camera = await Camera.start();
  const folder = join(camera.directory, ".thermal-provision", camera.simulator.host);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "intent-1.json");
  writeFileSync(path, encodeIntent(intent({ host: "other.host" })), { mode: 0o600 });
  const says = `${path}: found a record of the server other.host, expected one of the server whose folder it lies in`;
  await isRefused(camera, { code: "JOURNAL_UNREADABLE", says });
});

function own<Arguments extends readonly unknown[], Seen extends Attributes | undefined>(
  look: (...parameters: Arguments) => Seen,
) {
  return (...parameters: Arguments): Seen => {
    const seen = look(...parameters);
    return seen === undefined ? seen : { ...seen, group: seen.owner };
  };
}

/** The warnings of a provisioning that nothing is wrong with. */
const silent = ["PLAIN_TEXT", "NO_DEVICE_ID"];

async function codesOf(camera: Camera, options: ProvisionOptions = {}): Promise<readonly string[]> {
  const outcome = await camera.run(options);
  expect(outcome).toMatchObject({ result: "provisioned" });
  return outcome.warnings.map(({ code }) => code);
}

it("adopt and restore say of a shared folder what provision says", async () => {
  await using camera = await Camera.start();
  await camera.run();
  camera.simulator.addDevice({ name: "by hand", credentials: accessToken("madeByAnAdministrator") });
  chmodSync(camera.directory, 0o1777);
  const { directory } = camera;
  const [backup] = await listOfBackups({ directory });
  const given = givenCredentials('{"access_token":"madeByAnAdministrator","device_name":"by hand"}', "the file");
  const told = { code: "FOLDER_SHARED", message: expect.stringContaining(`${directory} can be written by every user`) };
  const work = {
    adopt: async (options: ProvisionOptions) => {
      const outcome = await adopt(given, options);
      if (outcome.result === "failed") throw outcome.error;
      return outcome;
    },
    restore: (options: ProvisionOptions) => restore(backup?.name ?? "", { ...options, force: true }),
    restoreLastSuccess: (options: ProvisionOptions) => restoreLastSuccess(options),
  };
  for (const [name, doIt] of Object.entries(work)) {
    const refusal = { errorCode: "FOLDER_NOT_TRUSTED", exitStatus: 78 };
    await expect(doIt({ directory, clock: hurriedClock }), name).rejects.toMatchObject(refusal);
    const { warnings } = await doIt({ directory, clock: hurriedClock, allowSharedFolder: true });
    expect(warnings, name).toContainEqual(told);
  }
});
