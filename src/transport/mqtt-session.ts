import mqtt, { type Packet } from "mqtt-packet";
import { type Clock, deadline, Expired } from "../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import { withoutDebugOutput } from "../base/without-debug-output.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { Login } from "../wire/login.ts";
import type { Link } from "./link.ts";

// By default the library prepares 65,536 buffers at the first packet: 60 ms and 15 MB for three packets.
mqtt.writeToStream.cacheNumbers = false;

/** A whole provisioning is less than 1 KiB of answers; attributes of others may be pushed, but not for long. */
const mostBytes = 256 * 1024;

/** CONNECT promises never to be silent for longer than this [MQTT-3.1.2-23]. */
const keepAlive = seconds(60);

/** After so much silence comes a PINGREQ: early enough for a slow link. */
const longestSilence = milliseconds(keepAlive * 0.75);

/** What every CONNECT of ours says besides the login: MQTT 3.1.1, and a clean session. */
export function connectPacket({ clientId, userName: username }: Login): Packet {
  return {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clientId,
    clean: true,
    keepalive: keepAlive / 1000,
    username,
  };
}

/** How far a conversation is; every message about its end is made of it. */
export interface Progress {
  /** What the server has done last: `the server accepted the MQTT session`. */
  readonly heard: string;
  /** What should come next: `the answer`. */
  readonly awaited: string;
}

/** MQTT packets over a link, bounded in size. By itself it sends nothing but PINGREQ, and never anything again. */
export class MqttSession {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #parser = withoutDebugOutput(() => mqtt.parser({ protocolVersion: 4 }));
  readonly #packets: Packet[] = [];
  #received = 0;
  #garbled: Error | undefined;
  #lastSent: Duration;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    this.#lastSent = clock.elapsed();
    this.#parser.on("packet", (packet) => this.#packets.push(packet));
    this.#parser.on("error", (error: Error) => {
      this.#garbled ??= error;
    });
  }

  /** Sends the packets in one flight. */
  send(...packets: readonly Packet[]): void {
    this.#lastSent = this.#clock.elapsed();
    const bytes = withoutDebugOutput(() => packets.map((packet) => mqtt.generate(packet)));
    this.#link.write(Buffer.concat(bytes));
  }

  /** The code of the CONNACK, which must be the first packet that the server sends [MQTT-3.2.0-1]. */
  async receiveConnack(signal: AbortSignal): Promise<number> {
    const packet = await this.receive(signal, { heard: "the server accepted the connection", awaited: "its CONNACK" });
    if (packet.cmd === "connack" && packet.returnCode !== undefined) return packet.returnCode;
    throw new ProvisioningError("NOT_MQTT", `the server sent ${packet.cmd.toUpperCase()} instead of a CONNACK`);
  }

  /**
   * The next packet. Throws NOT_MQTT, TOO_MUCH_DATA, CONNECTION_LOST, NO_ANSWER when the signal's time is up, or the
   * signal's reason.
   */
  async receive(signal: AbortSignal, progress: Progress): Promise<Packet> {
    for (;;) {
      const packet = this.#packets.shift();
      if (packet !== undefined) return packet;
      if (this.#garbled !== undefined) throw notMqtt(this.#garbled);
      const bytes = await this.#read(signal, progress);
      this.#received += bytes.byteLength;
      if (this.#received > mostBytes) {
        throw new ProvisioningError("TOO_MUCH_DATA", `the server sent more than ${mostBytes} bytes; cut off`);
      }
      withoutDebugOutput(() => this.#parser.parse(Buffer.from(bytes)));
    }
  }

  /** The next bytes. While they are awaited, PINGREQ keeps the promise of CONNECT. */
  async #read(signal: AbortSignal, progress: Progress): Promise<Uint8Array> {
    for (;;) {
      const silence = this.#clock.elapsed() - this.#lastSent;
      using quiet = deadline(this.#clock, milliseconds(longestSilence - silence), signal);
      try {
        const bytes = await this.#link.read(quiet.signal);
        if (bytes === undefined) throw closed(progress);
        return bytes;
      } catch (error) {
        if (!(error instanceof Expired)) throw error;
        if (signal.aborted) throw noAnswer(progress);
      }
      this.send({ cmd: "pingreq" });
    }
  }

  /** DISCONNECT, then the end of the connection [MQTT-3.14.4-1]. */
  close(): void {
    this.send({ cmd: "disconnect" });
    this.#link.close();
  }
}

function notMqtt(cause: Error): ProvisioningError {
  return new ProvisioningError("NOT_MQTT", "the server's bytes are not MQTT", { cause });
}

function closed({ heard, awaited }: Progress): ProvisioningError {
  return new ProvisioningError("CONNECTION_LOST", `${heard}, and closed the connection before ${awaited} came`);
}

function noAnswer({ heard, awaited }: Progress): ProvisioningError {
  return new ProvisioningError("NO_ANSWER", `${heard}, but ${awaited} did not come in time`);
}
