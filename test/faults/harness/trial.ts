import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duration } from "../../../src/base/duration.ts";
import type { Device, Exchange } from "../../../src/simulator/index.ts";
import { type DeviceProfile, Simulator, type SimulatorOptions } from "../../../src/simulator/index.ts";
import { provisionKey, provisionSecret, someConfig } from "../../stories/camera.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import { configName, credentialsName, type Folder, readFolder, triggerName } from "./folder.ts";
import { folderInMemory } from "./in-process.ts";
import type { History, Moment, Run, Violation } from "./invariants.ts";
import { judge, judgeRest } from "./judge.ts";
import { certificateOf, loginOfDevice } from "./login.ts";
import { type Launch, start } from "./program.ts";

export const profile: DeviceProfile = {
  name: "thermal-camera",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: provisionKey,
  provisionDeviceSecret: provisionSecret,
  deviceIdAfter: 0,
};

export interface Setting {
  readonly simulator?: SimulatorOptions;
  readonly provisionType?: DeviceProfile["provisionType"];
  /** Changes of `provision.json`; undefined leaves a key out. */
  readonly credentials?: Readonly<Record<string, unknown>>;
  /** Files besides, or instead of, the usual ones; null: that file is missing. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** An empty folder that is there already. Default: a temporary one. */
  readonly directory?: string;
  /** What happened to the camera elsewhere; its folder is `directory`, as it lies there. */
  readonly past?: Past;
  /** The port that the camera knows. Default: the simulator's. */
  readonly port?: number;
  /** How the program is started. Default: the real command. */
  readonly starter?: (launch: Launch) => Promise<Run>;
  /** What the administrator did before the camera comes. */
  readonly register?: (simulator: Simulator) => void;
  readonly command?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  /** How long the camera stays off between two starts, on the hurried clock. */
  readonly pause?: Duration;
  readonly end?: History["end"];
  readonly keepsModes?: boolean;
}

/** The part of a history that was played before, with another server. */
export type Past = Pick<History, "before" | "heard">;

/** One camera, one server, and all that happens to them; judged in the end. */
export class Trial implements AsyncDisposable {
  readonly directory: string;
  readonly simulator: Simulator;
  readonly moments: Moment[] = [];
  readonly #setting: Setting;
  readonly #own: string | undefined;
  readonly #before: Folder;
  readonly #devicesBefore: readonly Device[];
  readonly #shown = new Map<number, string>();
  #rest: readonly Violation[] = [];

  private constructor(setting: Setting, simulator: Simulator) {
    this.#setting = setting;
    this.simulator = simulator;
    simulator.on((event) => {
      if (event.type === "session opened") this.#noteCertificate(event.connection, event.deviceName);
    });
    this.#own = setting.directory === undefined ? folderInMemory() : undefined;
    this.directory = setting.directory ?? this.#own ?? "";
    setting.register?.(simulator);
    if (setting.past === undefined) this.#fill();
    this.#before = setting.past?.before ?? readFolder(this.directory);
    this.#devicesBefore = setting.past === undefined ? simulator.devices : [];
  }

  static async begin(setting: Setting = {}): Promise<Trial> {
    const { provisionType = profile.provisionType } = setting;
    const simulator = await Simulator.start({ profiles: [{ ...profile, provisionType }], ...setting.simulator });
    return new Trial(setting, simulator);
  }

  #fill(): void {
    const { credentials = {}, files = {}, port = this.simulator.port } = this.#setting;
    const right = {
      server_url: this.simulator.host,
      server_port: port,
      provision_device_key: provisionKey,
      provision_device_secret: provisionSecret,
      timeout_seconds: 30,
      use_ssl: this.#setting.simulator?.tls !== undefined,
    };
    const usual = {
      [triggerName]: "",
      [credentialsName]: JSON.stringify({ ...right, ...credentials }, null, 2),
      [configName]: someConfig,
    };
    mkdirSync(this.directory, { recursive: true });
    for (const [name, text] of Object.entries({ ...usual, ...files })) {
      if (text !== null) writeFileSync(join(this.directory, name), text, { mode: 0o600 });
    }
  }

  /** A certificate is seen by the server only, in the handshake: that of the device whose session it opens. */
  #noteCertificate(connection: number, deviceName: string): void {
    const device = this.simulator.devices.find(({ name }) => name === deviceName);
    const certificate = device && certificateOf(loginOfDevice(device));
    if (certificate !== undefined) this.#shown.set(connection, certificate);
  }

  /** Starts the command once, in this way. */
  async start(launch: Partial<Launch> = {}): Promise<Moment> {
    return this.note(await (this.#setting.starter ?? start)({ ...this.launch, ...launch }));
  }

  /** How the command is started here. */
  get launch(): Launch {
    const { command, options = [], environment = {} } = this.#setting;
    return { directory: this.directory, options, environment, ...(command === undefined ? {} : { command }) };
  }

  /** What there is to see after `run`. */
  note(run: Run): Moment {
    const { simulator } = this;
    const moment = {
      run,
      folder: readFolder(this.directory),
      devices: simulator.devices,
      heard: this.#heard.length,
    };
    this.moments.push(moment);
    return moment;
  }

  /**
   * Starts it undisturbed until it is done, three times at most, and once more to see that nothing happens then. A start
   * that finds all of it done, and leaves everything as it was, has shown that already.
   */
  async recover(launch: Partial<Launch> = {}): Promise<void> {
    const last = this.moments.at(-1);
    if (last?.run.exitStatus === 0 && !last.run.hindered) return this.rest(last, launch);
    for (let starts = 0; starts < 3; starts++) {
      const before = this.moments.at(-1);
      const moment = await this.start(launch);
      const isAtRest = before?.run.exitStatus === 0 && judgeRest(before, moment).length === 0;
      if (isAtRest) return;
      if (moment.run.exitStatus === 0) return this.rest(moment, launch);
      if (this.#setting.end === "refused" && moment.run.exitStatus === 77) return;
      if (this.#setting.pause !== undefined) await hurriedClock.sleep(this.#setting.pause);
    }
  }

  async rest(done: Moment, launch: Partial<Launch> = {}): Promise<void> {
    const again = await this.start(launch);
    this.moments.pop();
    this.#rest = judgeRest(done, again);
  }

  get #heard(): readonly Exchange[] {
    // Two servers count their connections from 1: those of the other one get numbers of their own.
    const past = this.#setting.past?.heard.map((exchange) => ({ ...exchange, connection: -exchange.connection })) ?? [];
    return [...past, ...this.simulator.heard];
  }

  get history(): History {
    const { end = "provisioned", keepsModes = true } = this.#setting;
    return {
      before: this.#before,
      devicesBefore: this.#devicesBefore,
      moments: this.moments,
      heard: this.#heard,
      shown: this.#shown,
      secrets: [provisionKey, provisionSecret],
      end,
      keepsModes,
    };
  }

  get violations(): readonly Violation[] {
    return [...judge(this.history), ...this.#rest];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
    if (this.#own !== undefined) rmSync(this.#own, { recursive: true, force: true });
  }
}
