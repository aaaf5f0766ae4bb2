import type { Behaviour } from "./faults.ts";
import type { OccasionKind } from "./occasions.ts";

/** A behaviour whose occasion is there. */
export interface Due {
  readonly behaviour: Behaviour;
  /** To be called when the client can notice it: what had its occasion only has not happened. */
  readonly happened: () => void;
}

interface Entry {
  /** Counts the behaviours of the simulator's life, from 1. */
  readonly id: number;
  readonly behaviour: Behaviour;
  seen: number;
  happened: boolean;
}

/** Hands out the behaviours of a scenario, each at its occasion. */
export class Scenario {
  readonly #first: readonly Behaviour[];
  #entries: Entry[] = [];
  #added = 0;

  constructor(behaviours: readonly Behaviour[]) {
    this.#first = behaviours;
    this.add(behaviours);
  }

  /** As if nothing had happened; what was added meanwhile is gone. */
  startAgain(): void {
    this.clear();
    this.add(this.#first);
  }

  add(behaviours: readonly Behaviour[]): void {
    this.#entries.push(...behaviours.map((behaviour) => ({ id: ++this.#added, behaviour, seen: 0, happened: false })));
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#entries = [];
  }

  /** False: there is none of this id. */
  remove(id: number): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  get entries(): readonly Readonly<Entry>[] {
    return this.#entries;
  }

  /** Counts the occasion, and answers with the behaviour that it calls for. Of several, the first in the list. */
  next(occasion: { readonly on: OccasionKind; readonly deviceName?: string | undefined }): Due | undefined {
    const due = this.#entries.filter((entry) => {
      const { on, deviceName, nth = 1 } = entry.behaviour;
      if (on !== occasion.on || (deviceName !== undefined && deviceName !== occasion.deviceName)) return false;
      entry.seen++;
      return nth === "every" || nth === entry.seen;
    });
    const [chosen] = due;
    if (chosen === undefined) return undefined;
    const happened = () => {
      chosen.happened = true;
    };
    return { behaviour: chosen.behaviour, happened };
  }

  /** Behaviours that have not happened yet. */
  get unplayed(): Behaviour[] {
    return this.#entries.filter(({ happened }) => !happened).map(({ behaviour }) => behaviour);
  }
}
