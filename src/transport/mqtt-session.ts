import { type Clock, deadline, Expired } from "../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import type { Fact } from "../model/error-kind.ts";
import { type ErrorCode, type ErrorDetails, ProvisioningError } from "../model/errors.ts";
import type { Login } from "../wire/login.ts";
import { type ClientPacket, encodePackets } from "../wire/mqtt-packets.ts";
import { PacketReader, type ServerPacket } from "../wire/mqtt-reader.ts";
import { askedFor, type Link } from "./link.ts";
import { type Service, whatAnswers } from "./what-answers.ts";

/** A whole provisioning is less than 1 KiB of answers; attributes of others may be pushed, but not for long. */
const mostBytes = 256 * 1024;

/** CONNECT promises never to be silent for longer than this [MQTT-3.1.2-23]. */
const keepAlive = seconds(60);

/** After so much silence comes a PINGREQ: early enough for a slow link. */
const longestSilence = milliseconds(keepAlive * 0.75);

/** The first packet of every session. */
export function connectPacket(login: Login): ClientPacket {
  return { type: "connect", login, keepAlive: keepAlive / 1000 };
}

/** How far a conversation is; every message about its end is made of it. */
export interface Progress {
  /** What the server has done last: `the server accepted the MQTT session`. */
  readonly heard: string;
  /** What should come next: `the answer`. */
  readonly awaited: string;
}

const nothingHeard = "the connection was opened, and closed from the other side without one byte";

export const tlsExpected = "the port speaks TLS, and plain text was asked for";

/** Why an answer is missing: the other side said nothing at all, or nothing more. */
export class Silence extends Error {
  override readonly name = "Silence";
  readonly since: "from the beginning" | "after the login";

  constructor(since: Silence["since"]) {
    super(`silence ${since}`);
    this.since = since;
  }
}

/** MQTT packets over a link, bounded in size. By itself it sends nothing but PINGREQ, and never anything again. */
export class MqttSession {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #reader = new PacketReader();
  readonly #packets: ServerPacket[] = [];
  #received = 0;
  #garbled: unknown;
  #lastSent: Duration;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    this.#lastSent = clock.elapsed();
  }

  /** Sends the packets in one flight. */
  send(...packets: readonly ClientPacket[]): void {
    this.#lastSent = this.#clock.elapsed();
    this.#link.write(encodePackets(packets));
  }

  /** The code of the CONNACK, which must be the first packet that the server sends [MQTT-3.2.0-1]. */
  async receiveConnack(signal: AbortSignal): Promise<number> {
    const packet = await this.receive(signal, {
      heard: "the connection was opened",
      awaited: "an answer to the login",
    });
    if (packet.type === "connack") return packet.returnCode;
    throw this.error("NOT_MQTT", `the server sent ${packet.type.toUpperCase()} instead of an answer to the login`);
  }

  /**
   * The next packet. Throws NOT_MQTT, TLS_EXPECTED, TOO_MUCH_DATA, CONNECTION_LOST, NOTHING_HEARD, NO_ANSWER when the
   * signal's time is up, or the signal's reason.
   */
  async receive(signal: AbortSignal, progress: Progress): Promise<ServerPacket> {
    for (;;) {
      const packet = this.#packets.shift();
      if (packet !== undefined) return packet;
      if (this.#garbled !== undefined)
        throw this.error("NOT_MQTT", "the server's bytes are not MQTT", { cause: this.#garbled });
      const silence = this.#clock.elapsed() - this.#lastSent;
      using quiet = deadline(this.#clock, milliseconds(longestSilence - silence), signal);
      try {
        await this.#more(quiet.signal, progress);
      } catch (error) {
        if (!(error instanceof Expired)) throw error;
        if (signal.aborted) throw this.#noAnswer(progress);
        // PINGREQ keeps the promise of CONNECT.
        this.send({ type: "pingreq" });
      }
    }
  }

  /** Reads until a packet is there, or what can be none. Rejects with Expired when it is time to say something. */
  async #more(signal: AbortSignal, progress: Progress): Promise<void> {
    while (this.#packets.length === 0 && this.#garbled === undefined) {
      const bytes = await this.#read(signal, progress);
      this.#received += bytes.byteLength;
      if (this.#received > mostBytes) {
        throw this.error("TOO_MUCH_DATA", `the server sent more than ${mostBytes} bytes; cut off`);
      }
      const isFirst = this.#received === bytes.byteLength;
      const service = isFirst ? whatAnswers(bytes) : undefined;
      if (service !== undefined) throw this.#otherService(service);
      this.#take(bytes);
    }
  }

  #take(bytes: Uint8Array): void {
    try {
      for (const packet of this.#reader.take(bytes)) this.#packets.push(packet);
    } catch (error) {
      this.#garbled = error;
    }
  }

  async #read(signal: AbortSignal, progress: Progress): Promise<Uint8Array> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#link.read(signal);
    } catch (error) {
      throw this.#broken(error);
    }
    if (bytes === undefined) throw this.#closed(progress);
    return bytes;
  }

  /** An error of this conversation: it begins with the place where the server is. */
  error(code: ErrorCode, sentence: string, details: ErrorDetails = {}): ProvisioningError {
    const { place, secure = false } = this.#link;
    const facts = [askedFor(secure), ...(details.facts ?? [])];
    return new ProvisioningError(code, place === undefined ? sentence : `${place}: ${sentence}`, { ...details, facts });
  }

  #otherService(service: Service): ProvisioningError {
    if (service === "TLS") return this.error("TLS_EXPECTED", tlsExpected, { endsRun: true });
    return this.error("NOT_MQTT", `what answers there is ${service}, not MQTT`, { endsRun: true });
  }

  /** What was sent went to somebody who said nothing at all: that is no interruption. */
  #isUnheard(): boolean {
    return this.#received === 0 && this.#link.secure !== true;
  }

  #closed({ heard, awaited }: Progress): ProvisioningError {
    if (this.#isUnheard()) return this.error("NOTHING_HEARD", nothingHeard);
    return this.error("CONNECTION_LOST", `${heard}, and closed from the other side before ${awaited} came`);
  }

  #broken(error: unknown): unknown {
    if (!ProvisioningError.is(error) || error.errorCode !== "CONNECTION_LOST" || !this.#isUnheard()) return error;
    return this.error("NOTHING_HEARD", nothingHeard, { cause: error });
  }

  #noAnswer({ heard, awaited }: Progress): ProvisioningError {
    const cause = new Silence(this.#received === 0 ? "from the beginning" : "after the login");
    const facts: readonly Fact[] = this.#received === 0 ? ["no request was heard"] : [];
    return this.error("NO_ANSWER", `${heard}, but ${awaited} did not come in time`, { cause, facts });
  }

  /** DISCONNECT, then the end of the connection [MQTT-3.14.4-1]. */
  close(): void {
    this.send({ type: "disconnect" });
    this.#link.close();
  }
}

/** MQTT 3.1.1, table 3.1. */
const refusals: Readonly<Record<number, string>> = {
  1: "MQTT 3.1.1 is not spoken there",
  2: "client id refused",
  3: "server unavailable",
  4: "bad user name or password",
  5: "not authorised",
};

/** `code 5, not authorised`. */
export function refusalInWords(code: number): string {
  const words = refusals[code];
  return words === undefined ? `code ${code}` : `code ${code}, ${words}`;
}
