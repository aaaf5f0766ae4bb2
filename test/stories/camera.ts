import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome, ProvisioningStatus, ProvisionOptions, Retry } from "../../src/index.ts";
import { provision } from "../../src/index.ts";
import { Simulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { hurriedClock } from "./hurried-clock.ts";

export const provisionKey = "storyProvisionKey012";
export const provisionSecret = "storyProvisionSecret";

/** A profile that makes new devices. */
export const openProfile = {
  name: "thermal-camera",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: provisionKey,
  provisionDeviceSecret: provisionSecret,
} as const;

/** A configuration as a camera has it: comments, spots and keys of other programs. */
export const someConfig = `{
  // written by hand
  "device": { "serial": "TC-0042" },
  "measurement_spots": [
    { "name": "bearing", "x": 10, "y": 20 }, // the hot one
  ],
  "palette": "iron"
}
`;

/** A camera's folder and a simulated server, and what can be done with them; both vanish with it. */
export class Camera implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "camera-"));
  readonly simulator: Simulator;
  readonly statuses: ProvisioningStatus[] = [];
  readonly retries: Retry[] = [];

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  /** A camera with trigger, credentials and configuration, and a server that lets it in. */
  static async start(
    options: SimulatorOptions = {},
    credentials: Readonly<Record<string, unknown>> = {},
  ): Promise<Camera> {
    const camera = new Camera(await Simulator.start({ profiles: [openProfile], ...options }));
    camera.write("provision.txt", "");
    camera.credentials(credentials);
    camera.write("thermal_config.json", someConfig);
    return camera;
  }

  /** Writes `provision.json`: right, but for `changes`; undefined leaves a key out. */
  credentials(changes: Readonly<Record<string, unknown>> = {}): void {
    const right = {
      server_url: this.simulator.host,
      server_port: this.simulator.port,
      provision_device_key: provisionKey,
      provision_device_secret: provisionSecret,
      timeout_seconds: 300,
      use_ssl: false,
    };
    this.write("provision.json", JSON.stringify({ ...right, ...changes }, null, 2));
  }

  run(options: ProvisionOptions = {}): Promise<Outcome> {
    return provision({
      directory: this.directory,
      clock: hurriedClock,
      onStatus: (status) => this.statuses.push(status),
      onRetry: (retry) => this.retries.push(retry),
      ...options,
    });
  }

  write(name: string, text: string | Uint8Array): void {
    writeFileSync(join(this.directory, name), text, { mode: 0o600 });
  }

  read(name: string): string {
    return readFileSync(join(this.directory, name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, name));
  }

  remove(name: string): void {
    rmSync(join(this.directory, name), { recursive: true });
  }

  /** The names in the folder, in order, without the status file and the empty journal. */
  get files(): readonly string[] {
    return readdirSync(this.directory).filter(
      (name) => name !== "provisioning_status.json" && name !== ".thermal-provision",
    );
  }

  /** The names of the records in the journals. */
  get journal(): readonly string[] {
    const folder = join(this.directory, ".thermal-provision");
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\d\.json$/.test(name));
  }

  /** The access token in the configuration. */
  get token(): string | undefined {
    return /"access_token": ?"([^"]*)"/.exec(this.read("thermal_config.json"))?.[1];
  }

  /** The tokens of the devices on the server. */
  get tokensOnServer(): readonly string[] {
    return this.simulator.devices.map(({ credentials }) => credentials.credentialsId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
