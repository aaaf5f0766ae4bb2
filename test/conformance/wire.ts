import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** The longest that a server was recorded to think is 20 s. In milliseconds. */
const patience = 25_000;

/** A client's end of a connection to the server: what comes is kept, packet by packet. */
export class Wire {
  ended = false;
  readonly #socket: Socket;
  readonly #packets: Buffer[] = [];
  #wake = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let length = lengthOf(rest); length !== undefined && length <= rest.length; length = lengthOf(rest)) {
        this.#packets.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      this.#wake();
    });
    const end = () => {
      this.ended = true;
      this.#wake();
    };
    socket.on("error", end).on("end", end).on("close", end);
  }

  /** Rejects with the system's error, or with "no connection within 25 s". */
  static async open({ host, port }: { readonly host: string; readonly port: number }): Promise<Wire> {
    const socket = connect(port, host);
    try {
      await within(once(socket, "connect"), `no connection within ${patience / 1000} s`);
      return new Wire(socket);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Undefined when the server ended the connection, or says nothing for too long. */
  async next(): Promise<Buffer | undefined> {
    if (this.#packets.length === 0 && !this.ended) {
      const something = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await within(something, "silence").catch(() => {});
    }
    return this.#packets.shift();
  }

  close(): void {
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

async function within<Value>(work: Promise<Value>, otherwise: string): Promise<Value> {
  const done = new AbortController();
  const late = AbortSignal.timeout(patience);
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
