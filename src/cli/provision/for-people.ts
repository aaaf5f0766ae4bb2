import { type Duration, inWords, milliseconds, seconds } from "../../base/duration.ts";
import type { Outcome } from "../../model/outcome.ts";
import { isFinal, type ProvisioningState, type ProvisioningStatus } from "../../model/provisioning-status.ts";
import { type Warning, warningTable } from "../../model/warnings.ts";
import type { Retry, Try } from "../../run/provision-options.ts";
import type { Io } from "../io.ts";
import { type Look, lookOf } from "../text/look.ts";
import { cut, hanging } from "../text/wrap.ts";
import { outcomeForPeople } from "./outcome-for-people.ts";
import { type Printer, stateWords } from "./printer.ts";

type Place = Pick<Io, "out" | "isTerminal" | "colours" | "columns" | "clock">;

/** Erases the line that the cursor is in. */
const eraseLine = "\r\x1b[2K";
/** In these the next sign of life is the server's. */
const awaitsServer = ["CONNECTING", "SENDING_REQUEST", "WAITING_RESPONSE", "VALIDATING_RESPONSE"] as const;
/** As wide as `  12.34 s  `. */
const margin = " ".repeat(11);

/** Tells of a run to people: a line for each state, a countdown before each retry, and the ending. */
export class ForPeople implements Printer {
  readonly #io: Place;
  readonly #look: Look;
  readonly #waits: boolean;
  readonly #started: Duration;
  #state: ProvisioningState | undefined;
  #lastError: string | undefined;
  /** When the try under way ends at the latest, on the clock that only runs forward. */
  #tryEnds: Duration | undefined;
  /** The line that is written again each second, and what is left of it at its end: nothing, or itself. */
  #countdown: { readonly stop: AbortController; readonly left: string | undefined } | undefined;

  constructor(io: Place, { waits }: { readonly waits: boolean }) {
    this.#io = io;
    this.#look = lookOf(io);
    this.#waits = waits;
    this.#started = io.clock.elapsed();
  }

  status({ currentState, lastError }: ProvisioningStatus): void {
    // A setback that the run gets over; what it does not get over is told by the ending.
    const isTold = isFinal(currentState) || /^(INTERRUPTED|TERMINATED):/.test(lastError ?? "");
    if (lastError !== undefined && lastError !== this.#lastError && !isTold) this.#setback(lastError, margin);
    if (currentState === this.#state) return;
    this.#state = currentState;
    const words = this.#look.width < 60 ? "" : `  ${this.#look.styles.faint(stateWords[currentState])}`;
    this.#line(`${this.#time()}${words === "" ? currentState : currentState.padEnd(19) + words}`);
    if (awaitsServer.some((state) => state === currentState)) this.#awaitServer();
  }

  /** A try began. */
  try({ within }: Try): void {
    this.#tryEnds = milliseconds(this.#io.clock.elapsed() + within);
  }

  warning({ code, message }: Warning): void {
    const { remedy } = warningTable[code];
    const [first = "", ...others] = hanging(
      `${margin}warning ${code}: `.slice(0, 19),
      `${code}: ${message}`,
      this.#look.width,
    );
    this.#line(`${margin}${this.#look.styles.attention("warning")} ${first.slice(19)}`);
    for (const line of [...others, ...hanging(" ".repeat(19), remedy, this.#look.width)]) this.#line(line);
  }

  retry({ wait, because, message }: Retry): void {
    this.#tryEnds = undefined;
    this.#setback(`${because}: ${message.split("\n", 1)[0]}`, this.#time());
    const line = (rest: Duration) => `${margin}again in ${inWords(rest)}`;
    if (!this.#io.isTerminal) {
      this.#line(line(wait));
      return;
    }
    this.#io.out(line(wait));
    this.#countDown(wait, line, { left: line(wait) });
  }

  outcome(outcome: Outcome): void {
    for (const line of outcomeForPeople(outcome, this.#look, { waited: this.#waits })) this.#line(line);
  }

  /** What went wrong, as often as it is another thing. */
  #setback(text: string, label: string): void {
    this.#lastError = text;
    const [first = "", ...others] = hanging(margin, text, this.#look.width);
    this.#line(label + this.#look.styles.attention(first.slice(margin.length)));
    for (const line of others) this.#line(this.#look.styles.attention(line));
  }

  /** While the server is awaited on a terminal: how long at most, from the second second on. */
  #awaitServer(): void {
    if (!this.#io.isTerminal || this.#tryEnds === undefined) return;
    const rest = milliseconds(Math.max(this.#tryEnds - this.#io.clock.elapsed(), 0));
    const line = (left: Duration) =>
      cut(`${margin}waiting for the server, ${inWords(left)} more at most`, this.#look.width - 1);
    this.#countDown(rest, line, { left: undefined });
  }

  /** Writes a line again each second, until something happens. */
  #countDown(wait: Duration, line: (rest: Duration) => string, { left }: { readonly left: string | undefined }): void {
    const stop = new AbortController();
    this.#countdown = { stop, left };
    void this.#tick(wait, line, stop.signal);
  }

  async #tick(wait: Duration, line: (rest: Duration) => string, signal: AbortSignal): Promise<void> {
    const { clock, out } = this.#io;
    const end = clock.elapsed() + wait;
    for (let rest: number = wait; rest > 0; rest = end - clock.elapsed()) {
      await clock.sleep(milliseconds(Math.min(rest, 1000)), signal).catch(() => {});
      if (signal.aborted) return;
      const whole = Math.ceil((end - clock.elapsed()) / 1000);
      if (whole > 0) out(eraseLine + this.#look.styles.faint(line(seconds(whole))));
    }
  }

  /** Ends the countdown, and leaves of it what is worth reading later. */
  #settle(): void {
    if (this.#countdown === undefined) return;
    this.#countdown.stop.abort();
    const { left } = this.#countdown;
    this.#io.out(left === undefined ? eraseLine : `${eraseLine}${left}\n`);
    this.#countdown = undefined;
  }

  #line(line: string): void {
    this.#settle();
    this.#io.out(`${line}\n`);
  }

  #time(): string {
    const passed = (this.#io.clock.elapsed() - this.#started) / 1000;
    return this.#look.styles.faint(`${passed.toFixed(2).padStart(7)} s  `);
  }
}
