import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { identity } from "../fixtures/tls/certificates.ts";
import { Camera } from "./camera.ts";
import { fails, provisionsTheSame } from "./hostile-encounter.ts";

/** A TLS server that turns to the next client when the one before has gone, as `openssl s_server` does. */
class OneAtATime implements AsyncDisposable {
  readonly #tls = createTlsServer(identity("self-signed"));
  readonly #sockets: Socket[] = [];
  #free: Promise<unknown> = Promise.resolve();
  readonly #server = createServer((socket) => {
    this.#sockets.push(socket.on("error", () => {}));
    this.#free = this.#free.then(() => {
      if (socket.destroyed) return undefined;
      const gone = new Promise((resolve) => socket.once("close", resolve));
      this.#tls.emit("connection", socket);
      return gone;
    });
  });

  async listen(): Promise<number> {
    // Without a word: a client that does not speak TLS hears nothing.
    this.#tls.on("tlsClientError", (_error, socket) => void socket.destroy());
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("it does not listen");
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

it("plain text to a TLS server that speaks with one client at a time: told what to write, and the same device later", async () => {
  await using server = new OneAtATime();
  await using camera = await Camera.start();
  camera.credentials({ server_port: await server.listen() });
  const ending = {
    code: "TLS_EXPECTED",
    type: "NETWORK",
    exitStatus: 75,
    state: "FAILED_CONNECTION",
    says: "the port speaks TLS, and plain text was asked for",
  } as const;
  await fails(camera, ending, { clock: systemClock });
  expect(camera.retries).toEqual([]);
  camera.credentials();
  await provisionsTheSame(camera);
});
