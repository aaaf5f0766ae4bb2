import type { Packet } from "mqtt-packet";
import type { Due } from "../faults/scenario.ts";
import { closings, type Refusal, serverUnavailable } from "../mqtt/codes.ts";
import type { Connection, ConnectPacket, PacketHandler } from "../mqtt/connection.ts";
import { connack, disconnect } from "../mqtt/packets.ts";
import type { ProvisioningService } from "../provisioning/provisioning-service.ts";
import { tellDeviceId } from "../provisioning/rule-chain.ts";
import type { Server } from "../server/server.ts";
import type { DeviceRecord } from "../tenant/device.ts";
import { DeviceSession } from "./device-session.ts";
import { type LoginResult, logIn } from "./login.ts";
import { ProvisionSession } from "./provision-session.ts";

/** `transport.mqtt.msg_queue_size_per_device_limit`: packets that wait for their CONNECT to be accepted. */
const queueLimit = 100;

/** The sessions of one connection: CONNECT opens one, and it gets the packets (ThingsBoard's MqttTransportHandler). */
export class TransportHandler implements PacketHandler {
  readonly #connection: Connection;
  readonly #server: Server;
  readonly #provisioning: ProvisioningService;
  readonly #queue: Packet[] = [];
  #provisionSession: ProvisionSession | undefined;
  #deviceSession: DeviceSession | undefined;
  #connecting = false;

  constructor(connection: Connection, server: Server, provisioning: ProvisioningService) {
    this.#connection = connection;
    this.#server = server;
    this.#provisioning = provisioning;
  }

  get hasSession(): boolean {
    return this.#provisionSession !== undefined || this.#deviceSession !== undefined || this.#connecting;
  }

  ended(): void {
    this.#queue.length = 0;
    this.#deviceSession?.ended();
  }

  handle(packet: Packet): void {
    if (packet.cmd === "connect") {
      this.#connect(packet);
    } else if (this.#provisionSession !== undefined && !this.#connecting) {
      this.#provisionSession.handle(packet);
    } else if (this.#queue.length >= queueLimit) {
      this.#connection.close(closings.queueFull);
    } else {
      this.#queue.push(packet);
      this.#drain();
    }
  }

  /** What waited while CONNECT was looked at. */
  #drain(): void {
    while (!this.#connecting && this.#connection.isOpen) {
      const session = this.#provisionSession ?? this.#deviceSession;
      const packet = session === undefined ? undefined : this.#queue.shift();
      if (session === undefined || packet === undefined) return;
      session.handle(packet);
    }
  }

  /** The first is waited for; after a second one the session that there is goes on meanwhile. */
  #connect(packet: ConnectPacket): void {
    this.#connecting ||= !this.hasSession;
    if (packet.username === "provision" || packet.clientId === "provision") this.#openProvisionSession(packet);
    else this.#logIn(packet);
  }

  #openProvisionSession(packet: ConnectPacket): void {
    this.#provisionSession ??= new ProvisionSession(this.#connection, this.#server, this.#provisioning);
    // What came before is of a device session that this connection will not have.
    this.#queue.length = 0;
    this.#answer(packet, this.#server.occasion("connect", this.#connection), undefined);
  }

  #logIn(packet: ConnectPacket): void {
    const connection = this.#connection;
    const server = this.#server;
    server.run(connection, async () => {
      await server.wait("connect");
      if (!connection.isOpen) return;
      const result = logIn(packet, connection.peer, server);
      const deviceName = "device" in result ? result.device.name : undefined;
      const any = server.occasion("connect", connection, deviceName);
      const probe = server.occasion("probe", connection, deviceName);
      this.#answer(packet, any ?? probe, result);
    });
  }

  /** Without a result it is a provisioning session's CONNECT, which is let in. */
  #answer(packet: ConnectPacket, due: Due | undefined, result: LoginResult | undefined): void {
    const refused = result !== undefined && "refusal" in result;
    if (refused && result.wrong) {
      this.#server.addressBlock?.refused(this.#connection.peer.remoteAddress, this.#server.clock.elapsed());
    }
    const withCode = (code: number) => [connack(this.#connection.level, packet.clean === false, code)];
    const refuse = (refusal: Refusal) => ({
      packets: () => this.#refusal(packet, refusal),
      withCode,
      afterwards: () => this.#connection.close({ why: `${closings.refused.why}: ${refusal.why}` }),
    });
    const accepted = () => {
      if (result !== undefined && "device" in result) this.#open(result.device);
      this.#connecting = false;
      this.#drain();
    };
    this.#server.perform(due, {
      connection: this.#connection,
      work: () => (refused ? refuse(result.refusal) : { packets: () => withCode(0), withCode, afterwards: accepted }),
      unanswered: async () => {
        await this.#server.sleepUntilSweep();
        return refuse(serverUnavailable);
      },
    });
  }

  #refusal(packet: ConnectPacket, { code, reason, disconnectReason }: Refusal): Uint8Array[] {
    const { level } = this.#connection;
    const refusal = connack(level, packet.clean === false, level === 5 ? reason : code);
    return level === 5 ? [refusal, disconnect(disconnectReason)] : [refusal];
  }

  /** The core has accepted the CONNECT as this device's: again, or in place of another device's. */
  #open(device: DeviceRecord): void {
    this.#server.addressBlock?.accepted(this.#connection.peer.remoteAddress);
    if (this.#deviceSession?.device !== device) {
      this.#deviceSession?.ended();
      this.#deviceSession = new DeviceSession(this.#connection, device, this.#server);
    }
    this.#server.sessions.add(this.#deviceSession);
    this.#server.events.tell({
      type: "session opened",
      connection: this.#connection.number,
      deviceName: device.name,
    });
    this.#server.sessions.closeOldest(device);
    tellDeviceId(device, this.#server, "connect");
  }
}
