import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { systemRandomness } from "../../src/base/randomness.ts";
import { Secret } from "../../src/base/secret.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { ProvisioningCredentials } from "../../src/model/provisioning-credentials.ts";
import { Simulator } from "../../src/simulator/index.ts";
import type { SimulatorOptions } from "../../src/simulator/options/options.ts";
import { CameraFolders } from "../../src/station/folder/camera-folder.ts";
import { addCameras } from "../../src/station/ledger/cameras.ts";
import type { Ledger } from "../../src/station/ledger/ledger.ts";
import { openLedger } from "../../src/station/ledger/open-ledger.ts";
import { plainSealing } from "../../src/station/ledger/sealing.ts";
import { Pace } from "../../src/station/pace/pace.ts";
import type { CameraEnd, StationSetup } from "../../src/station/run/station-options.ts";
import { DeviceApi } from "../../src/station/server/device-api.ts";
import { type HttpExchange, httpExchange } from "../../src/transport/http-exchange.ts";

/** A profile whose devices are registered beforehand, with the simulator's own key and secret. */
export const registeredProfile = {
  name: "registered",
  provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
  provisionDeviceKey: "simulatorKey01234567",
  provisionDeviceSecret: "simulatorSecret01234",
} as const;

/** A simulator with its REST API, an administrator's API key, a folder, and all that a run of a station needs. */
export class Bench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "station-"));
  readonly ended: CameraEnd[] = [];
  readonly control = new AbortController();
  readonly simulator: Simulator;
  readonly key: Secret;
  readonly #disposables: { [Symbol.asyncDispose](): Promise<void> }[] = [];

  private constructor(simulator: Simulator, key: Secret) {
    this.simulator = simulator;
    this.key = key;
  }

  static async start(options: SimulatorOptions = {}): Promise<Bench> {
    const simulator = await Simulator.start({ httpPort: 0, ...options });
    return new Bench(simulator, await apiKey(simulator));
  }

  get ledgerFile(): string {
    return join(this.folder, "station.sqlite");
  }

  async ledger(place = this.ledgerFile): Promise<Ledger> {
    const options = { clock: systemClock, signal: this.control.signal };
    const ledger = await openLedger(nodeFileSystem, { place, create: true }, options);
    this.#disposables.push(ledger);
    return ledger;
  }

  /** Cameras C-1, C-2, … in the ledger. */
  async import(ledger: Ledger, count: number): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => ({
      serial: `C-${index + 1}`,
      deviceName: undefined,
      label: `camera ${index + 1}`,
      others: {},
      line: index + 2,
    }));
    await addCameras(ledger, rows);
  }

  setup(ledger: Ledger, changes: Partial<StationSetup> = {}): StationSetup {
    const credentials = ProvisioningCredentials({
      server_url: "127.0.0.1",
      server_port: this.simulator.port,
      use_ssl: false,
      provision_device_key: "simulatorKey01234567",
      provision_device_secret: "simulatorSecret01234",
    });
    if (!credentials.ok) throw new Error("bad credentials");
    const pace = new Pace(systemClock, () => 0, 20);
    return {
      ledger,
      sealing: plainSealing,
      server: {
        credentials: credentials.value,
        hasKey: true,
        endpoint: { host: "127.0.0.1", port: this.simulator.port },
      },
      registry: undefined,
      folders: new CameraFolders(nodeFileSystem, join(this.folder, "cameras"), undefined),
      withProvisionJson: false,
      station: "bench-1",
      concurrency: 20,
      pace,
      signal: this.control.signal,
      clock: systemClock,
      randomness: systemRandomness,
      files: nodeFileSystem,
      onCamera: (camera) => this.ended.push(camera),
      ...changes,
    };
  }

  /** The REST way of making devices; `exchange` may lie. */
  registry(exchange: HttpExchange = this.exchange(), pace = new Pace(systemClock, () => 0, 20)) {
    return { api: new DeviceApi(exchange, { base: "", key: this.key, pace }), profileId: undefined };
  }

  exchange(): HttpExchange {
    return httpExchange(
      { host: "127.0.0.1", port: Number(new URL(this.simulator.httpUrl ?? "").port) },
      { connections: 20 },
    );
  }

  get folders(): readonly string[] {
    const cameras = join(this.folder, "cameras");
    return existsSync(cameras) ? readdirSync(cameras) : [];
  }

  /** The cameras whose configuration carries the token of the device of their name. */
  get right(): readonly string[] {
    const devices = new Map(this.simulator.devices.map(({ name, credentials }) => [name, credentials.credentialsId]));
    return this.folders.filter((serial) => {
      const text = readFileSync(join(this.folder, "cameras", serial, "thermal_config.json"), "utf8");
      return devices.get(`thermal-camera-${serial}`) === /"access_token": "([^"]+)"/.exec(text)?.[1];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#disposables) await each[Symbol.asyncDispose]();
    await this.simulator[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function apiKey(simulator: Simulator): Promise<Secret> {
  const base = `${simulator.httpUrl}/api`;
  const post = async (path: string, body: object, headers = {}) => {
    const answer = await fetch(base + path, { method: "POST", body: JSON.stringify(body), headers });
    const value: unknown = await answer.json();
    return value;
  };
  const session = await post("/auth/login", { username: "tenant@thingsboard.org", password: "tenant" });
  const headers = { "x-authorization": `Bearer ${textOf(session, "token")}` };
  return new Secret(textOf(await post("/apiKey", { enabled: true, description: "station" }, headers), "value"));
}

function textOf(value: unknown, key: string): string {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof member !== "string") throw new Error(`no ${key}`);
  return member;
}
