import type { Clock } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";

/** A server may block an address for a minute after ten refused logins in a row. */
const window = seconds(60);
const mostRefusals = 3;
const mostUnproved = 2;

/**
 * The refused logins that a station allows itself, all cameras together. Until one login has succeeded, and again after
 * a refusal, at most two are under way; after three refusals there is none for the rest of the minute.
 */
export class LoginBudget {
  readonly #clock: Clock;
  #refusals: number[] = [];
  #underWay = 0;
  #isProved = false;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Logs in when the budget allows it. `login` gives what came of it, which `judge` reads. */
  async spend<Result>(
    signal: AbortSignal,
    login: () => Promise<Result>,
    judge: (result: Result) => "accepted" | "refused" | "unknown",
  ): Promise<Result> {
    await this.#turn(signal);
    try {
      const result = await login();
      this.#learn(judge(result));
      return result;
    } finally {
      this.#underWay--;
      this.#wake();
    }
  }

  #learn(outcome: "accepted" | "refused" | "unknown"): void {
    if (outcome === "accepted") [this.#isProved, this.#refusals] = [true, []];
    if (outcome === "refused") {
      this.#isProved = false;
      this.#refusals.push(this.#clock.elapsed());
    }
  }

  /** Waits until one more login may be under way, and counts it. */
  async #turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.elapsed();
      this.#refusals = this.#refusals.filter((moment) => moment > now - window);
      const oldest = this.#refusals.at(-mostRefusals);
      if (oldest !== undefined) await this.#clock.sleep(milliseconds(oldest + window - now), signal);
      else if (this.#isProved || this.#underWay < mostUnproved) break;
      else await this.#change(signal);
    }
    this.#underWay++;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        signal.removeEventListener("abort", settle);
        resolve();
      };
      signal.addEventListener("abort", settle, { once: true });
      this.#waiting.push(settle);
    });
  }

  #wake(): void {
    for (const settle of this.#waiting.splice(0)) settle();
  }
}
