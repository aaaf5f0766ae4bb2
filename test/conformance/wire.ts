import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Tape, Track } from "./tape.ts";
import type { Place } from "./target.ts";

/** The longest that a server was recorded to think is 20 s. In milliseconds. */
const patience = 25_000;

/** A client's end of a connection to the server: what comes is kept, packet by packet. */
export class Wire {
  ended = false;
  readonly #socket: Socket;
  readonly #track: Track | undefined;
  readonly #packets: Buffer[] = [];
  #wake = () => {};

  private constructor(socket: Socket, track: Track | undefined) {
    this.#socket = socket;
    this.#track = track;
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      const packets: Buffer[] = [];
      for (let length = lengthOf(rest); length !== undefined && length <= rest.length; length = lengthOf(rest)) {
        packets.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      this.#packets.push(...packets);
      track?.received(packets);
      this.#wake();
    });
    const end = (how: "FIN" | "RST") => () => {
      if (!this.ended) track?.ended("server", how);
      this.ended = true;
      this.#wake();
    };
    socket.on("error", end("RST")).on("end", end("FIN")).on("close", end("RST"));
  }

  /** Rejects with the system's error, or with "no connection within 25 s". What is said is kept on the tape. */
  static async open({ host, port, tls }: Place, tape?: Tape): Promise<Wire> {
    const secure = {
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(tls?.ca ? { ca: tls.ca } : {}),
    };
    const socket = tls === undefined ? connect(port, host) : connectTls(secure);
    try {
      await within(
        once(socket, tls === undefined ? "connect" : "secureConnect"),
        `no connection within ${patience / 1000} s`,
      );
      return new Wire(socket, tape?.track(tls === undefined ? "TCP" : "TLS"));
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** In one go. */
  write(...packets: readonly Uint8Array[]): void {
    this.#track?.sent(packets);
    this.#socket.write(Buffer.concat(packets));
  }

  /** Undefined when the server ended the connection, or says nothing for too long. */
  async next(atMost = patience): Promise<Buffer | undefined> {
    if (this.#packets.length === 0 && !this.ended) {
      const something = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await within(something, "silence", atMost).catch(() => {});
    }
    return this.#packets.shift();
  }

  close(): void {
    if (!this.ended) this.#track?.ended("client", "FIN");
    this.ended = true;
    this.#socket.destroy();
  }
}

/** Of the first packet, header included; undefined as long as the header is not complete. */
function lengthOf(bytes: Buffer): number | undefined {
  let remaining = 0;
  for (let index = 1; index < Math.min(bytes.length, 5); index++) {
    const byte = bytes.readUInt8(index);
    remaining += (byte & 0x7f) << (7 * (index - 1));
    if (byte < 0x80) return remaining + index + 1;
  }
  return undefined;
}

async function within<Value>(work: Promise<Value>, otherwise: string, atMost = patience): Promise<Value> {
  const done = new AbortController();
  const late = AbortSignal.timeout(atMost);
  const tooLate = once(late, "abort", { signal: done.signal }).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    tooLate.catch(() => {});
    done.abort();
  }
}
