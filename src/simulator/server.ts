import { type Clock, systemClock } from "../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import { type Randomness, systemRandomness } from "../base/randomness.ts";
import type { Behaviour, OccasionKind } from "./faults/behaviours.ts";
import { type Answer, play, sendAnswer } from "./faults/play.ts";
import { Scenario } from "./faults/scenario.ts";
import { newLife } from "./life.ts";
import { AddressBlock } from "./mqtt/address-block.ts";
import { serverUnavailable } from "./mqtt/connack-codes.ts";
import { Connection, type ConnectPacket, type Peer } from "./mqtt/connection.ts";
import { connack, disconnect } from "./mqtt/packets.ts";
import type { SimulatorOptions } from "./options.ts";
import { provisionByChain } from "./provisioning/certificate-chain.ts";
import { ProvisioningService } from "./provisioning/provisioning-service.ts";
import { Events } from "./record/events.ts";
import { exchangeOf, History } from "./record/history.ts";
import { DeviceSessions } from "./session/device-sessions.ts";
import { type LoginResult, logIn } from "./session/login.ts";
import { Database } from "./tenant/database.ts";
import type { DeviceRecord } from "./tenant/device.ts";
import { defaultProfile } from "./tenant/device-profile.ts";
import { DeviceLimits } from "./tenant/rate-limits.ts";
import { recordOf } from "./tenant/state.ts";
import { newestVersion, type Peculiarities, peculiaritiesOf, type ServerVersion } from "./versions.ts";

/** What the sessions need of the place that they live in: where the port is, is another matter. */
export interface Gate {
  stopAccepting(wait: number): void;
  restart(memory: "kept" | "lost", wait: number): Promise<void>;
}

/** The ThingsBoard server without its port. */
export class Server {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly version: ServerVersion;
  readonly peculiarities: Peculiarities;
  readonly limits: DeviceLimits;
  readonly deviceLimit: number | undefined;
  readonly database = new Database();
  readonly sessions = new DeviceSessions();
  readonly events = new Events();
  readonly history: History;
  readonly scenario: Scenario;
  readonly provisioning: ProvisioningService;
  readonly connections = new Set<Connection>();
  /** Where clients come in; set once it is known. */
  gate: Gate | undefined;
  readonly #options: SimulatorOptions;
  readonly #started: Duration;
  readonly #addressBlock: AddressBlock | undefined;
  #life = newLife();
  #lastConnection = 0;
  #segment = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.randomness = options.randomness ?? systemRandomness;
    this.version = options.version ?? newestVersion;
    this.peculiarities = peculiaritiesOf(this.version);
    this.limits = new DeviceLimits(options.rateLimits ?? {}, () => this.clock.elapsed());
    this.deviceLimit = options.deviceLimit;
    this.history = new History(options.remember ?? 10_000);
    this.scenario = new Scenario(options.scenario ?? []);
    this.#addressBlock = options.addressBlock && new AddressBlock(options.addressBlock);
    this.#started = this.clock.elapsed();
    this.provisioning = new ProvisioningService(this);
    for (const profile of options.profiles ?? [defaultProfile]) this.database.addProfile(profile);
    this.#addDevices();
  }

  #addDevices(): void {
    const { state, devices = [] } = this.#options;
    for (const device of state?.devices ?? []) this.database.addDevice(recordOf(device));
    for (const device of devices) if (!this.provisioning.knows(device)) this.provisioning.register(device);
  }

  /** Everything is as it was at the start; the connections end. */
  async startAgain(): Promise<void> {
    await this.gate?.restart("lost", 0);
    this.history.clear();
    this.scenario.startAgain();
    this.#addressBlock?.forget();
    this.#addDevices();
  }

  /** A client has connected, TLS included. Undefined: it was turned away. */
  accept(peer: Peer): Connection | undefined {
    if (this.#addressBlock?.isBlocked(peer.remoteAddress, this.clock.elapsed())) {
      peer.end();
      return undefined;
    }
    const connection = new Connection(++this.#lastConnection, peer, this);
    this.connections.add(connection);
    const { remoteAddress, transport } = peer;
    this.events.tell({ type: "connection opened", connection: connection.number, remoteAddress, transport });
    provisionByChain(peer.certificates, this);
    const behaviour = this.occasion("connection", connection);
    if (behaviour?.do === "lose") connection.mute();
    else if (behaviour !== undefined) this.perform(behaviour, connection, () => ({ packets: () => [] }));
    return connection;
  }

  closed(connection: Connection, by: "client" | "server", how: "FIN" | "RST"): void {
    this.connections.delete(connection);
    const { number } = connection;
    this.events.tell({ type: "connection closed", connection: number, by, how, elapsed: this.elapsed });
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

  /** A CONNECT: of a provisioning session when there is no packet to log in with. `settled` when it is decided. */
  connect(connection: Connection, clean: boolean, packet: ConnectPacket | undefined, settled: () => void): void {
    if (packet === undefined) {
      this.#answerConnect(connection, this.occasion("connect", connection), clean, undefined, settled);
      return;
    }
    this.run(connection, async () => {
      await this.wait("connect");
      if (!connection.isOpen) return;
      const result = logIn(packet, connection.peer, this);
      const deviceName = "device" in result ? result.device.name : undefined;
      const any = this.occasion("connect", connection, deviceName);
      const probe = this.occasion("probe", connection, deviceName);
      const behaviour = any ?? probe;
      const silent = behaviour?.do === "timeOut";
      if (silent) await this.sleepUntilSweep();
      const unavailable = { refusal: serverUnavailable, wrong: false };
      this.#answerConnect(connection, silent ? undefined : behaviour, clean, silent ? unavailable : result, settled);
    });
  }

  #answerConnect(
    connection: Connection,
    behaviour: Behaviour | undefined,
    clean: boolean,
    result: LoginResult | undefined,
    settled: () => void,
  ): void {
    const { level } = connection;
    const withCode = (code: number) => [connack(level, !clean, code)];
    if (result !== undefined && "refusal" in result) {
      const { code, reason, disconnectReason } = result.refusal;
      if (result.wrong) this.#addressBlock?.refused(connection.peer.remoteAddress, this.clock.elapsed());
      const packets = level === 5 ? [...withCode(reason), disconnect(disconnectReason)] : withCode(code);
      const afterwards = () => connection.close();
      this.perform(behaviour, connection, () => ({ packets: () => packets, withCode, afterwards }));
      return;
    }
    const accepted = () => {
      if (result !== undefined) this.#open(connection, result.device);
      settled();
    };
    this.perform(behaviour, connection, () => ({ packets: () => withCode(0), withCode, afterwards: accepted }));
  }

  #open(connection: Connection, device: DeviceRecord): void {
    this.#addressBlock?.accepted(connection.peer.remoteAddress);
    this.sessions.add(connection.deviceAccepted(device));
    this.events.tell({ type: "session opened", connection: connection.number, deviceName: device.name });
    this.sessions.closeOldest(device);
    this.provisioning.tellDeviceId(device);
  }

  /** The behaviour that the scenario wants at this occasion. */
  occasion(on: OccasionKind, connection: Connection, deviceName?: string): Behaviour | undefined {
    const behaviour = this.scenario.next({ on, deviceName });
    if (behaviour !== undefined) this.events.tell({ type: "behaviour", behaviour, connection: connection.number });
    return behaviour;
  }

  /** Answers an occasion, as the scenario wants it. */
  answer(
    on: OccasionKind,
    connection: Connection,
    deviceName: string | undefined,
    work: () => Answer | Promise<Answer>,
  ): void {
    this.perform(this.occasion(on, connection, deviceName), connection, work);
  }

  /** Does the work and sends its answer, or what the behaviour makes of it. Without a behaviour at once, if it can. */
  perform(behaviour: Behaviour | undefined, connection: Connection, work: () => Answer | Promise<Answer>): void {
    if (behaviour === undefined) {
      const answer = work();
      if (answer instanceof Promise) this.run(connection, async () => sendAnswer(connection, await answer));
      else sendAnswer(connection, answer);
      return;
    }
    const sleep = (wait: Duration) => this.sleep(wait);
    this.run(connection, () => play(behaviour, { connection, sleep, work, gate: this.gate }));
  }

  /** Runs work that takes time. Its end with the server's, or the connection's, is no failure; any other closes. */
  run(connection: Connection | undefined, work: () => Promise<void>): void {
    const { signal } = this.#life;
    work().catch(() => {
      if (!signal.aborted) connection?.close();
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
    for (const connection of [...this.connections]) connection.close();
  }
}
