import type { Clock } from "../../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../../base/duration.ts";

const longestPause = seconds(60);

/**
 * How fast the station may go. A server that asks for patience gets a pause, longer each time, and half as many cameras
 * at once; with every camera that is done it is one more again.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #fraction: () => number;
  readonly #most: number;
  #limit: number;
  #closedUntil: Duration = milliseconds(0);
  #pauses = 0;

  constructor(clock: Clock, fraction: () => number, most: number) {
    this.#clock = clock;
    this.#fraction = fraction;
    this.#most = most;
    this.#limit = most;
  }

  /** How many cameras may be under way at the moment. */
  get limit(): number {
    return this.#limit;
  }

  /** Waits for the end of a pause. */
  async open(signal: AbortSignal): Promise<void> {
    for (;;) {
      const rest = milliseconds(this.#closedUntil - this.#clock.elapsed());
      if (rest <= 0) return;
      await this.#clock.sleep(rest, signal);
    }
  }

  /** The server asks for patience, and perhaps says for how long. What it says during a pause is about the time before. */
  slowDown(forAsLongAs: Duration | undefined): void {
    const now = this.#clock.elapsed();
    if (forAsLongAs !== undefined) this.#closedUntil = milliseconds(Math.max(this.#closedUntil, now + forAsLongAs));
    if (now < this.#closedUntil) return;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    const whole = Math.min(seconds(1) * 2 ** this.#pauses, longestPause);
    this.#pauses = Math.min(this.#pauses + 1, 16);
    this.#closedUntil = milliseconds(now + whole * (1 - this.#fraction() / 2));
  }

  /** A camera is done: the server keeps up. */
  speedUp(): void {
    this.#limit = Math.min(this.#most, this.#limit + 1);
    this.#pauses = 0;
  }
}
