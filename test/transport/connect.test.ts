import { getEventListeners, once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Expired } from "../../src/base/clock.ts";
import { connect } from "../../src/transport/connect.ts";

const never = new AbortController().signal;

/** A server that accepts, echoes, and is closed with its test. */
async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { server, port: portOf(server) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("connecting", () => {
  it("gives a link that carries bytes both ways", async () => {
    const { port } = await listening();
    const link = await connect({ host: "127.0.0.1", port }, never);
    link.write(Buffer.from("hello"));
    expect(Buffer.from((await link.read(never)) ?? []).toString()).toBe("hello");
    link.close();
  });

  it("finds a name, whichever of its addresses answers", async () => {
    const { port } = await listening();
    const link = await connect({ host: "localhost", port }, never);
    link.close();
  });

  it("looks no name up where the address is known, and tells the address that answered", async () => {
    const { port } = await listening();
    const reached: string[] = [];
    const endpoint = { host: "nowhere.invalid", port, address: "127.0.0.1" };
    const link = await connect(endpoint, never, (address) => void reached.push(address));
    expect([link.place, reached]).toEqual([`nowhere.invalid:${port} (plain text, 127.0.0.1)`, ["127.0.0.1"]]);
    link.close();
  });

  it("says CONNECTION_REFUSED where nothing listens", async () => {
    const { server, port } = await listening();
    server.close();
    await once(server, "close");
    const refused = expect(connect({ host: "127.0.0.1", port }, never)).rejects;
    await refused.toMatchObject({
      errorCode: "CONNECTION_REFUSED",
      message: `127.0.0.1:${port} (plain text): nothing listens there, and that is this camera itself, or the container it runs in (ECONNREFUSED)`,
    });
    await expect(connect({ host: "localhost", port }, never)).rejects.toMatchObject({
      errorCode: "CONNECTION_REFUSED",
      message: expect.stringMatching(
        /^localhost:\d+ \(plain text, (::1, )?127\.0\.0\.1\): nothing listens there, and that is this camera itself/,
      ),
    });
  });

  it("names the variable of a proxy that is not obeyed where the way is closed, and not what it holds", async () => {
    const { server, port } = await listening();
    server.close();
    await once(server, "close");
    vi.stubEnv("ALL_PROXY", "http://camera:secretOfProxy@proxy.example:3128");
    onTestFinished(() => void vi.unstubAllEnvs());
    const hint = /\n {2}ALL_PROXY is set and not obeyed here: [^@]+write proxy into provision\.json$/;
    await expect(connect({ host: "127.0.0.1", port }, never)).rejects.toMatchObject({
      errorCode: "CONNECTION_REFUSED",
      message: expect.stringMatching(hint),
    });
    const late = new AbortController();
    const opening = connect({ host: "127.0.0.1", port: 1 }, late.signal);
    late.abort(new Expired("the time is up"));
    await expect(opening).rejects.toMatchObject({ errorCode: "CONNECT_TIMEOUT", message: expect.stringMatching(hint) });
  });

  for (const [host, phase] of [
    ["127.0.0.1", "reach the address"],
    ["::1", "reach the address"],
    ["localhost", "resolve the name"],
  ] as const) {
    it(`says for what no time was left: to ${phase} (${host})`, async () => {
      const controller = new AbortController();
      const connecting = connect({ host, port: 1 }, controller.signal);
      controller.abort(new Expired("the time is up"));
      await expect(connecting).rejects.toMatchObject({
        errorCode: "CONNECT_TIMEOUT",
        message: expect.stringContaining(`no time was left to ${phase}`),
      });
    });
  }

  it("says that no time was left to set up TLS where the server accepts and is silent", async () => {
    const { server, port } = await listening();
    server.removeAllListeners("connection");
    const accepted = once(server, "connection");
    const controller = new AbortController();
    const connecting = connect({ host: "127.0.0.1", port, tls: {} }, controller.signal);
    const rejected = expect(connecting).rejects.toMatchObject({
      errorCode: "TLS_STALLED",
      message: `127.0.0.1:${port} (TLS): the address answers, but the TLS handshake was not answered in time`,
    });
    const [socket] = await accepted;
    await once(socket, "data");
    controller.abort(new Expired("the time is up"));
    await rejected;
    socket.destroy();
  });

  it("ends with the reason of the one who stops it, and leaves nothing behind", async () => {
    const { server, port } = await listening();
    const reason = new Error("stopped");
    const controller = new AbortController();
    const connecting = connect({ host: "127.0.0.1", port }, controller.signal);
    controller.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    server.close();
    await once(server, "close");
  });

  it("rejects at once, and opens nothing, when it was stopped before", async () => {
    const reason = new Error("stopped");
    await expect(async () => connect({ host: "127.0.0.1", port: 1 }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("stops listening to the signal once it is connected", async () => {
    const { port } = await listening();
    const controller = new AbortController();
    const link = await connect({ host: "127.0.0.1", port }, controller.signal);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    link.close();
  });
});
