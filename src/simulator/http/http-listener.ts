import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import type { Server } from "../server/server.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { testerConsole } from "./console.ts";
import { deviceApi } from "./device-api.ts";
import { TenantApi } from "./tenant-api.ts";

/** `HTTP_TRANSPORT_MAX_PAYLOAD_SIZE_LIMIT_CONFIGURATION` is 50 MB; nobody here needs that. */
const largestBody = 1024 * 1024;

/** The HTTP port: the device API and the tester's console. */
export class HttpListener {
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #tenantApi: TenantApi;
  readonly host: string;

  private constructor(server: Server, host: string, http: HttpServer) {
    this.#server = server;
    this.host = host;
    this.#http = http;
    this.#tenantApi = new TenantApi(server);
    http.on("request", (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** Rejects as `net.Server` does, as with EADDRINUSE. */
  static async open(server: Server, host: string, port: number): Promise<HttpListener> {
    // Loaded only where it is wanted: it takes a third of the simulator's start.
    const { createServer } = await import("node:http");
    const http = createServer();
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(port, host, () => {
        http.off("error", reject);
        resolve();
      });
    });
    http.on("error", () => {});
    return new HttpListener(server, host, http);
  }

  get port(): number {
    const address = this.#http.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request.url);
    if (url === undefined) {
      send(response, json({ message: "The address of the request cannot be read." }, 400));
      return;
    }
    const body = this.#knows(request.headers.host) ? await bodyOf(request) : undefined;
    if (body === undefined) {
      send(response, { status: this.#knows(request.headers.host) ? 413 : 421, body: "" });
      return;
    }
    const asked = {
      method: request.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      accept: request.headers.accept,
      contentType: request.headers["content-type"],
      authorization: String(request.headers["x-authorization"] ?? ""),
      body,
    };
    const answer =
      (await deviceApi(asked, this.#server)) ??
      (await this.#tenantApi.answer(asked)) ??
      (await testerConsole(asked, this.#server));
    send(response, answer ?? nothingThere(asked));
  }

  /** By a name that anybody can point at this machine, a page in a browser could read what is only for testers. */
  #knows(host: string | undefined): boolean {
    const name = (host ?? "").replace(/:[0-9]+$/, "").replace(/^\[(.*)\]$/, "$1");
    return name === "localhost" || name === this.host || isIP(name) !== 0;
  }
}

/** Undefined for what is not a URL, and for percent signs that lead nowhere. */
function urlOf(asked = "/"): URL | undefined {
  try {
    const url = new URL(`http://simulator${asked.startsWith("/") ? "" : "/"}${asked}`);
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    return undefined;
  }
}

function nothingThere({ method, path }: HttpRequest): HttpAnswer {
  const there =
    "GET /, /simulator, /simulator/devices, /sessions, /exchanges and /scenario below it; docs/simulator.md";
  return json({ message: `There is nothing for ${method} ${path}; there is ${there}.` }, 404);
}

/** Undefined: longer than allowed. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > largestBody) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, contentType, body }: HttpAnswer): void {
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { "content-type": contentType }),
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    // The tester's page shows credentials: no other page may frame it, and nothing in it runs.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  response.end(body);
}
