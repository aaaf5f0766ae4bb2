import type { Duplex } from "node:stream";
import { generate, type Packet } from "mqtt-packet";
import {
  accessToken,
  defaultProfile,
  type MemoryConnectOptions,
  Simulator,
  type SimulatorOptions,
} from "../../src/simulator/index.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";

/** A simulator whose time stands still until the test moves it. */
export async function startSimulator(
  options: SimulatorOptions = {},
): Promise<{ simulator: Simulator; clock: FakeClock }> {
  const clock = new FakeClock();
  const simulator = await Simulator.start({ clock, ...options });
  return { simulator, clock };
}

/** A client of few words: it writes what it is told and keeps what comes, each packet as hexadecimal. */
export class Client {
  readonly #stream: Duplex;
  readonly #level: 3 | 4 | 5;
  readonly received: string[] = [];
  ended = false;

  constructor(stream: Duplex, level: 3 | 4 | 5 = 4) {
    this.#stream = stream;
    this.#level = level;
    stream.on("data", (chunk: Buffer) => this.received.push(chunk.toString("hex")));
    stream.on("end", () => this.#end());
    stream.on("error", () => this.#end());
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#stream.write(bytes);
    await settle();
  }

  async send(...packets: readonly Packet[]): Promise<void> {
    await this.write(Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: this.#level }))));
  }

  async leave(): Promise<void> {
    this.#stream.destroy();
    await settle();
  }

  /** What came since this was asked last. */
  take(): string[] {
    return this.received.splice(0);
  }

  /** The payloads of the PUBLISH packets that came since `take` was asked last, as text. */
  get payloads(): string[] {
    return this.received.flatMap((hex) => {
      const bytes = Buffer.from(hex, "hex");
      if (bytes.readUInt8(0) >> 4 !== 3) return [];
      const start = bytes.indexOf("{");
      return [bytes.subarray(start === -1 ? bytes.length : start).toString("utf8")];
    });
  }

  #end(): void {
    this.ended = true;
    this.#stream.end();
  }
}

export interface Opening extends MemoryConnectOptions {
  readonly level?: 3 | 4 | 5;
  readonly userName?: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly clean?: boolean;
}

/** A CONNECT. */
export function connect({ level = 4, userName, password, clientId, clean = true }: Opening): Packet {
  return {
    cmd: "connect",
    protocolId: level === 3 ? "MQIsdp" : "MQTT",
    protocolVersion: level,
    clientId: clientId ?? (level === 3 ? "camera" : ""),
    clean,
    keepalive: 60,
    ...(userName === undefined ? {} : { username: userName }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  };
}

/** Connects and says CONNECT; by default as a camera that wants to be provisioned. */
export async function open(simulator: Simulator, opening: Opening = { userName: "provision" }): Promise<Client> {
  const client = new Client(simulator.connect(opening), opening.level);
  await client.send(connect(opening));
  return client;
}

/** The body of a request with the default profile's key and secret. */
export function requestBody(fields: Readonly<Record<string, unknown>> = {}): string {
  const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
  return JSON.stringify({ deviceName: "cam-1", provisionDeviceKey, provisionDeviceSecret, ...fields });
}

export function request(payload: string | Buffer = requestBody(), qos: 0 | 1 | 2 = 1, messageId = 1): Packet {
  return { cmd: "publish", topic: "/provision/request", payload, qos, messageId, dup: false, retain: false };
}

export function publish(topic: string, payload: string | Buffer, qos: 0 | 1 | 2 = 1, messageId = 1): Packet {
  return { cmd: "publish", topic, payload, qos, messageId, dup: false, retain: false };
}

export function subscribe(...filters: readonly string[]): Packet {
  return { cmd: "subscribe", messageId: 9, subscriptions: filters.map((topic) => ({ topic, qos: 1 as const })) };
}

export const success = '{"credentialsValue":"tok","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
export const failure = '{"errorMsg":"Failed to provision device!","status":"FAILURE"}';
export const notFound = '{"errorMsg":"Provision data was not found!","status":"NOT_FOUND"}';

/** A simulator with one device, `cam`, whose token is `tok`. */
export async function withDevice(options: SimulatorOptions = {}) {
  const started = await startSimulator({ profiles: [{ name: "plain", provisionType: "DISABLED" }], ...options });
  started.simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
  return { ...started, [Symbol.asyncDispose]: () => started.simulator.close() };
}
