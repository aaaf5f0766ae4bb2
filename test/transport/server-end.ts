import { type Duplex, duplexPair } from "node:stream";
import { type Link, linkOver } from "../../src/transport/link.ts";
import { settle } from "../base/fake-clock.ts";

/** The server's end of a connection in memory: it says what a test tells it to, and remembers what it hears. */
export class ServerEnd {
  readonly stream: Duplex;
  #heard = Buffer.alloc(0);
  /** Whether the client has ended the connection. */
  ended = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.on("data", (chunk: Uint8Array) => {
      this.#heard = Buffer.concat([this.#heard, chunk]);
    });
    stream.once("end", () => {
      this.ended = true;
    });
    stream.on("error", () => {});
  }

  /** Bytes in hexadecimal digits; spaces are for the reader. */
  say(hex: string): void {
    this.stream.write(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  }

  end(): void {
    this.stream.end();
  }

  /** Everything heard since the last call, in hexadecimal digits. */
  async heard(): Promise<string> {
    await settle();
    const hex = this.#heard.toString("hex");
    this.#heard = Buffer.alloc(0);
    return hex;
  }
}

export interface Pair {
  readonly link: Link;
  /** The client's stream under the link. */
  readonly client: Duplex;
  readonly server: ServerEnd;
}

export function linkPair(): Pair {
  const [client, server] = duplexPair();
  return { link: linkOver(client), client, server: new ServerEnd(server) };
}

/** Packets of the server, as ThingsBoard sends them. */
export const connack = (code = 0) => `2002 00${code.toString(16).padStart(2, "0")}`;
export const puback = "4002 0001";
export const pingresp = "d000";

/** PUBLISH of a text. With a packet id the quality of service is 1. */
export function publish(topic: string, payload: string, packetId?: number): string {
  const name = Buffer.from(topic);
  const id = packetId === undefined ? [] : [packetId >> 8, packetId & 255];
  const rest = Buffer.from([name.length >> 8, name.length & 255, ...name, ...id, ...Buffer.from(payload)]);
  const length = rest.length < 128 ? [rest.length] : [(rest.length & 127) | 128, rest.length >> 7];
  return Buffer.from([packetId === undefined ? 0x30 : 0x32, ...length, ...rest]).toString("hex");
}
