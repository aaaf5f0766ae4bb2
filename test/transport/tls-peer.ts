import { once } from "node:events";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { ProvisioningError } from "../../src/model/errors.ts";
import { connect } from "../../src/transport/connect.ts";
import type { Link, TlsSettings } from "../../src/transport/link.ts";

/** A server on a free port, and how a client fares that trusts `settings`. */
export type Peer = TlsOptions | ((socket: Socket) => void);

export interface Case {
  readonly peer: Peer;
  readonly settings: TlsSettings;
  readonly host?: string;
}

export async function listen(
  peer: Peer,
): Promise<{ server: Server; port: number; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const greet = (socket: Socket) => void socket.on("error", () => {}).resume();
  const server = typeof peer === "function" ? createServer(peer) : createTlsServer(peer, greet);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => {}));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    server,
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const never = new AbortController().signal;

/** What a client of ours comes to: a link, or the error of the handshake, or of the first answer. */
export async function meet({ peer, settings, host = "localhost" }: Case): Promise<Link | ProvisioningError> {
  await using listening = await listen(peer);
  try {
    const link = await connect({ host, port: listening.port, tls: settings }, never);
    link.write(Buffer.from("hello"));
    // In TLS 1.3 a server judges the client after the client's own handshake.
    if (typeof peer !== "function" && peer.requestCert && peer.rejectUnauthorized) await link.read(never);
    link.close();
    return link;
  } catch (error) {
    if (ProvisioningError.is(error)) return error;
    throw error;
  }
}

/** Sends one TLS alert: fatal, with this number. */
export function alerts(number: number): Peer {
  return (socket) => socket.once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, number])));
}

export function says(text: string): Peer {
  return (socket) => socket.once("data", () => socket.end(text));
}

/** Between client and server, a router that turns one bit round in what comes encrypted from the server. */
export function altering(identity: TlsOptions): Peer {
  const behind = createTlsServer(identity);
  behind.on("tlsClientError", () => {});
  return (socket) => {
    behind.listen(0, "127.0.0.1", () => {
      const address = behind.address();
      if (address === null || typeof address === "string") return;
      const onward = connectTcp({ port: address.port, host: "127.0.0.1" });
      onward.on("error", () => {});
      socket.pipe(onward);
      onward.on("data", (bytes: Buffer) => {
        // The last byte of a record is part of its seal.
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        socket.write(bytes);
      });
      socket.on("close", () => {
        onward.destroy();
        behind.close();
      });
    });
  };
}
