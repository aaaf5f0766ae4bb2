import { type Duration, inWords, milliseconds, seconds } from "../../base/duration.ts";
import type { Outcome } from "../../model/outcome.ts";
import { isFinal, type ProvisioningState, type ProvisioningStatus } from "../../model/provisioning-status.ts";
import { type Warning, warningTable } from "../../model/warnings.ts";
import type { Retry } from "../../run/provision-options.ts";
import type { Io } from "../io.ts";
import { type Look, lookOf } from "../text/look.ts";
import { cut, hanging } from "../text/wrap.ts";
import { outcomeForPeople } from "./outcome-for-people.ts";
import { type Printer, stateWords } from "./printer.ts";

type Place = Pick<Io, "out" | "isTerminal" | "colours" | "columns" | "clock">;

/** Erases the line that the cursor is in. */
const eraseLine = "\r\x1b[2K";
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
  #countdown: { readonly stop: AbortController; readonly line: string } | undefined;

  constructor(io: Place, { waits }: { readonly waits: boolean }) {
    this.#io = io;
    this.#look = lookOf(io);
    this.#waits = waits;
    this.#started = io.clock.elapsed();
  }

  status({ currentState, lastError }: ProvisioningStatus): void {
    // A setback that the run gets over; what it does not get over is told by the ending.
    if (lastError !== undefined && lastError !== this.#lastError && !isFinal(currentState)) {
      this.#lastError = lastError;
      for (const line of hanging(margin, lastError, this.#look.width)) this.#line(this.#look.styles.attention(line));
    }
    if (currentState === this.#state) return;
    this.#state = currentState;
    const words = this.#look.width < 60 ? "" : `  ${this.#look.styles.faint(stateWords[currentState])}`;
    this.#line(`${this.#time()}${words === "" ? currentState : currentState.padEnd(19) + words}`);
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
    this.#settle();
    const line = (rest: Duration) => {
      const reason = `${because}: ${message.split("\n", 1)[0]}`;
      return this.#time() + cut(`again in ${inWords(rest)}  ${reason}`, this.#look.width - margin.length - 1);
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
    for (const line of outcomeForPeople(outcome, this.#look, { waited: this.#waits })) this.#line(line);
  }

  /** Writes the countdown again each second, until something happens. */
  async #count(wait: Duration, line: (rest: Duration) => string, signal: AbortSignal): Promise<void> {
    const { clock, out } = this.#io;
    const end = clock.elapsed() + wait;
    for (let rest: number = wait; rest > 0 && !signal.aborted; rest = end - clock.elapsed()) {
      out(eraseLine + line(seconds(Math.ceil(rest / 1000))));
      await clock.sleep(milliseconds(Math.min(rest, 1000)), signal).catch(() => {});
    }
  }

  /** Ends the countdown, which leaves the line that it began with. */
  #settle(): void {
    if (this.#countdown === undefined) return;
    this.#countdown.stop.abort();
    this.#io.out(`${eraseLine}${this.#countdown.line}\n`);
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
