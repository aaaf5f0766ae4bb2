import type { Clock } from "../base/clock.ts";
import { earlyProbes } from "../flow/waits.ts";

/**
 * The logins that the server has refused a short while ago. Servers block an address after ten of them
 * (docs/thingsboard-protocol.md#address-block), so a login that only saves time is not risked behind others.
 */
export class RefusedLogins {
  readonly #clock: Pick<Clock, "elapsed">;
  #moments: number[] = [];

  constructor(clock: Pick<Clock, "elapsed">) {
    this.#clock = clock;
  }

  note(): void {
    this.#moments.push(this.#clock.elapsed());
  }

  get areFew(): boolean {
    const since = this.#clock.elapsed() - earlyProbes.within;
    this.#moments = this.#moments.filter((moment) => moment > since);
    return this.#moments.length < earlyProbes.behindFewerThan;
  }
}
