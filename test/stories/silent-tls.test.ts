import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { expect, it } from "vitest";
import type { Retry } from "../../src/index.ts";
import { identity } from "../fixtures/tls/certificates.ts";
import { connack, publish } from "../transport/server-end.ts";
import { Camera } from "./camera.ts";
import { Command } from "./command.ts";
import { bytesOf } from "./hostile-server.ts";

const refusal = '{"status":"NOT_FOUND"}';
const grant = '{"status":"SUCCESS","credentialsType":"ACCESS_TOKEN","credentialsValue":"SvvenToken0123456789"}';

/** Answers the request as soon as the probe's connection was opened ahead, on which it never says a word of TLS. */
class SilentOnTheSpare implements AsyncDisposable {
  readonly #tls = createTlsServer(identity("self-signed"));
  readonly #server: Server = createServer();
  readonly #sockets: Socket[] = [];
  /** The client has closed the spare connection. */
  readonly spareClosed: Promise<void>;

  constructor(answer: string) {
    this.spareClosed = new Promise((resolve) => {
      this.#server.on("connection", (socket) => {
        socket.on("error", () => {}).resume();
        if (this.#sockets.push(socket) === 1) this.#tls.emit("connection", socket);
        else socket.once("close", () => resolve());
      });
    });
    const spare = new Promise<void>((resolve) => {
      this.#server.on("connection", () => {
        if (this.#sockets.length === 2) resolve();
      });
    });
    this.#tls.on("secureConnection", (socket) => {
      const spoken = once(socket, "data");
      void Promise.all([spoken, spare]).then(() => {
        socket.write(bytesOf(connack() + publish("/provision/response", answer)));
      });
    });
  }

  async listen(): Promise<number> {
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

async function cameraAt(server: SilentOnTheSpare): Promise<Camera> {
  const camera = await Camera.start();
  camera.write("authority.pem", identity("self-signed").cert);
  const port = await server.listen();
  const server_url = "localhost";
  camera.credentials({ server_url, server_port: port, use_ssl: true, ca_file: "authority.pem", timeout_seconds: 100 });
  return camera;
}

it("a run that is refused lets go of the connection that it was still opening", async () => {
  await using server = new SilentOnTheSpare(refusal);
  await using camera = await cameraAt(server);
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77 });
  await server.spareClosed;
});

it("the command ends when it has told of the refusal, although the server is silent on another connection", async () => {
  await using server = new SilentOnTheSpare(refusal);
  await using camera = await cameraAt(server);
  const { exitStatus, outcome } = await new Command(["provision", "-d", camera.directory]).ended;
  expect(exitStatus).toBe(77);
  expect(outcome).toMatchObject({ error: { error_code: "PROVISION_DATA_NOT_FOUND" } });
});

it("a run whose time goes by while that connection is opened says so", async () => {
  await using server = new SilentOnTheSpare(grant);
  await using camera = await cameraAt(server);
  const stop = new AbortController();
  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => {
    retries.push(retry);
    stop.abort();
  };
  await camera.run({ signal: stop.signal, onRetry });
  expect(retries).toMatchObject([
    { because: "TLS_STALLED", message: expect.stringContaining("the TLS handshake was not answered") },
  ]);
});
