import { EventEmitter, once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** What a client wants, by its first flight: a provisioning request, or to log in as a device. */
export type Caller = "provisioning" | "device";

/** What a server does with a connection. It may wait for the caller's first bytes, or speak at once. */
export type Manners = (socket: Socket, caller: Promise<Caller>) => unknown;

/** A server on a port of its own with manners that ThingsBoard does not have; it ends with everything on it. */
export class HostileServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Map<Socket, Promise<void>>();
  /** How many connections there were. */
  connections = 0;
  readonly #heard = new EventEmitter();
  #spoken = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(manners: Manners, tls?: TlsOptions): Promise<HostileServer> {
    const accept = (socket: Socket) => hostile.#accept(socket, manners);
    const server =
      tls === undefined ? createServer(accept) : createTlsServer(tls, accept).on("tlsClientError", () => {});
    const hostile = new HostileServer(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return hostile;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("it does not listen");
    return address.port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Until bytes have come on so many connections. */
  async spoken(connections: number): Promise<void> {
    while (this.#spoken < connections) await once(this.#heard, "bytes");
  }

  /** Until the clients have closed every connection. */
  async left(): Promise<void> {
    await Promise.all(this.#sockets.values());
  }

  #accept(socket: Socket, manners: Manners): void {
    this.connections++;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    this.#sockets.set(socket, closed);
    socket.on("error", () => {}).once("close", () => this.#sockets.delete(socket));
    const caller = once(socket, "data").then(([bytes]) => {
      this.#spoken++;
      this.#heard.emit("bytes");
      return callerOf(bytes);
    });
    // Nobody calls where a connection was opened ahead and not needed.
    caller.catch(() => {});
    void Promise.resolve(manners(socket, caller)).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function callerOf(bytes: unknown): Caller {
  return String(bytes).includes("/provision/request") ? "provisioning" : "device";
}

/** Says these bytes, hexadecimal, when the client has spoken. */
export function says(hex: string, afterwards: (socket: Socket) => void = () => {}): Manners {
  return async (socket, caller) => {
    await caller;
    socket.write(bytesOf(hex), () => afterwards(socket));
  };
}

/** Answers a provisioning request with these bytes, and every login of a device with a refusal. */
export function answersRequests(hex: string, afterwards: (socket: Socket) => void = () => {}): Manners {
  return async (socket, caller) => {
    if ((await caller) === "provisioning") socket.write(bytesOf(hex), () => afterwards(socket));
    else socket.end(bytesOf("20020005"));
  };
}

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}
