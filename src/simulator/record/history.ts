import type { Duration } from "../../base/duration.ts";
import { readPacket } from "../mqtt/packet-text.ts";
import type { Level } from "../mqtt/packets.ts";

/** One packet that went either way. */
export interface Exchange {
  /** Connections are numbered from 1 over the simulator's life. */
  readonly connection: number;
  readonly at: Date;
  /** Since the simulator was started. */
  readonly elapsed: Duration;
  readonly from: "client" | "server";
  /** `CONNECT`, `PUBLISH`, …, or `not MQTT`. */
  readonly packet: string;
  /** Of a PUBLISH; of a SUBSCRIBE and UNSUBSCRIBE the first filter. */
  readonly topic?: string;
  /** Of a PUBLISH, as text. Secrets are in it. */
  readonly payload?: string;
  readonly bytes: Uint8Array;
  /** What was read, or written, in one go has one number. */
  readonly segment: number;
  /** The protocol level of the connection: 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5. */
  readonly level: Level;
}

export type ExchangeFacts = Omit<Exchange, "packet" | "topic" | "payload">;

export function exchangeOf(facts: ExchangeFacts): Exchange {
  const { packet, topic, payload } = readPacket(facts.bytes, facts.level);
  return {
    ...facts,
    packet,
    ...(topic === undefined ? {} : { topic }),
    ...(payload === undefined ? {} : { payload: Buffer.from(payload).toString("utf8") }),
  };
}

/** The newest exchanges. Bounded in number and bytes, so that a simulator that runs for days does not grow. */
export class History {
  readonly #limit: number;
  readonly #byteLimit = 16 * 1024 * 1024;
  #exchanges: Exchange[] = [];
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    this.#bytes += exchange.bytes.length;
    if (this.#exchanges.length > 2 * this.#limit || this.#bytes > 2 * this.#byteLimit) this.#forget();
  }

  get exchanges(): readonly Exchange[] {
    return this.#newest();
  }

  #newest(): Exchange[] {
    return this.#exchanges.slice(Math.max(0, this.#exchanges.length - this.#limit));
  }

  clear(): void {
    this.#exchanges = [];
    this.#bytes = 0;
  }

  /** Seldom, and then much at a time: one by one each exchange would move all the others. */
  #forget(): void {
    let kept = this.#newest();
    let bytes = kept.reduce((sum, exchange) => sum + exchange.bytes.length, 0);
    while (bytes > this.#byteLimit) {
      const half = Math.ceil(kept.length / 2);
      bytes -= kept.slice(0, half).reduce((sum, exchange) => sum + exchange.bytes.length, 0);
      kept = kept.slice(half);
    }
    this.#exchanges = kept;
    this.#bytes = bytes;
  }
}
