import type { Packet } from "mqtt-packet";
import type { Duration } from "../../base/duration.ts";
import type { Server } from "../server.ts";
import { DeviceSession } from "../session/device-session.ts";
import { ProvisionSession } from "../session/provision-session.ts";
import type { DeviceRecord } from "../tenant/device.ts";
import { disconnectReasons } from "./connack-codes.ts";
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

/** `transport.mqtt.msg_queue_size_per_device_limit`: packets that wait for their CONNECT to be accepted. */
const queueLimit = 100;

/** One connection of a client: cuts packets, keeps their order, and hands them to the session that CONNECT opens. */
export class Connection {
  readonly number: number;
  readonly peer: Peer;
  /** Of the connection and not of a session: they and the packet ids outlive a second CONNECT. */
  readonly subscriptions = new Subscriptions();
  readonly #server: Server;
  readonly #reader = new PacketReader();
  readonly #queue: Packet[] = [];
  #level: Level = 4;
  #provisionOnly: ProvisionSession | undefined;
  #deviceSession: DeviceSession | undefined;
  readonly #ended = new AbortController();
  #connecting = false;
  #open = true;
  #mute = false;

  constructor(number: number, peer: Peer, server: Server) {
    this.number = number;
    this.peer = peer;
    this.#server = server;
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
      this.close(disconnectReasons.handlerFailed);
    }
  }

  /** All that came in one go is heard before any of it is answered, as it went over the wire. */
  #receive(chunk: Uint8Array): void {
    const segment = this.#server.nextSegment();
    const readings = [...this.#reader.read(chunk)];
    for (const reading of readings) {
      if (reading.ok && reading.packet.cmd === "connect") this.#level = levelOf(reading.packet);
      this.#server.heard(this, "client", reading.bytes, segment);
    }
    for (const reading of readings) {
      if (!this.#open) return;
      if (reading.ok) this.#process(reading.packet);
      else this.#undecodable();
    }
  }

  /** The client has closed, or the network has. */
  ended(how: "FIN" | "RST"): void {
    if (this.#open) this.#over("client", how);
  }

  send(packets: readonly Uint8Array[]): void {
    if (!this.#open) return;
    const segment = this.#server.nextSegment();
    for (const packet of packets) {
      this.#server.heard(this, "server", packet, segment);
      this.peer.write(packet);
    }
  }

  /** In MQTT 5 with a DISCONNECT of this reason first, where one is given and the client has said CONNECT. */
  close(reason?: number): void {
    if (!this.#open) return;
    if (reason !== undefined && this.#level === 5 && this.#hasSession) this.send([disconnect(reason)]);
    this.#over("server");
    this.peer.end();
  }

  reset(): void {
    if (!this.#open) return;
    this.#over("server", "RST");
    this.peer.reset();
  }

  /** A session ends so long after an answer, whatever the client does meanwhile; the first timer wins. */
  closeAfter(wait: Duration): void {
    this.#server.run(this, async () => {
      await this.sleep(wait);
      this.close();
    });
  }

  /** Ends as a rejection when the connection does. */
  sleep(wait: Duration): Promise<void> {
    return this.#server.clock.sleep(wait, this.#ended.signal);
  }

  /** The core has accepted the CONNECT as this device's: again, or in place of another device's. */
  deviceAccepted(device: DeviceRecord): DeviceSession {
    if (this.#deviceSession?.device === device) return this.#deviceSession;
    this.#deviceSession?.ended();
    this.#deviceSession = new DeviceSession(this, device, this.#server);
    return this.#deviceSession;
  }

  get #hasSession(): boolean {
    return this.#provisionOnly !== undefined || this.#deviceSession !== undefined || this.#connecting;
  }

  #process(packet: Packet): void {
    if (packet.cmd === "connect") {
      this.#connect(packet);
    } else if (this.#provisionOnly !== undefined && !this.#connecting) {
      this.#provisionOnly.handle(packet);
    } else if (this.#queue.length >= queueLimit) {
      this.close(disconnectReasons.quotaExceeded);
    } else {
      this.#queue.push(packet);
      this.#drain();
    }
  }

  /** What waited while CONNECT was looked at. */
  #drain(): void {
    while (!this.#connecting && this.#open) {
      const session = this.#provisionOnly ?? this.#deviceSession;
      const packet = session === undefined ? undefined : this.#queue.shift();
      if (session === undefined || packet === undefined) return;
      session.handle(packet);
    }
  }

  /** The first is waited for; after a second one the session that there is goes on meanwhile. */
  #connect(packet: ConnectPacket): void {
    const provisions = packet.username === "provision" || packet.clientId === "provision";
    this.#connecting ||= this.#provisionOnly === undefined && this.#deviceSession === undefined;
    if (provisions) {
      this.#provisionOnly ??= new ProvisionSession(this, this.#server);
      // What came before is of a device session that this connection will not have.
      this.#queue.length = 0;
    }
    const login = provisions ? undefined : packet;
    const settled = () => {
      this.#connecting = false;
      this.#drain();
    };
    this.#server.connect(this, packet.clean !== false, login, settled);
  }

  #undecodable(): void {
    this.close(disconnectReasons.malformedPacket);
  }

  #over(by: "client" | "server", how: "FIN" | "RST" = "FIN"): void {
    this.#open = false;
    this.#ended.abort();
    this.#queue.length = 0;
    this.#deviceSession?.ended();
    this.#server.closed(this, by, how);
  }
}

function levelOf(packet: ConnectPacket): Level {
  return packet.protocolVersion ?? 4;
}
