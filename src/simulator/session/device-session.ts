import type { Packet } from "mqtt-packet";
import { milliseconds, seconds } from "../../base/duration.ts";
import { closings, reasonCodes } from "../mqtt/codes.ts";
import type { Connection, PublishPacket } from "../mqtt/connection.ts";
import { pingresp, puback, publish, unsuback } from "../mqtt/packets.ts";
import type { OpenSession } from "../server/device-sessions.ts";
import type { Server } from "../server/server.ts";
import { HandlerFailure, InvalidPayload } from "../tenant/attributes.ts";
import { attributesUpdate } from "../tenant/attributes-protobuf.ts";
import type { DeviceRecord, JsonValue } from "../tenant/device.ts";
import { handlePublication, type Publisher } from "./device-publications.ts";
import { formatOf, subscriptionKind } from "./device-topics.ts";
import { downlinkOf } from "./payload-format.ts";
import { subscribed } from "./subscribed.ts";

/** `transport.sessions.inactivity_timeout`. */
const inactivity = seconds(600);

/** The session of a device that was let in (docs/thingsboard-protocol.md#device-sessions). */
export class DeviceSession implements OpenSession, Publisher {
  readonly connection: Connection;
  readonly device: DeviceRecord;
  readonly server: Server;
  /** Where pushes go: the filter that was subscribed last. Absent: nobody wants them. */
  #attributesTopic: string | undefined;
  #rpcTopic: string | undefined;
  #lastPacket: number;
  #over = false;

  constructor(connection: Connection, device: DeviceRecord, server: Server) {
    this.connection = connection;
    this.device = device;
    this.server = server;
    this.#lastPacket = server.clock.elapsed();
    server.run(connection, () => this.#closeWhenInactive());
  }

  ended(): void {
    this.#over = true;
    this.server.sessions.remove(this);
    const { connection, device } = this;
    this.server.events.tell({ type: "session closed", connection: connection.number, deviceName: device.name });
  }

  handle(packet: Packet): void {
    this.#lastPacket = this.server.clock.elapsed();
    switch (packet.cmd) {
      case "publish":
        this.#publish(packet);
        return;
      case "subscribe":
        this.#subscribe(packet);
        return;
      case "unsubscribe":
        this.#unsubscribe(packet);
        return;
      case "pingreq":
        this.connection.send([pingresp()]);
        return;
      case "disconnect":
        this.connection.close(closings.disconnected);
        return;
      default:
    }
  }

  /** Sends to a topic, with the QoS that was granted for it. */
  publish(topic: string, payload: string | Uint8Array): void {
    this.connection.send([this.publication(topic, payload)]);
  }

  publication(topic: string, payload: string | Uint8Array): Uint8Array {
    const { level, subscriptions } = this.connection;
    const packetId = subscriptions.nextPacketId();
    return publish(level, { topic, payload: Buffer.from(payload), qos: subscriptions.qosOf(topic), packetId });
  }

  /** A change of shared attributes, if the device has subscribed to them. */
  pushAttributes(change: Readonly<Record<string, JsonValue>>): void {
    const topic = this.#attributesTopic;
    if (topic === undefined) return;
    const { database, clock } = this.server;
    const format = downlinkOf(formatOf(topic), database.profileOf(this.device));
    const now = clock.now().getTime();
    this.publish(topic, format === "JSON" ? JSON.stringify(change) : attributesUpdate(change, now));
  }

  /** Whether the device has subscribed to requests. */
  pushRpc(requestId: number, body: string): boolean {
    if (this.#rpcTopic === undefined) return false;
    this.publish(this.#rpcTopic.replace("+", String(requestId)), body);
    return true;
  }

  /** QoS 0 has no acknowledgement; QoS 2 gets that of QoS 1. */
  acknowledge(packet: PublishPacket, code = 0): void {
    if (packet.qos > 0) this.connection.send([puback(this.connection.level, packet.messageId ?? 0, code)]);
  }

  #publish(packet: PublishPacket): void {
    try {
      handlePublication(this, packet);
    } catch (error) {
      if (error instanceof HandlerFailure) {
        this.connection.close({ ...closings.handlerFailed, why: `${closings.handlerFailed.why}: ${error.message}` });
        return;
      }
      if (!(error instanceof InvalidPayload)) throw error;
      const { sendAckOnValidationException = false } = this.server.database.profileOf(this.device) ?? {};
      if (packet.qos > 0 && (this.connection.level === 5 || sendAckOnValidationException)) {
        this.acknowledge(packet, reasonCodes.payloadFormatInvalid);
      } else {
        this.connection.close({ ...closings.invalidPayload, why: `${closings.invalidPayload.why}: ${error.message}` });
      }
    }
  }

  #subscribe(packet: Extract<Packet, { cmd: "subscribe" }>): void {
    const id = packet.messageId ?? 0;
    const { level, subscriptions } = this.connection;
    const codes = packet.subscriptions.map(({ topic, qos }) => {
      const kind = subscriptionKind(topic);
      if (kind === undefined) {
        return level === 5 ? reasonCodes.topicFilterInvalid : reasonCodes.subscriptionRefused;
      }
      if (kind !== "answers" && this.server.limits.takeMessage(this.device)) this.#wantPushes(kind, topic);
      return subscriptions.grant(topic, qos);
    });
    this.server.perform(this.server.occasion("subscribe", this.connection, this.device.name), {
      connection: this.connection,
      work: () => subscribed(level, id, codes),
    });
  }

  /** Over the rate limit this does not happen, although SUBACK says that it did. */
  #wantPushes(kind: "attributes" | "rpc requests", filter: string): void {
    if (kind === "attributes") this.#attributesTopic = filter;
    else this.#rpcTopic = filter;
  }

  #unsubscribe(packet: Extract<Packet, { cmd: "unsubscribe" }>): void {
    const codes = packet.unsubscriptions.map((filter) => {
      if (!this.connection.subscriptions.remove(filter)) return reasonCodes.noSubscriptionExisted;
      // The core knows that a device wants pushes, not under which of the filters: the first UNSUBSCRIBE ends them.
      const kind = subscriptionKind(filter);
      if (kind === "attributes") this.#attributesTopic = undefined;
      if (kind === "rpc requests") this.#rpcTopic = undefined;
      return 0;
    });
    this.connection.send([unsuback(this.connection.level, packet.messageId ?? 0, codes)]);
  }

  async #closeWhenInactive(): Promise<void> {
    while (!this.#over) {
      const rest = this.#lastPacket + inactivity - this.server.clock.elapsed();
      if (rest <= 0) this.connection.close(closings.inactive);
      else await this.connection.sleep(milliseconds(rest));
    }
  }
}
