import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import { type Clock, deadline, systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { ProvisioningError } from "../../../src/model/errors.ts";
import type { Warning } from "../../../src/model/warnings.ts";
import { connect } from "../../../src/transport/connect.ts";
import { diagnose } from "../../../src/transport/diagnose.ts";
import type { TlsSettings } from "../../../src/transport/link.ts";
import { connectPacket, MqttSession } from "../../../src/transport/mqtt-session.ts";
import { provisionLogin } from "../../../src/wire/login.ts";
import { connack } from "../server-end.ts";

/** What answers: TLS as told, and MQTT within it; or whatever is done with each connection. */
export type Peer = TlsOptions | ((socket: Socket, timeIsUp: () => void) => void);

/** A server on a free port, and a client that comes to it. */
export interface Meeting {
  readonly peer: Peer;
  /** Default: a client that trusts the root; `plain text`: one that was told to do without TLS. */
  readonly settings?: TlsSettings | "plain text";
  readonly host?: string;
  /** What a server with TLS does once the handshake is done; default: it lets everybody in, as ThingsBoard does. */
  readonly within?: (socket: TLSSocket, timeIsUp: () => void) => void;
}

/** How a run with such a server begins, or ends. */
export type Met = { readonly warnings: readonly Warning[] } | { readonly error: ProvisioningError };

/**
 * What a run comes to that meets this server: it connects, begins a provisioning session, and looks closer where
 * that fails.
 */
export async function meet(
  { peer, settings, host = "localhost", within = letsIn }: Meeting,
  root: string,
): Promise<Met> {
  const clock = new ToldClock();
  await using server = await listen(peer, within, clock.timeIsUp);
  const tls = settings ?? { authorities: [root], named: [root], trusted: "ca.pem with its names" };
  const endpoint = { host, port: server.port, ...(tls === "plain text" ? {} : { tls }) };
  try {
    using limit = deadline(clock, seconds(10));
    const link = await connect(endpoint, limit.signal);
    const session = new MqttSession(link, clock);
    session.send(connectPacket(provisionLogin));
    await session.receiveConnack(limit.signal);
    session.close();
    return { warnings: link.warnings ?? [] };
  } catch (error) {
    if (!ProvisioningError.is(error)) throw error;
    const { signal } = new AbortController();
    return { error: await diagnose(endpoint, error, { clock, signal, within: seconds(10), unknownToken: "nobody" }) };
  }
}

function letsIn(socket: Socket): void {
  socket.once("data", () => socket.write(Buffer.from(connack().replaceAll(" ", ""), "hex")));
}

/** On this clock time is up when a server says that nothing will come any more, and never before. */
class ToldClock implements Clock {
  readonly #waiting = new Set<() => void>();
  readonly now = systemClock.now;
  readonly elapsed = systemClock.elapsed;
  readonly timeIsUp = (): void => {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  };

  sleep(_: unknown, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      signal?.addEventListener("abort", () => {
        this.#waiting.delete(resolve);
        reject(signal.reason);
      });
    });
  }
}

async function listen(
  peer: Peer,
  within: (socket: TLSSocket, timeIsUp: () => void) => void,
  timeIsUp: () => void,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server =
    typeof peer === "function"
      ? createServer((socket) => peer(socket, timeIsUp))
      : createTlsServer(peer, (socket) => {
          socket.on("error", () => {});
          within(socket, timeIsUp);
        });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => {}));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
