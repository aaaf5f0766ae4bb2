import type { Packet } from "mqtt-packet";
import type { Clock } from "../../base/clock.ts";
import type { Duration } from "../../base/duration.ts";
import { type Closing, closings } from "./codes.ts";
import { PacketReader } from "./packet-reader.ts";
import { disconnect, type Level } from "./packets.ts";
import { Subscriptions } from "./subscriptions.ts";

/** The client's end of a connection: a socket, or a stream in memory. */
export interface Peer {
  readonly remoteAddress: string;
  readonly transport: "TCP" | "TLS";
  /** What the client showed in the TLS handshake, DER, its own certificate first; empty without. */
  readonly certificates: readonly Uint8Array[];
  write(bytes: Uint8Array): void;
  /** FIN after what was written. */
  end(): void;
  /** RST. */
  reset(): void;
}

export type ConnectPacket = Extract<Packet, { cmd: "connect" }>;
export type PublishPacket = Extract<Packet, { cmd: "publish" }>;

/** What a connection needs of the server around it. */
export interface ConnectionHost {
  readonly clock: Pick<Clock, "sleep">;
  /** Runs work that takes time; when it fails, the connection is closed. */
  run(connection: Connection, work: () => Promise<void>): void;
  nextSegment(): number;
  heard(connection: Connection, from: "client" | "server", bytes: Uint8Array, segment: number): void;
  closed(connection: Connection, end: ConnectionEnd): void;
}

/** Who ended a connection, how, and why if it was the server. */
export interface ConnectionEnd {
  readonly by: "client" | "server";
  readonly how: "FIN" | "RST";
  readonly why?: string;
}

/** Who is told of the packets of one connection, in their order. */
export interface PacketHandler {
  /** Whether the client has said CONNECT. */
  readonly hasSession: boolean;
  handle(packet: Packet): void;
  ended(): void;
}

/** One connection of a client: cuts packets, keeps their order, and hands them to its handler. */
export class Connection {
  readonly number: number;
  readonly peer: Peer;
  /** Of the connection and not of a session: they and the packet ids outlive a second CONNECT. */
  readonly subscriptions = new Subscriptions();
  readonly #host: ConnectionHost;
  readonly #handler: PacketHandler;
  readonly #reader = new PacketReader();
  readonly #ended = new AbortController();
  #level: Level = 4;
  #open = true;
  #mute = false;
  #closesLater = false;

  constructor(number: number, peer: Peer, host: ConnectionHost, handlerOf: (connection: Connection) => PacketHandler) {
    this.number = number;
    this.peer = peer;
    this.#host = host;
    this.#handler = handlerOf(this);
  }

  get level(): Level {
    return this.#level;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Nothing that the client sends is heard any more, and nothing answered. */
  mute(): void {
    this.#mute = true;
  }

  /** Never throws: what goes wrong inside ends the connection, as an exception in the server's handler does. */
  receive(chunk: Uint8Array): void {
    if (!this.#open || this.#mute) return;
    try {
      this.#receive(chunk);
    } catch {
      this.close(closings.handlerFailed);
    }
  }

  /** All that came in one go is heard before any of it is answered, as it went over the wire. */
  #receive(chunk: Uint8Array): void {
    const segment = this.#host.nextSegment();
    const readings = [...this.#reader.read(chunk)];
    for (const reading of readings) {
      if (reading.ok && reading.packet.cmd === "connect") this.#level = levelOf(reading.packet);
      this.#host.heard(this, "client", reading.bytes, segment);
    }
    for (const reading of readings) {
      if (!this.#open) return;
      if (reading.ok) this.#handler.handle(reading.packet);
      else this.close(closings.malformedPacket);
    }
  }

  /** The client has closed, or the network has. */
  ended(how: "FIN" | "RST"): void {
    if (this.#open) this.#over({ by: "client", how });
  }

  send(packets: readonly Uint8Array[]): void {
    if (!this.#open) return;
    const segment = this.#host.nextSegment();
    for (const packet of packets) {
      this.#host.heard(this, "server", packet, segment);
      this.peer.write(packet);
    }
  }

  /** The DISCONNECT of MQTT 5 is sent where the client has said CONNECT. */
  close({ code, why }: Closing): void {
    if (!this.#open) return;
    if (code !== undefined && this.#level === 5 && this.#handler.hasSession) this.send([disconnect(code)]);
    this.#over({ by: "server", how: "FIN", why });
    this.peer.end();
  }

  reset({ why }: Closing): void {
    if (!this.#open) return;
    this.#over({ by: "server", how: "RST", why });
    this.peer.reset();
  }

  /** A session ends so long after an answer, whatever the client does meanwhile; the first timer wins. */
  closeAfter(wait: Duration, closing: Closing): void {
    if (this.#closesLater) return;
    this.#closesLater = true;
    this.#host.run(this, async () => {
      await this.sleep(wait);
      this.close(closing);
    });
  }

  /** Ends as a rejection when the connection does. */
  sleep(wait: Duration): Promise<void> {
    return this.#host.clock.sleep(wait, this.#ended.signal);
  }

  #over(end: ConnectionEnd): void {
    this.#open = false;
    this.#ended.abort();
    this.#handler.ended();
    this.#host.closed(this, end);
  }
}

function levelOf(packet: ConnectPacket): Level {
  return packet.protocolVersion ?? 4;
}
