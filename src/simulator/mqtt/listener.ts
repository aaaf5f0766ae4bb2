import { createServer, type Server, type Socket } from "node:net";
// By its module: where a name is missing, as this one before Node 20, nothing else could be said of that.
import stream, { type Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import type { Connection, Peer } from "./connection.ts";

/** A connection in memory: what a socket would know by itself. */
export interface MemoryConnectOptions {
  /** Default `memory`. */
  readonly remoteAddress?: string;
  /** The client's certificates as a TLS handshake would have shown them, DER, its own first. */
  readonly certificates?: readonly Uint8Array[];
}

/** The server behind the port. */
export interface Served {
  /** Undefined: the client was turned away. */
  accept(peer: Peer): Connection | undefined;
  /** All connections end and all work under way is lost. */
  stop(): void;
  forgetDevices(): void;
  sleep(wait: Duration): Promise<void>;
  run(connection: undefined, work: () => Promise<void>): void;
}

/** The port, which can be closed and opened again without losing its number. */
export class Listener {
  readonly #server: Served;
  readonly #host: string;
  readonly #tls: { readonly key: string; readonly cert: string } | undefined;
  readonly #streams = new Set<Duplex>();
  #port: number;
  #listening: Server | undefined;
  #closed = false;

  constructor(
    server: Served,
    host: string,
    port: number,
    tls: { readonly key: string; readonly cert: string } | undefined,
  ) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
    this.#tls = tls;
  }

  get port(): number {
    return this.#port;
  }

  /** Rejects as `net.Server` does: EADDRINUSE, EACCES, … or with OpenSSL's error for a wrong key or certificate. */
  async open(): Promise<void> {
    const listening = await this.#makeServer();
    await new Promise<void>((resolve, reject) => {
      listening.once("error", reject);
      listening.listen(this.#port, this.#host, () => {
        listening.off("error", reject);
        resolve();
      });
    });
    listening.on("error", () => {});
    const address = listening.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    this.#listening = listening;
  }

  /** node:tls is loaded only where it is wanted: it takes time at the start. */
  async #makeServer(): Promise<Server> {
    if (this.#tls === undefined) {
      return createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket, undefined));
    }
    const { createServer: createTlsServer } = await import("node:tls");
    const options = { ...this.#tls, requestCert: true, rejectUnauthorized: false, noDelay: true };
    const server = createTlsServer(options, (socket) => this.#accept(socket, socket));
    // Node leaves a connection open whose handshake fails, or does not come to its end in 120 s.
    server.on("tlsClientError", (_, socket) => socket.destroy());
    // One in its handshake must not outlive the server either.
    return server.on("connection", (socket: Socket) => this.#keep(socket));
  }

  stopAccepting(wait: number): void {
    if (wait > 0) this.#reopenAfter(wait).catch(() => {});
    else this.#shut();
  }

  async restart(memory: "kept" | "lost", wait: number): Promise<void> {
    this.#server.stop();
    if (memory === "lost") this.#server.forgetDevices();
    if (wait > 0) await this.#reopenAfter(wait);
    // What it was to do later, such as to accept again, ended with it: a server that starts does so anyway.
    else if (this.#listening === undefined && !this.#closed) await this.open();
  }

  /** Ends what is still open, and never opens again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#shut();
    this.#server.stop();
    for (const stream of this.#streams) stream.destroy();
    this.#server.stop();
  }

  /** New connections are refused from now on. */
  #shut(): void {
    this.#listening?.close();
    this.#listening = undefined;
  }

  async #reopenAfter(wait: number): Promise<void> {
    this.#shut();
    await this.#server.sleep(milliseconds(wait));
    if (!this.#closed) await this.open();
  }

  /** A connection that needs no network. Refused as a socket would be while the port is shut. */
  connect({ remoteAddress = "memory", certificates = [] }: MemoryConnectOptions): Duplex {
    const [client, server] = stream.duplexPair();
    if (this.#listening === undefined) {
      client.destroy(Object.assign(new Error("connect ECONNREFUSED memory"), { code: "ECONNREFUSED" }));
      return client;
    }
    const reset = () => {
      client.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      server.destroy();
    };
    client.once("close", () => server.destroy());
    const transport = certificates.length === 0 ? "TCP" : "TLS";
    this.#serve(server, { remoteAddress, transport, certificates, reset });
    return client;
  }

  #accept(socket: Socket, secure: TLSSocket | undefined): void {
    this.#serve(socket, {
      remoteAddress: socket.remoteAddress ?? "unknown",
      transport: secure === undefined ? "TCP" : "TLS",
      certificates: secure === undefined ? [] : certificatesOf(secure),
      reset: () => (secure === undefined ? socket.resetAndDestroy() : secure.destroy()),
    });
  }

  #serve(stream: Duplex, known: Pick<Peer, "remoteAddress" | "transport" | "certificates" | "reset">): void {
    this.#keep(stream);
    const peer: Peer = {
      ...known,
      write: (bytes) => {
        if (stream.writable) stream.write(bytes);
      },
      end: () => this.#end(stream),
    };
    stream.on("error", () => {});
    const connection = this.#server.accept(peer);
    if (connection === undefined) stream.resume();
    else this.#read(stream, connection);
  }

  /** So that it ends with the server. */
  #keep(stream: Duplex): void {
    this.#streams.add(stream);
    stream.once("close", () => this.#streams.delete(stream));
  }

  #read(stream: Duplex, connection: Connection): void {
    stream.on("data", (chunk: Uint8Array) => {
      connection.receive(chunk);
      if (!stream.writableNeedDrain) return;
      stream.pause();
      stream.once("drain", () => stream.resume());
    });
    stream.once("end", () => {
      connection.ended("FIN");
      stream.end();
    });
    stream.once("close", () => connection.ended("RST"));
  }

  /** FIN; what the client still sends is read and forgotten, since unread bytes would turn the FIN into a reset. */
  #end(stream: Duplex): void {
    stream.end();
    stream.resume();
    this.#server.run(undefined, async () => {
      await this.#server.sleep(seconds(1));
      stream.destroy();
    });
  }
}

/** The chain as the client sent it. */
function certificatesOf(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate = socket.getPeerCertificate(true);
  while (certificate?.raw !== undefined && !chain.some((known) => Buffer.from(certificate.raw).equals(known))) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
