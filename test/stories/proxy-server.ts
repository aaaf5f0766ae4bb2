import { connect, createServer, type Server, type Socket } from "node:net";

/** What a small HTTP proxy was asked, and what it does. */
export class ProxyServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The headers that came, one for each connection. */
  readonly heard: string[] = [];
  /** What goes out before the way is open. */
  saysFirst = "";
  /** Lines of the header with which the way is open. */
  headers = "Proxy-Agent: a test\r\n";

  private constructor(answer: (header: string, socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#keep(socket);
      let header = "";
      const read = (bytes: Buffer) => {
        header += bytes.toString("latin1");
        if (!header.includes("\r\n\r\n")) return;
        socket.off("data", read);
        this.heard.push(header);
        answer(header, socket);
      };
      socket.on("data", read);
    });
  }

  /** Opens the way to wherever it is asked for; without `answer`, which speaks in its place. */
  static async start(answer?: (socket: Socket) => void): Promise<ProxyServer> {
    const proxy: ProxyServer = new ProxyServer((header, socket) => {
      if (answer === undefined) proxy.#open(header, socket);
      else answer(socket);
    });
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  #open(header: string, socket: Socket): void {
    const [, host = "", port = ""] = /^CONNECT (\S+):(\d+) HTTP\/1\.1\r\n/.exec(header) ?? [];
    socket.write(this.saysFirst);
    const server = this.#keep(connect(Number(port), host));
    server.once("connect", () => {
      socket.write(`HTTP/1.1 200 Connection established\r\n${this.headers}\r\n`);
      socket.pipe(server).pipe(socket);
    });
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on("error", () => {}).once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
