import type { Socket } from "node:net";
import { type ErrorCode, ProvisioningError } from "../model/errors.ts";
import { type HttpProxy, proxyUrl } from "../model/proxy.ts";

/** The header of an answer to CONNECT is a few lines; more is not read. */
const mostBytes = 16 * 1024;

/** As many answers as that, all but the last of them preliminary. */
const mostAnswers = 20;

/** What the proxy's status means; every other one is a refusal. */
const meanings: Readonly<Record<number, readonly [code: ErrorCode, sentence: string]>> = {
  407: ["PROXY_CREDENTIALS_WANTED", "the proxy wants a user name and a password that it accepts"],
  500: ["PROXY_FINDS_NO_SERVER", "the proxy failed"],
  502: ["PROXY_FINDS_NO_SERVER", "the proxy cannot reach the server"],
  503: ["PROXY_FINDS_NO_SERVER", "the proxy cannot reach the server now"],
  504: ["PROXY_FINDS_NO_SERVER", "the proxy got no answer from the server"],
};

/**
 * Asks the proxy at the other end of `socket` for a way to a server (RFC 9110, 9.3.6); afterwards the socket carries the
 * server's bytes. What the proxy says besides its status and the date is not shown: it is anybody's text.
 *
 * @returns the date by the proxy's clock, where it tells it
 * @throws ProvisioningError PROXY_CREDENTIALS_WANTED, PROXY_FINDS_NO_SERVER, PROXY_REFUSED, PROXY_NOT_SPOKEN,
 *   PROXY_UNREACHABLE where it says nothing; or the signal's reason
 */
export async function openTunnel(
  socket: Socket,
  { host, port }: { readonly host: string; readonly port: number },
  proxy: HttpProxy,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization(proxy)}\r\n`);
  const { status, date } = await finalAnswer(socket, proxy, signal);
  if (status >= 200 && status < 300) return date;
  const [code, sentence] = meanings[status] ?? ["PROXY_REFUSED", `the proxy does not open a way to ${target}`];
  throw failure(proxy, code, `${sentence} (HTTP status ${status})`);
}

/** A proxy may say that it is at work before it answers: what is below 200 is no answer (RFC 9110, 15.2). */
async function finalAnswer(
  socket: Socket,
  proxy: HttpProxy,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly date: Date | undefined }> {
  for (let answers = 0; answers < mostAnswers; answers++) {
    const header = await readHeader(socket, proxy, signal);
    const [, digits] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(header.split("\r\n", 1)[0] ?? "") ?? [];
    if (digits === undefined) break;
    const status = Number(digits);
    if (status >= 200) return { status, date: dateIn(header) };
  }
  throw failure(proxy, "PROXY_NOT_SPOKEN", "what answers there is not an HTTP proxy");
}

/** The date as HTTP writes it (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */
function dateIn(header: string): Date | undefined {
  const [, text] =
    /\r\nDate: *([A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT) *(?:\r\n|$)/i.exec(header) ?? [];
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function failure(proxy: HttpProxy, code: ErrorCode, sentence: string, cause?: unknown): ProvisioningError {
  return new ProvisioningError(code, `proxy ${proxyUrl(proxy)}: ${sentence}`, { cause });
}

function authorization({ credentials }: HttpProxy): string {
  if (credentials === undefined) return "";
  return `Proxy-Authorization: Basic ${Buffer.from(credentials.reveal(), "utf8").toString("base64")}\r\n`;
}

/** All up to the empty line; what came behind it is the server's, and is put back. */
function readHeader(socket: Socket, proxy: HttpProxy, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", abort);
      socket.off("readable", look).off("end", end).off("error", broken).off("close", end);
      act();
    };
    const giveUp = (error: unknown) => settle(() => reject(error));
    const abort = () => giveUp(signal.reason);
    const end = () => giveUp(failure(proxy, "PROXY_NOT_SPOKEN", "the connection was closed instead of an answer"));
    const broken = (cause: Error) => giveUp(failure(proxy, "PROXY_UNREACHABLE", "the connection broke", cause));
    const look = () => {
      for (let chunk: unknown = socket.read(); chunk instanceof Uint8Array; chunk = socket.read()) {
        bytes = Buffer.concat([bytes, chunk]);
        const found = bytes.indexOf("\r\n\r\n");
        if (found >= 0) {
          settle(() => {
            if (bytes.byteLength > found + 4) socket.unshift(bytes.subarray(found + 4));
            resolve(bytes.subarray(0, found).toString("latin1"));
          });
          return;
        }
        if (bytes.byteLength > mostBytes || !mayBecomeHttp(bytes)) {
          giveUp(failure(proxy, "PROXY_NOT_SPOKEN", "what answers there is not an HTTP proxy"));
          return;
        }
      }
    };
    signal.addEventListener("abort", abort);
    socket.on("readable", look).once("end", end).once("error", broken).once("close", end);
    look();
  });
}

function mayBecomeHttp(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 5).toString("latin1");
  return "HTTP/".startsWith(start) || start === "HTTP/";
}
