import { type ClientRequest, get, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import * as v from "valibot";

const message = /^event: (\w+)\ndata: (.*)$/;

/** A listener to server-sent events, as a browser is one. */
export class Listening {
  readonly #request: ClientRequest;
  readonly response: IncomingMessage;
  readonly #blocks: AsyncIterator<string>;

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response;
    this.#blocks = blocks(response);
  }

  static open(httpUrl: string | undefined, query = "", headers: OutgoingHttpHeaders = {}): Promise<Listening> {
    return new Promise((resolve, reject) => {
      const request = get(`${httpUrl}/simulator/events${query}`, { headers, agent: false }, (response) => {
        // Cut off in the middle, which some tests want.
        response.on("error", () => {});
        resolve(new Listening(request, response));
      });
      request.on("error", reject);
    });
  }

  /** The data of the next event of that type. Rejects when the stream ends before. */
  async next(type: string): Promise<unknown> {
    for (;;) {
      const { value, done } = await this.#blocks.next();
      if (done) throw new Error(`The stream ended before ${type}.`);
      const [, event, data = ""] = message.exec(value) ?? [];
      if (event === type) return JSON.parse(data);
    }
  }

  /** The first event of that type that `wanted` is true of. */
  async find(type: string, wanted: (text: string) => boolean): Promise<string> {
    for (;;) {
      const text = JSON.stringify(await this.next(type));
      if (wanted(text)) return text;
    }
  }

  /** Ends as the stream does. */
  async end(): Promise<void> {
    while (!(await this.#blocks.next()).done);
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }
}

async function* blocks(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      const parts = `${rest}${v.parse(v.string(), chunk)}`.split("\n\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } catch {
    // The server has cut it off.
  }
}
