import type { Behaviour, OccasionKind } from "./behaviours.ts";

/** Hands out the behaviours of a scenario, each at its occasion. */
export class Scenario {
  readonly #first: readonly Behaviour[];
  #entries: { readonly behaviour: Behaviour; seen: number; played: number }[] = [];

  constructor(behaviours: readonly Behaviour[]) {
    this.#first = behaviours;
    this.add(behaviours);
  }

  /** As if nothing had happened; what was added meanwhile is gone. */
  startAgain(): void {
    this.#entries = [];
    this.add(this.#first);
  }

  add(behaviours: readonly Behaviour[]): void {
    this.#entries.push(...behaviours.map((behaviour) => ({ behaviour, seen: 0, played: 0 })));
  }

  /** Counts the occasion, and answers with the behaviour that it calls for. Of several, the first in the list. */
  next(occasion: { readonly on: OccasionKind; readonly deviceName?: string | undefined }): Behaviour | undefined {
    const due = this.#entries.filter((entry) => {
      const { on, deviceName, nth = 1 } = entry.behaviour;
      if (on !== occasion.on || (deviceName !== undefined && deviceName !== occasion.deviceName)) return false;
      entry.seen++;
      return nth === "every" || nth === entry.seen;
    });
    const [chosen] = due;
    for (const entry of due) entry.played++;
    return chosen?.behaviour;
  }

  /** Behaviours that have not had their occasion yet. */
  get unplayed(): Behaviour[] {
    return this.#entries.filter(({ played }) => played === 0).map(({ behaviour }) => behaviour);
  }
}
