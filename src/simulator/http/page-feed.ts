import type { IncomingMessage, ServerResponse } from "node:http";
import { milliseconds } from "../../base/duration.ts";
import type { ToldStart } from "../page/told.ts";
import type { Secrecy } from "../record/describe.ts";
import type { Server } from "../server/server.ts";
import { recordedVersion } from "../server/versions.ts";
import { type Happened, toldEvent, toldFaults, toldOccasions, toldState } from "./page-view.ts";

/** What a page may cost: how much is kept for those that come, and how far a reader may lag behind. */
const limits = { events: 500, bytes: 4 * 1024 * 1024, readers: 16, unread: 8 * 1024 * 1024 };

/** Between two tellings of what there is. */
const pause = milliseconds(100);

interface Reader {
  readonly response: ServerResponse;
  readonly secrets: Secrecy;
  /** The state that it was told last, as JSON. */
  told: string;
}

/** Tells pages what happens, as it happens (server-sent events). Everything in it is bounded, and ends with `close`. */
export class PageFeed {
  readonly #server: Server;
  readonly #readers = new Set<Reader>();
  readonly #over = new AbortController();
  readonly #stops: readonly (() => void)[];
  #kept: Happened[] = [];
  #bytes = 0;
  #number = 0;
  #telling = false;

  constructor(server: Server) {
    this.#server = server;
    this.#stops = [
      server.events.listen((event) => this.#hear(event)),
      server.database.onChange(() => this.stateChanged()),
    ];
  }

  /** False: as many listen as may. */
  open(request: IncomingMessage, response: ServerResponse, secrets: Secrecy): boolean {
    if (this.#over.signal.aborted || this.#readers.size >= limits.readers) return false;
    const reader: Reader = { response, secrets, told: "" };
    this.#readers.add(reader);
    response.once("close", () => this.#readers.delete(reader));
    // Who has gone a moment ago is written to once more.
    response.on("error", () => this.#readers.delete(reader));
    // Who vanishes without a word keeps his place until then.
    request.socket.setKeepAlive(true, 30_000);
    // What the browser waits before it comes again.
    response.write("retry: 1000\n\n");
    this.#start(reader);
    return true;
  }

  /** What happened is forgotten, as on a server that starts from the beginning. */
  clear(): void {
    this.#kept = [];
    this.#bytes = 0;
    for (const reader of this.#readers) this.#start(reader);
  }

  /** To be called for what neither an event nor the database tells. */
  stateChanged(): void {
    if (this.#telling || this.#readers.size === 0) return;
    this.#telling = true;
    this.#tellState().catch(() => {});
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#over.abort();
    for (const { response } of this.#readers) response.end("event: end\ndata: {}\n\n");
    this.#readers.clear();
  }

  #start(reader: Reader): void {
    const { version } = this.#server;
    const state = toldState(this.#server, reader.secrets);
    const start: ToldStart = {
      version,
      behavesAs: recordedVersion(version),
      secrets: reader.secrets,
      faults: toldFaults(),
      occasions: toldOccasions,
      events: this.#kept.flatMap((happened) => toldEvent(happened, reader.secrets) ?? []),
      state,
    };
    reader.told = JSON.stringify(state);
    this.#send(reader, "start", start);
  }

  #hear(event: Happened["event"]): void {
    const { clock, elapsed } = this.#server;
    const happened = { number: ++this.#number, at: clock.now(), elapsed, event };
    this.#keep(happened);
    for (const reader of this.#readers) {
      const told = toldEvent(happened, reader.secrets);
      if (told !== undefined) this.#send(reader, "happened", told);
    }
    this.stateChanged();
  }

  #keep(happened: Happened): void {
    this.#kept.push(happened);
    this.#bytes += bytesOf(happened);
    while (this.#kept.length > limits.events || this.#bytes > limits.bytes) {
      const forgotten = this.#kept.shift();
      if (forgotten === undefined) return;
      this.#bytes -= bytesOf(forgotten);
    }
  }

  /** At most ten times a second; to a reader that has not read the last, later. */
  async #tellState(): Promise<void> {
    try {
      await this.#server.clock.sleep(pause, this.#over.signal);
    } finally {
      this.#telling = false;
    }
    const states = new Map<Secrecy, string>();
    const stateFor = (secrets: Secrecy) => states.get(secrets) ?? JSON.stringify(toldState(this.#server, secrets));
    for (const reader of this.#readers) {
      const state = stateFor(reader.secrets);
      states.set(reader.secrets, state);
      if (state === reader.told) continue;
      if (reader.response.writableNeedDrain) {
        this.stateChanged();
        continue;
      }
      reader.told = state;
      this.#send(reader, "state", state);
    }
  }

  #send(reader: Reader, type: string, data: object | string): void {
    const { response } = reader;
    response.write(`event: ${type}\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
    if (response.writableLength <= limits.unread) return;
    // It comes again, and begins with what there is then.
    this.#readers.delete(reader);
    response.destroy();
  }
}

function bytesOf({ event }: Happened): number {
  return event.type === "exchange" ? event.exchange.bytes.length : 0;
}
