import { inWords, milliseconds } from "../../base/duration.ts";
import type { CameraEnd } from "../../station/run/station-options.ts";
import type { Io } from "../io.ts";

const barWidth = 20;

/** How far a run is, for people: a line that is rewritten in place on a terminal, else a line for each camera. */
export class Progress {
  readonly #io: Io;
  readonly #total: number;
  readonly #began: number;
  readonly #causes = new Map<string, number>();
  readonly #open = new Map<string, string>();
  #proved = 0;
  #isShown = false;

  constructor(io: Io, total: number) {
    this.#io = io;
    this.#total = total;
    this.#began = io.clock.elapsed();
  }

  camera(camera: CameraEnd): void {
    const { serial, state, cause = "" } = camera;
    const before = this.#open.get(serial);
    if (before !== undefined) this.#count(before, -1);
    this.#open.delete(serial);
    if (state === "proved") this.#proved++;
    else {
      this.#open.set(serial, cause);
      this.#count(cause, 1);
    }
    if (this.#io.isTerminal) this.#show();
    else this.#io.out(`${lineOf(camera)}\n`);
  }

  end(): void {
    if (this.#isShown) this.#io.out("\n");
    this.#isShown = false;
  }

  #count(cause: string, change: number): void {
    const count = (this.#causes.get(cause) ?? 0) + change;
    if (count > 0) this.#causes.set(cause, count);
    else this.#causes.delete(cause);
  }

  #show(): void {
    this.#isShown = true;
    this.#io.out(`\r\x1b[2K${this.#line().slice(0, Math.max(20, this.#io.columns - 1))}`);
  }

  #line(): string {
    const total = Math.max(this.#total, this.#proved + this.#open.size);
    const filled = total === 0 ? barWidth : Math.floor((this.#proved / total) * barWidth);
    const bar = "#".repeat(filled).padEnd(barWidth, ".");
    const passed = Math.max(1, this.#io.clock.elapsed() - this.#began);
    const rate = this.#proved / (passed / 1000);
    const left = total - this.#proved;
    const rest = rate > 0 && left > 0 ? `, ${inWords(milliseconds((left / rate) * 1000))} left` : "";
    const causes = [...this.#causes].map(([cause, count]) => `${count} ${cause}`).join(", ");
    const vain = causes === "" ? "" : `, ${causes}`;
    return `[${bar}] ${this.#proved} of ${total}, ${rate.toFixed(1)} a second${rest}${vain}`;
  }
}

function lineOf({ serial, deviceName, state, cause, message }: CameraEnd): string {
  if (state === "proved") return `${serial} proved as ${deviceName}`;
  return `${serial} ${state}: ${cause}: ${message}`;
}
