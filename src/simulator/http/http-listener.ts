import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "../server/server.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { testerConsole } from "./console.ts";
import { deviceApi } from "./device-api.ts";
import { PageFeed } from "./page-feed.ts";
import { isForeign, isKnownHost } from "./same-origin.ts";
import { TenantApi } from "./tenant-api.ts";

/** `HTTP_TRANSPORT_MAX_PAYLOAD_SIZE_LIMIT_CONFIGURATION` is 50 MB; nobody here needs that. */
const largestBody = 1024 * 1024;

const eventsPath = "/simulator/events";

/** The HTTP port: the device API and the tester's console. */
export class HttpListener {
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #tenantApi: TenantApi;
  readonly #feed: PageFeed;
  readonly host: string;

  private constructor(server: Server, host: string, http: HttpServer) {
    this.#server = server;
    this.host = host;
    this.#http = http;
    this.#tenantApi = new TenantApi(server);
    this.#feed = new PageFeed(server);
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
    this.#feed.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request.url);
    if (url === undefined) {
      send(response, json({ message: "The address of the request cannot be read." }, 400));
      return;
    }
    const { headers, method = "GET" } = request;
    const refusal = refusalOf(request, this.host, url.pathname);
    if (refusal !== undefined) {
      send(response, refusal);
      return;
    }
    if (method === "GET" && url.pathname === eventsPath) {
      this.#tellEvents(request, response, url.searchParams);
      return;
    }
    const body = await bodyOf(request);
    if (body === undefined) {
      send(response, { status: 413, body: "" });
      return;
    }
    const asked = {
      method,
      path: url.pathname,
      query: url.searchParams,
      accept: headers.accept,
      contentType: headers["content-type"],
      authorization: String(headers["x-authorization"] ?? ""),
      body,
    };
    const answer =
      (await deviceApi(asked, this.#server)) ??
      (await this.#tenantApi.answer(asked)) ??
      (await testerConsole(asked, this.#server, this.#feed));
    send(response, answer ?? nothingThere(asked));
  }

  /** Secrets are told to who asks for them by name, and masked for everybody else. */
  #tellEvents(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const secrets = query.get("secrets") === "shown" ? "shown" : "masked";
    response.setHeaders(headersOf({ contentType: "text/event-stream;charset=utf-8" }));
    if (this.#feed.open(request, response, secrets)) return;
    send(response, json({ message: "As many pages are open as may be: close one." }, 503));
  }
}

/** Undefined: it is let in. */
function refusalOf({ headers, method }: IncomingMessage, host: string, path: string): HttpAnswer | undefined {
  if (!isKnownHost(headers.host, host)) return { status: 421, body: "" };
  const onlyReads = (method === "GET" || method === "HEAD") && path !== eventsPath;
  if (onlyReads || !isForeign(headers)) return undefined;
  return json({ message: "This came from a page of another origin." }, 403);
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

function send(response: ServerResponse, answer: HttpAnswer): void {
  response.setHeaders(headersOf(answer));
  response.writeHead(answer.status, { "content-length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** No other page may frame what is shown here, or load it. */
function headersOf({ contentType, policy }: Pick<HttpAnswer, "contentType" | "policy">): Map<string, string> {
  return new Map([
    ...(contentType === undefined ? [] : [["content-type", contentType] as const]),
    ["cache-control", "no-store"],
    ["content-security-policy", policy ?? "default-src 'none'; frame-ancestors 'none'"],
    ["cross-origin-resource-policy", "same-origin"],
    ["referrer-policy", "no-referrer"],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
  ]);
}
