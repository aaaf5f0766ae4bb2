import { type Duration, inWords, milliseconds, seconds } from "../../base/duration.ts";
import type { Outcome } from "../../model/outcome.ts";
import { isFinal, type ProvisioningState, type ProvisioningStatus } from "../../model/provisioning-status.ts";
import { type Warning, warningTable } from "../../model/warnings.ts";
import type { Retry } from "../../run/provision-options.ts";
import type { Io } from "../io.ts";
import { type Styles, stylesFor } from "../text/styles.ts";
import { cut, hanging } from "../text/wrap.ts";
import { ending } from "./outcome-for-people.ts";
import { type Printer, stateWords } from "./printer.ts";

type Place = Pick<Io, "out" | "isTerminal" | "colours" | "columns" | "clock">;

/** Erases the line that the cursor is in. */
const anew = "\r\x1b[2K";
/** As wide as `  12.34 s  `. */
const margin = " ".repeat(11);

/** Tells of a run to people: a line for each state, a countdown before each retry, and the ending. */
export class ForPeople implements Printer {
  readonly #io: Place;
  readonly #styles: Styles;
  readonly #waits: boolean;
  readonly #width: number;
  readonly #started: Duration;
  #state: ProvisioningState | undefined;
  #lastError: string | undefined;
  #countdown: { readonly stop: AbortController; readonly line: string } | undefined;

  constructor(io: Place, { waits }: { readonly waits: boolean }) {
    this.#io = io;
    this.#styles = stylesFor(io);
    this.#waits = waits;
    this.#width = Math.min(io.columns, 100);
    this.#started = io.clock.elapsed();
  }

  status({ currentState, lastError }: ProvisioningStatus): void {
    // A setback that the run gets over; what it does not get over is told by the ending.
    if (lastError !== undefined && lastError !== this.#lastError && !isFinal(currentState)) {
      this.#lastError = lastError;
      for (const line of hanging(margin, lastError, this.#width)) this.#line(this.#styles.attention(line));
    }
    if (currentState === this.#state) return;
    this.#state = currentState;
    const words = this.#width < 60 ? "" : `  ${this.#styles.faint(stateWords[currentState])}`;
    this.#line(`${this.#time()}${words === "" ? currentState : currentState.padEnd(19) + words}`);
  }

  warning({ code, message }: Warning): void {
    const { remedy } = warningTable[code];
    const [first = "", ...others] = hanging(
      `${margin}warning ${code}: `.slice(0, 19),
      `${code}: ${message}`,
      this.#width,
    );
    this.#line(`${margin}${this.#styles.attention("warning")} ${first.slice(19)}`);
    for (const line of [...others, ...hanging(" ".repeat(19), remedy, this.#width)]) this.#line(line);
  }

  retry({ wait, because, message }: Retry): void {
    this.#settle();
    const line = (rest: Duration) => {
      const reason = `${because}: ${message.split("\n", 1)[0]}`;
      return this.#time() + cut(`again in ${inWords(rest)}  ${reason}`, this.#width - margin.length - 1);
    };
    if (!this.#io.isTerminal) {
      this.#line(line(wait));
      return;
    }
    const stop = new AbortController();
    this.#countdown = { stop, line: line(wait) };
    this.#io.out(line(wait));
    void this.#count(wait, line, stop.signal);
  }

  outcome(outcome: Outcome): void {
    const options = { width: this.#width, styles: this.#styles, waited: this.#waits };
    for (const line of ending(outcome, options)) this.#line(line);
  }

  /** Writes the countdown anew each second, until something happens. */
  async #count(wait: Duration, line: (rest: Duration) => string, signal: AbortSignal): Promise<void> {
    const { clock, out } = this.#io;
    const end = clock.elapsed() + wait;
    for (let rest: number = wait; rest > 0 && !signal.aborted; rest = end - clock.elapsed()) {
      out(anew + line(seconds(Math.ceil(rest / 1000))));
      await clock.sleep(milliseconds(Math.min(rest, 1000)), signal).catch(() => {});
    }
  }

  /** Ends the countdown, which leaves the line that it began with. */
  #settle(): void {
    if (this.#countdown === undefined) return;
    this.#countdown.stop.abort();
    this.#io.out(`${anew}${this.#countdown.line}\n`);
    this.#countdown = undefined;
  }

  #line(line: string): void {
    this.#settle();
    this.#io.out(`${line}\n`);
  }

  #time(): string {
    const passed = (this.#io.clock.elapsed() - this.#started) / 1000;
    return this.#styles.faint(`${passed.toFixed(2).padStart(7)} s  `);
  }
}
