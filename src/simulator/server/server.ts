import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "../../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import { type Randomness, systemRandomness } from "../../base/randomness.ts";
import { type Behaviour, play } from "../faults/faults.ts";
import type { OccasionKind } from "../faults/occasions.ts";
import { type Due, Scenario } from "../faults/scenario.ts";
import { sendAnswer } from "../faults/sending.ts";
import type { Gate, Task } from "../faults/situation.ts";
import { AddressBlock, type AddressBlockOptions } from "../mqtt/address-block.ts";
import { closings } from "../mqtt/codes.ts";
import type { Connection, ConnectionEnd, ConnectionHost } from "../mqtt/connection.ts";
import { Events } from "../record/events.ts";
import { exchangeOf, History } from "../record/history.ts";
import { Database } from "../tenant/database.ts";
import { type DeviceRecord, snapshotOf } from "../tenant/device.ts";
import { type DeviceProfile, defaultProfile } from "../tenant/device-profile.ts";
import { type NewDevice, newDevice, tenantOfNew, type WantedDevice, wantedDevice } from "../tenant/new-device.ts";
import { DeviceLimits, type RateLimits } from "../tenant/rate-limits.ts";
import { recordOf, type SimulatorState } from "../tenant/state.ts";
import { DeviceSessions } from "./device-sessions.ts";
import { newestVersion, type Peculiarities, peculiaritiesOf, recordedVersion } from "./versions.ts";

/** What the server is set up with. Everything has a default; times are in milliseconds. */
export interface ServerOptions {
  /** Which server it is. Default: the newest. One that was not recorded behaves as the newest recorded before it. */
  readonly version?: string;
  /** Default: `defaultProfile`, which lets every camera in. */
  readonly profiles?: readonly DeviceProfile[];
  /** Devices that are registered already. Those that `state` has, by their names, are left as they are there. */
  readonly devices?: readonly NewDevice[];
  /** Devices of an earlier life, as `Simulator.state` gave them. Default: none. */
  readonly state?: SimulatorState;
  /** What goes wrong, and when. Default: nothing. */
  readonly scenario?: readonly Behaviour[];
  /** How long the server takes for a request, a CONNECT of a device, an attribute request. Default 0. */
  readonly latency?: { readonly request?: number; readonly connect?: number; readonly attributes?: number };
  /** Rate limits for each device, as in a tenant profile. Default: none. */
  readonly rateLimits?: RateLimits;
  /** Blocks addresses after wrong credentials. Default: off, as on a server. */
  readonly addressBlock?: AddressBlockOptions;
  /** How many devices there may be. Default: any number. */
  readonly deviceLimit?: number;
  /** How many devices may be connected at once; the CONNECT of one more is refused with 3. Default: any number. */
  readonly connectedDeviceLimit?: number;
  /** How many exchanges `heard` remembers. Default 10,000. */
  readonly remember?: number;
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}

/** The ThingsBoard server without its port. */
export class Server implements ConnectionHost {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly version: string;
  readonly peculiarities: Peculiarities;
  readonly limits: DeviceLimits;
  readonly deviceLimit: number | undefined;
  readonly connectedDeviceLimit: number | undefined;
  readonly database = new Database();
  readonly sessions = new DeviceSessions();
  readonly events = new Events();
  readonly history: History;
  readonly scenario: Scenario;
  readonly addressBlock: AddressBlock | undefined;
  readonly connections = new Set<Connection>();
  /** Where clients come in; set once it is known. */
  gate: Gate | undefined;
  readonly #options: ServerOptions;
  readonly #started: Duration;
  #life = newLife();
  #segment = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.randomness = options.randomness ?? systemRandomness;
    this.version = options.version ?? newestVersion;
    this.peculiarities = peculiaritiesOf(recordedVersion(this.version));
    this.limits = new DeviceLimits(options.rateLimits ?? {}, () => this.clock.elapsed());
    this.deviceLimit = options.deviceLimit;
    this.connectedDeviceLimit = options.connectedDeviceLimit;
    this.history = new History(options.remember ?? 10_000);
    this.scenario = new Scenario(options.scenario ?? []);
    this.addressBlock = options.addressBlock && new AddressBlock(options.addressBlock);
    this.#started = this.clock.elapsed();
    for (const profile of options.profiles ?? [defaultProfile]) this.database.addProfile(profile);
    this.#addDevices();
  }

  #addDevices(): void {
    const { state, devices = [] } = this.#options;
    for (const device of state?.devices ?? []) this.database.addDevice(recordOf(device));
    for (const device of devices) {
      if (this.database.byName(tenantOfNew(device, this.database), device.name) === undefined) this.register(device);
    }
  }

  /** Adds a device as a tenant would. Throws NotUnique, and RangeError when there is no such profile. */
  register(device: NewDevice): DeviceRecord {
    return this.addDevice(wantedDevice(device, this.database));
  }

  /** Throws NotUnique. */
  addDevice(wanted: WantedDevice): DeviceRecord {
    const device = newDevice(wanted, { randomness: this.randomness, now: this.clock.now() });
    this.database.addDevice(device);
    this.events.tell({ type: "device created", device: snapshotOf(device) });
    return device;
  }

  /** Its sessions are closed. */
  removeDevice(device: DeviceRecord): void {
    this.database.removeDevice(device);
    this.sessions.closeAll(device);
    this.events.tell({ type: "device removed", device: snapshotOf(device) });
  }

  /** Everything is as it was at the start; the connections end. */
  async startAgain(): Promise<void> {
    await this.gate?.restart("lost", 0);
    this.history.clear();
    this.scenario.startAgain();
    this.addressBlock?.forget();
    this.#addDevices();
  }

  closed(connection: Connection, end: ConnectionEnd): void {
    this.connections.delete(connection);
    this.events.tell({ type: "connection closed", connection: connection.number, ...end, elapsed: this.elapsed });
  }

  /** Since the start. */
  get elapsed(): Duration {
    return milliseconds(this.clock.elapsed() - this.#started);
  }

  heard(connection: Connection, from: "client" | "server", bytes: Uint8Array, segment: number): void {
    const exchange = exchangeOf({
      connection: connection.number,
      at: this.clock.now(),
      elapsed: this.elapsed,
      from,
      bytes,
      segment,
      level: connection.level,
    });
    this.history.add(exchange);
    this.events.tell({ type: "exchange", exchange });
  }

  nextSegment(): number {
    return ++this.#segment;
  }

  /** The behaviour that the scenario wants at this occasion. */
  occasion(on: OccasionKind, connection: Connection, deviceName?: string): Due | undefined {
    const due = this.scenario.next({ on, deviceName });
    if (due === undefined) return undefined;
    this.events.tell({ type: "behaviour", behaviour: due.behaviour, connection: connection.number });
    return due;
  }

  /** Does the work and sends its answer, or what the behaviour makes of it. Without a behaviour at once, if it can. */
  perform(due: Due | undefined, task: Task): void {
    const { connection } = task;
    if (due === undefined) {
      const answer = task.work();
      if (answer instanceof Promise) this.run(connection, async () => sendAnswer(connection, await answer));
      else sendAnswer(connection, answer);
      return;
    }
    const { behaviour } = due;
    const situation = {
      ...task,
      gate: this.gate,
      sleep: (wait: Duration) => this.sleep(wait),
      run: (work: () => Promise<void>) => this.run(connection, work),
      happened: () => {
        if (connection.isOpen) due.happened();
      },
    };
    this.run(connection, () => play(behaviour.do, behaviour, situation));
  }

  /** Runs work that takes time. Its end with the server's, or the connection's, is no failure; any other closes. */
  run(connection: Connection | undefined, work: () => Promise<void>): void {
    const { signal } = this.#life;
    work().catch(() => {
      if (!signal.aborted) connection?.close(closings.failed);
    });
  }

  /** The latency of the options. */
  async wait(of: "request" | "connect" | "attributes"): Promise<void> {
    const latency = this.#options.latency?.[of] ?? 0;
    if (latency > 0) await this.sleep(milliseconds(latency));
  }

  sleep(wait: Duration): Promise<void> {
    return this.clock.sleep(wait, this.#life.signal);
  }

  sleepForEver(): Promise<void> {
    const { signal } = this.#life;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  }

  /** Requests that nobody answered are swept once in 10 s, and only those older than 10 s. */
  sleepUntilSweep(): Promise<void> {
    return this.sleep(milliseconds(seconds(10) + this.randomness.fraction() * seconds(10)));
  }

  /** All connections end and all work under way is lost. */
  stop(): void {
    this.#life.abort(new Error("The simulator was stopped."));
    this.#life = newLife();
    for (const connection of [...this.connections]) connection.close(closings.stopped);
  }
}

/** Whatever is under way listens to it: there is no number of listeners that would be a mistake. */
function newLife(): AbortController {
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  return life;
}
