import type { Clock } from "../base/clock.ts";
import type { ProvisioningError } from "../model/errors.ts";
import type { Login } from "../wire/login.ts";
import type { ClientPacket } from "../wire/mqtt-packets.ts";
import type { Link } from "./link.ts";
import { connectPacket, MqttSession, type Progress, refusalInWords } from "./mqtt-session.ts";

/** A message that the server published to the device. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What travels with CONNECT, in one flight: ThingsBoard keeps it until the session is accepted (protocol 1.4). */
export interface Opening {
  readonly login: Login;
  /** Filters, each in a SUBSCRIBE of its own with QoS 1, as the real servers were seen to take them. */
  readonly subscriptions: readonly string[];
  readonly publish: Message;
}

/** CONNACK codes that mean: these credentials are not known here. 3 and everything else means: later. */
const refusals = [2, 4, 5];

const afterLogin: Progress = {
  heard: "the device's session was accepted",
  awaited: "an answer to the attribute request",
};

/** The session of a device with its own credentials. */
export class DeviceSession implements Disposable {
  readonly #session: MqttSession;
  #packetId = 0;

  private constructor(session: MqttSession) {
    this.#session = session;
  }

  /**
   * Logs in. `refused` is the server's word that it does not know the credentials; CONNECTION_LOST, NO_ANSWER,
   * SESSION_REFUSED and the like say nothing about them. The link is closed unless a session is returned.
   */
  static async open(
    link: Link,
    opening: Opening,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<DeviceSession | "refused"> {
    const device = new DeviceSession(new MqttSession(link, clock));
    try {
      device.#login(opening);
      const code = await device.#session.receiveConnack(signal);
      if (code === 0) return device;
      if (!refusals.includes(code)) throw notReady(device.#session, code);
      device[Symbol.dispose]();
      return "refused";
    } catch (error) {
      device[Symbol.dispose]();
      throw error;
    }
  }

  #login({ login, subscriptions, publish }: Opening): void {
    this.#session.send(
      connectPacket(login),
      ...subscriptions.map((topic) => ({
        type: "subscribe" as const,
        topic,
        packetId: ++this.#packetId,
      })),
      this.#publishPacket(publish),
    );
  }

  /** An error of this session: it begins with the place where the server is. */
  error(...details: Parameters<MqttSession["error"]>): ProvisioningError {
    return this.#session.error(...details);
  }

  publish(message: Message): void {
    this.#session.send(this.#publishPacket(message));
  }

  /** The next message, acknowledged. Rejects as `MqttSession.receive` does. */
  async nextMessage(signal: AbortSignal): Promise<Message> {
    for (;;) {
      const packet = await this.#session.receive(signal, afterLogin);
      if (packet.type !== "publish") continue;
      const { topic, payload, packetId } = packet;
      if (packetId !== undefined) this.#session.send({ type: "puback", packetId });
      return { topic, payload };
    }
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }

  #publishPacket({ topic, payload }: Message): ClientPacket {
    return { type: "publish", topic, payload, packetId: ++this.#packetId };
  }
}

function notReady(session: MqttSession, code: number): ProvisioningError {
  return session.error(
    "SESSION_REFUSED",
    `the device's session was refused (${refusalInWords(code)}), and not for its credentials`,
  );
}
