import { type IncomingMessage, Agent as PlainAgent, request as requestPlain } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import { Expired } from "../base/clock.ts";
import { ProvisioningError } from "../model/errors.ts";
import { connectionError } from "./connection-error.ts";
import { type Endpoint, place } from "./link.ts";
import { tlsOptions } from "./tls-settings.ts";

/** A question to a web server. */
export interface HttpQuestion {
  readonly method: "GET" | "POST" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** What a proxy says in `Retry-After`. */
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** Asks once. Rejects with a ProvisioningError of the type NETWORK or AUTH, or with the signal's reason. */
export type HttpExchange = ((question: HttpQuestion, signal: AbortSignal) => Promise<HttpAnswer>) & Disposable;

/** An answer about one device is less than 4 KiB. */
const mostBytes = 256 * 1024;

/** Connections to one web server, kept for the next question; its certificate is verified as that of the MQTT server. */
export function httpExchange(endpoint: Endpoint, { connections }: { readonly connections: number }): HttpExchange {
  const { host, port, tls } = endpoint;
  const options = { keepAlive: true, maxSockets: connections };
  const agent =
    tls === undefined ? new PlainAgent(options) : new TlsAgent({ ...options, ...tlsOptions(host, tls, () => {}) });
  const send = tls === undefined ? requestPlain : requestTls;
  const exchange = ({ method, path, headers, body = "" }: HttpQuestion, signal: AbortSignal) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      signal.throwIfAborted();
      const length = Buffer.byteLength(body);
      const request = send({ host, port, path, method, agent, headers: { ...headers, "content-length": length } });
      const abort = () => request.destroy();
      const fail = (error: unknown) => reject(failure(endpoint, signal, error));
      signal.addEventListener("abort", abort, { once: true });
      request.once("close", () => signal.removeEventListener("abort", abort));
      request.once("error", fail);
      request.once("response", (answer) => collect(endpoint, answer).then(resolve, fail));
      request.end(body);
    });
  return Object.assign(exchange, { [Symbol.dispose]: () => agent.destroy() });
}

async function collect(endpoint: Endpoint, answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer) {
    if (!(chunk instanceof Uint8Array)) continue;
    length += chunk.byteLength;
    if (length > mostBytes) {
      answer.destroy();
      throw new ProvisioningError("TOO_MUCH_DATA", `${place(endpoint)}: the answer has more than ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const retryAfter = answer.headers["retry-after"];
  return { status: answer.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks) };
}

function failure(endpoint: Endpoint, signal: AbortSignal, error: unknown): unknown {
  if (signal.aborted) {
    if (!(signal.reason instanceof Expired)) return signal.reason;
    return new ProvisioningError("NO_ANSWER", `${place(endpoint)}: no answer came in time`, { cause: error });
  }
  if (ProvisioningError.is(error) || !(error instanceof Error)) return error;
  return connectionError(endpoint, error);
}
