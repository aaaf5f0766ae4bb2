import type { Level } from "../mqtt/packets.ts";
import type { Device } from "../tenant/device.ts";
import { type DeviceProfile, keyOf } from "../tenant/device-profile.ts";
import type { SimulatorState } from "../tenant/state.ts";
import { packetLine } from "./describe.ts";
import type { Events, SimulatorEvent } from "./events.ts";
import type { Exchange } from "./history.ts";

/**
 * A recording in the form of the transcripts of real servers (docs/thingsboard-protocol.md#the-recordings), so that
 * both compare.
 */
export interface Transcript {
  readonly title: string;
  readonly server_version: string;
  readonly strategy: string;
  readonly packets: readonly TranscriptPacket[];
  readonly connections: readonly TranscriptConnection[];
  /** Devices that came to be, were claimed, changed or deleted meanwhile. */
  readonly server_effect: readonly Readonly<Record<string, unknown>>[];
  readonly notes: readonly string[];
  /** What was on the server when the recording began, so that nothing of it has to be guessed. Secrets are in it. */
  readonly server: { readonly profiles: readonly DeviceProfile[]; readonly state: SimulatorState };
}

export interface TranscriptPacket {
  /** By the client, or by it received. */
  readonly direction: "sent" | "received";
  readonly at_ms: number;
  readonly segment: number;
  readonly connection: number;
  readonly hex: string;
  readonly decoded: string;
}

export interface TranscriptConnection {
  readonly connection: number;
  readonly transport: "TCP" | "TLS";
  readonly mqtt: string;
  readonly ended_by: string;
  readonly ended_how: string;
  readonly ended_at_ms: number | null;
}

interface Track {
  readonly number: number;
  readonly transport: "TCP" | "TLS";
  level: Level | undefined;
  disconnected: boolean;
  ended: { readonly by: "client" | "server"; readonly how: "FIN" | "RST"; readonly at: number } | undefined;
}

/** Keeps every exchange from its start to its `stop`. Secrets are in what it keeps. */
export class Recorder {
  readonly #title: string;
  readonly #version: string;
  readonly #start: number;
  readonly #stop: () => void;
  readonly #profiles: readonly DeviceProfile[];
  readonly #before: SimulatorState;
  readonly #deviceNow: (id: string) => Device | undefined;
  readonly #exchanges: Exchange[] = [];
  readonly #connections = new Map<number, Track>();
  readonly #touched = new Map<string, Device>();

  /** @internal */
  constructor(
    events: Events,
    about: {
      readonly title: string;
      readonly version: string;
      readonly elapsed: number;
      readonly profiles: readonly DeviceProfile[];
      readonly state: SimulatorState;
      readonly device: (id: string) => Device | undefined;
    },
  ) {
    this.#title = about.title;
    this.#version = about.version;
    this.#start = about.elapsed;
    this.#profiles = about.profiles;
    this.#before = about.state;
    this.#deviceNow = about.device;
    this.#stop = events.listen((event) => this.#hear(event));
  }

  /** Ends the recording and gives it. */
  stop(): Transcript {
    this.#stop();
    return {
      title: this.#title,
      server_version: `thermal-provision simulator of ThingsBoard CE ${this.#version}`,
      strategy: this.#strategy(),
      packets: this.#exchanges.map((exchange) => this.#packet(exchange)),
      connections: [...this.#connections.values()].map((track) => this.#connection(track)),
      server_effect: [...this.#touched.values()].map((device) => this.#effect(device)),
      notes: [],
      server: { profiles: this.#profiles, state: this.#before },
    };
  }

  /** Of the profiles whose keys were sent, else of all there are; nothing where they have several. */
  #strategy(): string {
    const said = this.#exchanges.flatMap(({ from, payload = "" }) => (from === "client" ? [payload] : []));
    const isAsked = (profile: DeviceProfile) => {
      const key = JSON.stringify(keyOf(profile) ?? "");
      return said.some((payload) => payload.includes(key));
    };
    const asked = this.#profiles.filter(isAsked);
    const strategies = new Set((asked.length > 0 ? asked : this.#profiles).map(({ provisionType }) => provisionType));
    const [strategy = ""] = strategies;
    return strategies.size === 1 ? strategy : "";
  }

  #hear(event: SimulatorEvent): void {
    switch (event.type) {
      case "connection opened":
        this.#track(event.connection, event.transport);
        return;
      case "connection closed": {
        const track = this.#track(event.connection, "TCP");
        track.ended = { by: event.by, how: event.how, at: event.elapsed };
        return;
      }
      case "exchange":
        this.#exchange(event.exchange);
        return;
      case "device created":
      case "device claimed":
      case "device removed":
      case "credentials changed":
        this.#touched.set(event.device.id, event.device);
        return;
      default:
    }
  }

  #exchange(exchange: Exchange): void {
    const track = this.#track(exchange.connection, "TCP");
    if (exchange.packet === "CONNECT") track.level ??= exchange.level;
    if (exchange.packet === "DISCONNECT" && exchange.from === "client") track.disconnected = true;
    this.#exchanges.push(exchange);
  }

  #track(number: number, transport: "TCP" | "TLS"): Track {
    const track = this.#connections.get(number) ?? {
      number,
      transport,
      level: undefined,
      disconnected: false,
      ended: undefined,
    };
    this.#connections.set(number, track);
    return track;
  }

  #packet(exchange: Exchange): TranscriptPacket {
    return {
      direction: exchange.from === "client" ? "sent" : "received",
      at_ms: this.#milliseconds(exchange.elapsed),
      segment: exchange.segment,
      connection: exchange.connection,
      hex: Buffer.from(exchange.bytes).toString("hex"),
      decoded: packetLine(exchange, "shown"),
    };
  }

  #connection({ number, transport, level = 4, disconnected, ended }: Track): TranscriptConnection {
    const by = ended?.by === "server" && disconnected ? "server after client DISCONNECT" : ended?.by;
    return {
      connection: number,
      transport,
      mqtt: { 3: "3.1", 4: "3.1.1", 5: "5" }[level],
      ended_by: by ?? "still open",
      ended_how: ended?.how ?? "",
      ended_at_ms: ended === undefined ? null : this.#milliseconds(ended.at),
    };
  }

  #effect(touched: Device): Readonly<Record<string, unknown>> {
    const device = this.#deviceNow(touched.id);
    if (device === undefined) return { device_name: touched.name, device_exists: false };
    const { credentials } = device;
    const value = credentials.credentialsType === "ACCESS_TOKEN" ? null : credentials.credentialsValue;
    return {
      device_name: device.name,
      device_exists: true,
      device_type: device.profile,
      additional_info: device.gateway ? { gateway: true } : null,
      credentials_type: credentials.credentialsType,
      credentials_id: credentials.credentialsId,
      credentials_value: typeof value === "object" && value !== null ? JSON.stringify(value) : value,
      provisionState: device.provisionState,
    };
  }

  #milliseconds(elapsed: number): number {
    return Math.round((elapsed - this.#start) * 10) / 10;
  }
}
