import type { Duplex } from "node:stream";
import { ProvisioningError } from "../model/errors.ts";

/** Where the server is, and how to speak with it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Absent: plain text. Without `authorities` (PEM texts), those that Node was built with are trusted. */
  readonly tls?: { readonly authorities?: readonly string[] };
}

/** A connection that carries bytes both ways. */
export interface Link {
  /** Sends `bytes` in one go. Whether they arrive shows only in what is read. */
  write(bytes: Uint8Array): void;
  /**
   * The next bytes; undefined when the other side has ended the connection. Rejects with CONNECTION_LOST when it
   * broke, and with the signal's reason.
   */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Sends what was written, as far as that goes at once, then ends the connection. */
  close(): void;
}

/** Opens a link. Rejects with a ProvisioningError of the type NETWORK or AUTH, or with the signal's reason. */
export type Connect = (endpoint: Endpoint, signal: AbortSignal) => Promise<Link>;

/** How long, in milliseconds, what was written may take to leave before the connection is ended without it. */
const patience = 1000;

/** A link over any stream of bytes: a socket, or one end of a pair in memory. */
export function linkOver(stream: Duplex): Link {
  let broken: Error | undefined;
  let ended = false;
  stream.on("error", (error) => {
    broken ??= error;
  });
  stream.once("end", () => {
    ended = true;
  });
  return {
    write(bytes) {
      if (stream.writable) stream.write(bytes);
    },
    async read(signal) {
      for (;;) {
        signal.throwIfAborted();
        const chunk: unknown = stream.read();
        if (chunk instanceof Uint8Array) return chunk;
        if (broken !== undefined) throw lost(broken);
        if (ended || stream.destroyed) return undefined;
        await change(stream, signal);
      }
    },
    close() {
      stream.end(() => stream.destroy());
      // A server that asks for another TLS handshake and then says nothing lets nothing out any more.
      const late = setTimeout(() => stream.destroy(), patience).unref();
      stream.once("close", () => clearTimeout(late));
      // The other side may still send; without a reader its bytes would keep the end of the stream away for ever.
      stream.resume();
    },
  };
}

/** Until something happened to `stream`, or `signal` aborts. */
function change(stream: Duplex, signal: AbortSignal): Promise<void> {
  const events = ["readable", "end", "error", "close"] as const;
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of events) stream.off(event, settle);
      signal.removeEventListener("abort", settle);
      resolve();
    };
    for (const event of events) stream.on(event, settle);
    signal.addEventListener("abort", settle);
  });
}

function lost(cause: Error): ProvisioningError {
  return new ProvisioningError("CONNECTION_LOST", "the connection broke before the answer came", { cause });
}
