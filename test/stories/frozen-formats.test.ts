import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../../src/base/duration.ts";
import type { FileSystem } from "../../src/files/disk/file-system.ts";
import { type Outcome, provision } from "../../src/index.ts";
import { accessToken, Simulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { type Call, Killed, unsynced, watched } from "../files/disk/watched-file-system.ts";
import { hurriedClock } from "./hurried-clock.ts";

const frozen = join(import.meta.dirname, "../fixtures/formats/0.1");
const key = { provisionDeviceKey: "frozenKey0123456789a", provisionDeviceSecret: "frozenSecret01234567" };

/** A camera whose files an earlier version left. */
interface Found {
  /** The devices that the server had made by then, by the name and the token of the frozen files. */
  readonly onServer: Readonly<Record<string, string>>;
  readonly provisionType?: "CHECK_PRE_PROVISIONED_DEVICES";
  /** What is put into the folder before the run. */
  readonly edit?: (folder: string) => void;
  /** How the run ends that goes on from there. */
  readonly ends: Outcome["result"];
  /** The device that the camera has in the end; a name or token that is left out is made by the run. */
  readonly has: { readonly name?: string; readonly token?: string };
  /** How many devices the server has in the end. */
  readonly devices: number;
}

const triggered = (folder: string) => writeFileSync(join(folder, "provision.txt"), "");

const cameras: Readonly<Record<string, Found>> = {
  completed: {
    onServer: { "thermal-camera-BSQ5SE": "Vh21UZka95p5SFhM7Wmx6EXdDZF0rdWl" },
    edit: triggered,
    ends: "already_provisioned",
    has: { name: "thermal-camera-BSQ5SE", token: "Vh21UZka95p5SFhM7Wmx6EXdDZF0rdWl" },
    devices: 1,
  },
  "completed-again": {
    onServer: {
      "thermal-camera-BSQ5SE": "Vh21UZka95p5SFhM7Wmx6EXdDZF0rdWl",
      "thermal-camera-B47I7E": "BHP2aXELN8v9zXYBmKyq650IGQoNWkMp",
    },
    edit: triggered,
    ends: "already_provisioned",
    has: { name: "thermal-camera-B47I7E", token: "BHP2aXELN8v9zXYBmKyq650IGQoNWkMp" },
    devices: 2,
  },
  refused: {
    onServer: {},
    edit: (folder) => change(join(folder, "provision.json"), '"wrongKey"', `"${key.provisionDeviceKey}"`),
    ends: "provisioned",
    has: { name: "thermal-camera-YH61U7", token: "ecButLy88KqfmH1y8bYr7RiIlGrbT3mc" },
    devices: 1,
  },
  "killed-while-waiting": {
    onServer: { "thermal-camera-9GLZD7": "1lSmscSrHEfDL2merUd6GXLLZser7rc9" },
    ends: "provisioned",
    has: { name: "thermal-camera-9GLZD7", token: "1lSmscSrHEfDL2merUd6GXLLZser7rc9" },
    devices: 1,
  },
  "killed-after-the-answer": {
    onServer: { "thermal-camera-OYZPYQ": "rOiLqiYYZEJ1044X8yWxjLL4GL0c2wNk" },
    ends: "provisioned",
    has: { name: "thermal-camera-OYZPYQ", token: "rOiLqiYYZEJ1044X8yWxjLL4GL0c2wNk" },
    devices: 1,
  },
  "second-name": {
    onServer: { "thermal-camera-KOONAZ": "somebody else's token" },
    ends: "provisioned",
    has: { name: "thermal-camera-9YVIY8", token: "a5KLlT0LzpgjyoXth6ZYowFIT798aeki" },
    devices: 2,
  },
  "known-in-advance": {
    onServer: { lobby: "frozenAccessToken001" },
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    ends: "provisioned",
    has: { name: "lobby", token: "frozenAccessToken001" },
    devices: 1,
  },
  "interrupted-between-configuration-and-trigger": {
    onServer: { "thermal-camera-ZEFZC3": "IwbawJGtneeR3TTSkeMXUwymDuKPfDzm" },
    ends: "provisioned",
    has: { name: "thermal-camera-ZEFZC3", token: "IwbawJGtneeR3TTSkeMXUwymDuKPfDzm" },
    devices: 1,
  },
  // The device of the journal that was put aside stays on the server: `reset` says so.
  "put-aside": {
    onServer: { "thermal-camera-9GLZD7": "1lSmscSrHEfDL2merUd6GXLLZser7rc9" },
    ends: "provisioned",
    has: {},
    devices: 2,
  },
};

it("every frozen folder has a camera here", () => {
  expect(Object.keys(cameras).toSorted()).toEqual(readdirSync(frozen).toSorted());
});

it.each(["completed", "completed-again"])("without a trigger nothing is done in the folder %s", async (name) => {
  await using camera = await Thawed.start(name, { ...found(name), edit: () => {} });
  const before = camera.config;
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
  expect(camera.config).toBe(before);
  expect(camera.simulator.heard).toEqual([]);
});

describe.each(Object.keys(cameras))("the folder %s", (name) => {
  it("is gone on from", async () => {
    const { ends } = found(name);
    await using camera = await Thawed.start(name, found(name));
    expect((await camera.run()).result).toBe(ends);
    camera.judge();
  });

  it("is gone on from after a kill before any change of a name", async () => {
    const { ends, devices } = found(name);
    for (let nth = 1; ; nth++) {
      await using camera = await Thawed.start(name, found(name));
      const { files, reached } = killedBeforeChange(nth);
      const killed = await camera.run(files);
      expect(camera.simulator.devices.length, `killed before change ${nth}`).toBeLessThanOrEqual(devices);
      if (!reached()) {
        expect(killed.result).toBe(ends);
        expect(nth).toBeGreaterThan(1);
        return;
      }
      const { result } = await camera.run();
      // Killed at the very end, the status was the last thing to be written.
      expect([ends, "nothing_to_do"], `killed before change ${nth}`).toContain(result);
      camera.judge();
    }
  });
});

/** A copy of a frozen folder beside a server that has its devices. */
class Thawed implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly #directory = mkdtempSync(join(tmpdir(), "thawed-"));
  readonly #found: Found;

  private constructor(simulator: Simulator, found: Found) {
    this.simulator = simulator;
    this.#found = found;
  }

  static async start(name: string, found: Found): Promise<Thawed> {
    const { provisionType = "ALLOW_CREATE_NEW_DEVICES", onServer } = found;
    const profiles: SimulatorOptions["profiles"] = [{ name: "thermal-camera", provisionType, ...key }];
    const devices = Object.entries(onServer).map(([device, token]) => ({
      name: device,
      credentials: accessToken(token),
    }));
    const camera = new Thawed(await Simulator.start({ profiles, devices }), found);
    cpSync(join(frozen, name), camera.#directory, { recursive: true });
    closeToOthers(camera.#directory);
    const credentials = join(camera.#directory, "provision.json");
    change(credentials, /"server_port": \d+/, `"server_port": ${camera.simulator.port}`);
    // The clock of these tests is a hurried one.
    change(credentials, '"timeout_seconds": 5', '"timeout_seconds": 300');
    found.edit?.(camera.#directory);
    return camera;
  }

  run(files: FileSystem = alone): Promise<Outcome> {
    return provision({ directory: this.#directory, files, clock: hurriedClock, deviceIdWithin: milliseconds(0) });
  }

  get config(): string {
    return readFileSync(join(this.#directory, "thermal_config.json"), "utf8");
  }

  /** The camera has the device that it should, the server has no other, and foreign keys and comments are whole. */
  judge(): void {
    const { has, devices } = this.#found;
    const { config } = this;
    const [name, token] = ["device_name", "access_token"].map(
      (field) => new RegExp(`"${field}": "([^"]+)"`).exec(config)?.[1],
    );
    expect({ name, token }).toMatchObject(has);
    expect(this.simulator.devices.find((device) => device.name === name)?.credentials.credentialsId).toBe(token);
    expect(this.simulator.devices.length).toBe(devices);
    expect(config.startsWith("{\n  // existing thermal camera settings\n  ")).toBe(true);
    expect(config).toContain('"measurement_spots": [{ "id": 1, "x": 10, "y": 20 }]');
    const left = readdirSync(this.#directory, { recursive: true, encoding: "utf8" });
    expect(left.filter((path) => /\.tmp$|^provision\.txt$/.test(path))).toEqual([]);
    // What was put aside stays.
    expect(left.filter((path) => /\d\.json$/.test(path) && !path.includes("@"))).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** No power fails here and nobody competes: no waiting for the disk, no process for the lock. */
const alone: FileSystem = { ...unsynced, lock: async () => ({ release: () => {} }) };

const changes: readonly Call[] = ["rename", "link", "unlink", "makeFolder", "removeFolder"];

/** The end of the process before the `nth` change of a name, the status apart, and whether it came to that. */
function killedBeforeChange(nth: number): { readonly files: FileSystem; readonly reached: () => boolean } {
  let count = 0;
  const files = watched(alone, (call, path) => {
    const counts = changes.includes(call) && !String(path).includes("provisioning_status");
    if (counts) count++;
    if (count >= nth && call !== "lock") throw new Killed(`before change ${nth}`);
  });
  return { files, reached: () => count >= nth };
}

/** A working tree keeps no modes. */
function closeToOthers(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
}

function change(path: string, from: string | RegExp, to: string): void {
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to), { mode: 0o600 });
}

function found(name: string): Found {
  const camera = cameras[name];
  if (camera === undefined) throw new Error(`no camera is described for ${name}`);
  return camera;
}
