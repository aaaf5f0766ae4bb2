import type { Duplex } from "node:stream";
import { Administration } from "./administration.ts";
import type { Behaviour } from "./faults/faults.ts";
import { HttpListener } from "./http/http-listener.ts";
import { Listener, type MemoryConnectOptions } from "./mqtt/listener.ts";
import type { SimulatorOptions } from "./options/options.ts";
import { requireBehaviours, requireOptions } from "./options/options-schema.ts";
import { type Listener as EventListener, eventStream, type SimulatorEvent } from "./record/events.ts";
import type { Exchange } from "./record/history.ts";
import { Recorder } from "./record/recorder.ts";
import { Server } from "./server/server.ts";
import { recordedVersion, type ServerVersion } from "./server/versions.ts";
import { Transport } from "./session/transport.ts";
import { type SimulatorState, stateOf } from "./tenant/state.ts";

const loopback = "127.0.0.1";

/**
 * An embedded ThingsBoard, as far as a device can tell: `await using simulator = await Simulator.start()`. It speaks
 * MQTT 3.1, 3.1.1 and 5 on a port of its own, and misbehaves as its scenario says.
 */
export class Simulator extends Administration {
  readonly host: string;
  readonly #server: Server;
  readonly #listener: Listener;
  readonly #http: HttpListener | undefined;
  readonly #tls: boolean;

  private constructor(server: Server, listener: Listener, options: SimulatorOptions, http: HttpListener | undefined) {
    super(server);
    this.#server = server;
    this.host = options.host ?? loopback;
    this.#tls = options.tls !== undefined;
    this.#listener = listener;
    this.#http = http;
  }

  /**
   * Listens when it returns. Rejects when the port is in use, or the certificate is none; with WrongOptions, which has
   * every problem, when the options are wrong.
   */
  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    requireOptions(options);
    const server = new Server(options);
    const listener = new Listener(new Transport(server), options.host ?? loopback, options.port ?? 0, options.tls);
    server.gate = listener;
    await listener.open();
    const http = await openHttp(server, options, listener);
    server.events.tell({ type: "listening", host: options.host ?? loopback, port: listener.port });
    return new Simulator(server, listener, options, http);
  }

  /** Which server it is. */
  get version(): string {
    return this.#server.version;
  }

  /** The recorded server whose behaviour it has: its own version, where that was recorded. */
  get behavesAs(): ServerVersion {
    return recordedVersion(this.#server.version);
  }

  get port(): number {
    return this.#listener.port;
  }

  /** `mqtt://127.0.0.1:1883`, or `mqtts:` with TLS. */
  get url(): string {
    return `${this.#tls ? "mqtts" : "mqtt"}://${inUrl(this.host)}:${this.port}`;
  }

  /** `http://127.0.0.1:8080`; undefined without an `httpPort`. */
  get httpUrl(): string | undefined {
    return this.#http && `http://${inUrl(this.#http.host)}:${this.#http.port}`;
  }

  /** Everything that was received and sent, the newest of it when it was much. Secrets are in it. */
  get heard(): readonly Exchange[] {
    return this.#server.history.exchanges;
  }

  /** Names of the devices that are connected. */
  get sessions(): readonly { readonly connection: number; readonly deviceName: string }[] {
    return this.#server.sessions.all.map(({ connection, device }) => ({
      connection: connection.number,
      deviceName: device.name,
    }));
  }

  /** Calls `listener` with every event from now on. Returns what ends that. */
  on(listener: EventListener): () => void {
    return this.#server.events.listen(listener);
  }

  /** Events from now on, until `signal` is aborted. */
  events(signal: AbortSignal): AsyncGenerator<SimulatorEvent> {
    return eventStream(this.#server.events, signal);
  }

  /** The client's end of a connection without a network. */
  connect(options: MemoryConnectOptions = {}): Duplex {
    return this.#listener.connect(options);
  }

  /** Records from now on, in the form of the transcripts of real servers. */
  record(title: string): Recorder {
    const device = (id: string) => this.device({ id });
    return new Recorder(this.#server.events, {
      title,
      version: this.#server.version,
      elapsed: this.#server.elapsed,
      profiles: [...this.#server.database.profiles],
      state: this.state,
      device,
    });
  }

  /** Calls `listener` after every change of what `state` gives. Returns what ends that. */
  onStateChange(listener: () => void): () => void {
    return this.#server.database.onChange(listener);
  }

  /** The devices as plain JSON; `SimulatorOptions.state` takes them back. */
  get state(): SimulatorState {
    return stateOf(this.devices);
  }

  /** More behaviours, after those that it was started with. Throws WrongOptions. */
  addBehaviours(behaviours: readonly Behaviour[]): void {
    requireBehaviours(behaviours);
    this.#server.scenario.add(behaviours);
  }

  /** Throws when a behaviour of the scenario has not happened: no occasion, or nothing that it could do there. */
  assertScenarioFinished(): void {
    const { unplayed } = this.#server.scenario;
    if (unplayed.length === 0) return;
    throw new Error(`These behaviours have not happened:\n${unplayed.map((one) => JSON.stringify(one)).join("\n")}`);
  }

  /** Ends all connections and all work under way, as a server that is killed and started again. */
  restart({ keepDevices = true }: { readonly keepDevices?: boolean } = {}): Promise<void> {
    return this.#listener.restart(keepDevices ? "kept" : "lost", 0);
  }

  /** Ends everything and frees the port. */
  async close(): Promise<void> {
    this.#http?.close();
    await this.#listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

async function openHttp(
  server: Server,
  options: SimulatorOptions,
  listener: Listener,
): Promise<HttpListener | undefined> {
  if (options.httpPort === undefined) return undefined;
  try {
    return await HttpListener.open(server, options.httpHost ?? loopback, options.httpPort);
  } catch (error) {
    await listener.close();
    // Of two ports, which?
    throw error instanceof Error ? Object.assign(error, { listener: "http" }) : error;
  }
}
