import type { ToldEvent, ToldStart, ToldState } from "./told.ts";

/** What is done with what the simulator tells. */
export interface Hearer {
  start(start: ToldStart): void;
  happened(event: ToldEvent): void;
  state(state: ToldState): void;
  /** `ended`: the simulator has said goodbye; `lost`: the browser tries again by itself. */
  connection(is: "open" | "lost" | "ended"): void;
}

/** The simulator's events. A page that nobody sees listens to nothing, and gets all there is when it is seen again. */
export class Stream {
  readonly #hearer: Hearer;
  #source: EventSource | undefined;
  #secrets: ToldStart["secrets"] = "masked";
  #ended = false;

  constructor(hearer: Hearer) {
    this.#hearer = hearer;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#resume()));
    window.addEventListener("pagehide", () => this.#close());
    this.open("masked");
  }

  /** Secrets are told where they are asked for. */
  open(secrets = this.#secrets): void {
    this.#close();
    this.#ended = false;
    this.#secrets = secrets;
    const source = new EventSource(secrets === "shown" ? "/simulator/events?secrets=shown" : "/simulator/events");
    this.#source = source;
    const hear = (type: string, told: (data: string) => void) =>
      source.addEventListener(type, (event: MessageEvent<string>) => told(event.data));
    hear("start", (data) => {
      this.#hearer.connection("open");
      this.#hearer.start(JSON.parse(data));
    });
    hear("happened", (data) => this.#hearer.happened(JSON.parse(data)));
    hear("state", (data) => this.#hearer.state(JSON.parse(data)));
    hear("end", () => {
      this.#close();
      this.#ended = true;
      this.#hearer.connection("ended");
    });
    source.addEventListener("error", () => {
      this.#ended = source.readyState === EventSource.CLOSED;
      this.#hearer.connection(this.#ended ? "ended" : "lost");
    });
  }

  #resume(): void {
    if (!this.#ended && this.#source === undefined) this.open();
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
  }
}
