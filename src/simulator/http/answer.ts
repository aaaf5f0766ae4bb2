/** What is sent for a request over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
  /** Of a page: its Content-Security-Policy. Default: nothing runs and nothing is loaded. */
  readonly policy?: string;
}

/** What arrived; the body is text, whatever its type was said to be. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
  /** ThingsBoard's own header, `X-Authorization`. */
  readonly authorization: string | undefined;
  readonly body: string;
}

export function json(value: unknown, status = 200): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}
