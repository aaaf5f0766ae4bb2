import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { systemClock } from "../../../src/base/clock.ts";
import { milliseconds, seconds } from "../../../src/base/duration.ts";
import type { Simulator } from "../../../src/simulator/index.ts";
import { settle } from "../../base/fake-clock.ts";

export type Direction = "up" | "down";

/**
 * What happens to a connection at a byte: `close` and `reset` end it there, `stall` lets nothing more through, `delay`
 * holds the rest back for a moment, `double` sends the next bytes twice, `split` sends every byte from there on by itself.
 */
export type Lie = "close" | "reset" | "stall" | "delay" | "double" | "split";

export interface Plan {
  /** 1 for the first connection of the proxy's life. */
  readonly connection: number;
  /** Towards the server, or towards the camera. */
  readonly direction: Direction;
  /** So many bytes pass untouched. */
  readonly after: number;
  readonly lie: Lie;
  /** How many bytes `double` sends twice. */
  readonly twice: number;
}

/** A certificate and its key, PEM, with which the proxy ends TLS. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A connection that nobody ends: it is not waited for any longer. */
const mostLate = seconds(30);

/**
 * Stands between camera and server, and lies once, as planned; everything else it passes on. With an identity of its own it
 * ends TLS, lies about what is said inside, and tells the server which certificate the camera has shown.
 */
export class LyingProxy implements AsyncDisposable {
  /** How many bytes went through, by connection and direction. */
  readonly passed = new Map<string, number>();
  readonly #plan: Plan | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** What carries TLS, in its handshake or later: ends with the proxy, and nobody waits for it. */
  readonly #carriers = new Set<Socket>();
  /** Those through which nothing comes any more. */
  readonly #stalled = new WeakSet<Duplex>();
  #connections = 0;
  #target: Pick<Simulator, "port" | "connect"> | undefined;

  private constructor(plan: Plan | undefined, identity: Identity | undefined) {
    this.#plan = plan;
    this.#server = identity === undefined ? this.#plainServer() : this.#secureServer(identity);
  }

  static async start(plan?: Plan, identity?: Identity): Promise<LyingProxy> {
    const proxy = new LyingProxy(plan, identity);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The port leads to this server. */
  towards(simulator: Pick<Simulator, "port" | "connect">): void {
    this.#target = simulator;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Until every connection has come to its end: what a camera has sent last has then reached the server. */
  async quiet(): Promise<void> {
    const enough = new AbortController();
    const late = systemClock.sleep(mostLate, enough.signal).catch(() => {});
    // A connection that waits at the door is not among the sockets yet; and what has arrived, the server still has to read.
    await settle();
    const ends = [...this.#sockets]
      .filter((socket) => !this.#stalled.has(socket))
      .map((socket) => once(socket, "close"));
    await Promise.race([Promise.allSettled(ends), late]);
    enough.abort();
    await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#sockets, ...this.#carriers]) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #plainServer(): Server {
    return createServer({ allowHalfOpen: true }, (camera) => {
      this.#join(camera, connect({ port: this.#target?.port ?? 0, host: "127.0.0.1", allowHalfOpen: true }));
    });
  }

  #secureServer(identity: Identity): Server {
    const options = { ...identity, requestCert: true, rejectUnauthorized: false, allowHalfOpen: true };
    const server = createTlsServer(options, (camera) => {
      const { raw } = camera.getPeerCertificate();
      const behind = this.#target?.connect({ certificates: raw === undefined ? [] : [raw] });
      if (behind === undefined) camera.destroy();
      else this.#join(camera, behind);
    });
    server.on("connection", (socket: Socket) => {
      this.#carriers.add(socket.setNoDelay(true));
      socket.on("close", () => this.#carriers.delete(socket));
    });
    return server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  #keep(socket: Duplex): void {
    if (socket instanceof Socket) socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #join(camera: Duplex, server: Duplex): void {
    const connection = ++this.#connections;
    this.#keep(camera);
    this.#keep(server);
    this.#carry(camera, server, connection, "up");
    this.#carry(server, camera, connection, "down");
  }

  #carry(from: Duplex, to: Duplex, connection: number, direction: Direction): void {
    const plan = this.#plan;
    const isMeant = plan !== undefined && plan.connection === connection && plan.direction === direction;
    const key = `${connection} ${direction}`;
    let queue = Promise.resolve();
    let stalled = false;
    const pass = async (bytes: Buffer) => {
      const before = this.passed.get(key) ?? 0;
      this.passed.set(key, before + bytes.length);
      if (stalled) return;
      if (!isMeant || plan.after >= before + bytes.length) {
        if (isMeant && plan.lie === "split" && plan.after < before) await oneByOne(to, bytes);
        else to.write(bytes);
        return;
      }
      const at = Math.max(0, plan.after - before);
      if (plan.after < before && plan.lie !== "split") return void to.write(bytes);
      if (at > 0) to.write(bytes.subarray(0, at));
      stalled = plan.lie === "stall" || plan.lie === "close" || plan.lie === "reset";
      await this.#tell(plan, from, to, bytes.subarray(at));
    };
    from.on("data", (bytes) => {
      queue = queue.then(() => pass(bytes));
    });
    from.on("end", () => {
      queue = queue.then(() => {
        if (!stalled) to.end();
      });
    });
    from.on("close", () => {
      queue = queue.then(() => {
        if (!stalled || plan?.lie !== "stall") to.destroy();
      });
    });
  }

  async #tell({ lie, twice }: Plan, from: Duplex, to: Duplex, rest: Buffer): Promise<void> {
    switch (lie) {
      case "stall":
        this.#stalled.add(from).add(to);
        return;
      case "close":
        to.end();
        from.end();
        return;
      case "reset":
        reset(to);
        reset(from);
        return;
      case "delay":
        await systemClock.sleep(milliseconds(20));
        to.write(rest);
        return;
      case "double":
        to.write(Buffer.concat([rest.subarray(0, twice), rest]));
        return;
      case "split":
        await oneByOne(to, rest);
    }
  }
}

/** A connection under TLS has no reset that can be asked for: it ends at once, without TLS's own goodbye. */
function reset(end: Duplex): void {
  if (end instanceof Socket && !(end instanceof TLSSocket)) end.resetAndDestroy();
  else end.destroy();
}

/** Each byte in a segment of its own. */
async function oneByOne(to: Duplex, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    to.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
