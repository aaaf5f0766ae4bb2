import { isObject } from "../../wire/json.ts";
import type { Io } from "../io.ts";
import { differenceStyle, maskedDifference } from "../provision/dry-run-for-people.ts";
import { stateWords } from "../provision/printer.ts";
import { type Styles, stylesFor } from "../text/styles.ts";
import { hanging, wrap } from "../text/wrap.ts";
import type { CameraFolder } from "./camera-folder.ts";
import { type Ended, runSelf } from "./child.ts";

/** Where an act is played: it speaks to the audience, runs cameras, and checks every claim that it makes. */
export class Stage {
  readonly io: Io;
  readonly #styles: Styles;
  readonly #width: number;
  #claims = 0;
  #broken = 0;

  constructor(io: Io) {
    this.io = io;
    this.#styles = stylesFor(io);
    this.#width = Math.min(io.columns, 100);
  }

  get claims(): { readonly made: number; readonly broken: number } {
    return { made: this.#claims, broken: this.#broken };
  }

  title(text: string): void {
    this.#line("");
    this.#line(this.#styles.strong(text));
  }

  say(text: string): void {
    for (const line of wrap(text, this.#width - 2)) this.#line(line === "" ? "" : `  ${line}`);
  }

  heading(text: string): void {
    this.#line("");
    this.#line(`  ${this.#styles.strong(text)}`);
  }

  fact(label: string, text: string): void {
    const column = `  ${label.padEnd(10)}`;
    const [first = "", ...others] = hanging(column, text, this.#width);
    this.#line(this.#styles.faint(column) + first.slice(column.length));
    for (const line of others) this.#line(line);
  }

  /** Says something that the audience need not believe: it is checked, and the demo fails when it does not hold. */
  claim(text: string, holds: boolean): void {
    this.#claims++;
    if (!holds) this.#broken++;
    const word = holds ? this.#styles.good("ok") : this.#styles.bad("NO");
    const [first = "", ...others] = hanging("      ", text, this.#width);
    this.#line(`  ${word}  ${first.slice(6)}`);
    for (const line of others) this.#line(line);
  }

  /** What became of the camera's configuration, secrets masked. */
  showChange({ configBefore, config }: CameraFolder): void {
    this.heading("What changed in thermal_config.json");
    for (const line of maskedDifference(configBefore, config).slice(2)) {
      this.#line(`    ${differenceStyle(line, this.#styles)(line)}`);
    }
  }

  /** Runs the real program on a camera's folder and shows its states as they come. Gives the outcome, its last line. */
  async provision(camera: CameraFolder): Promise<Ended & { readonly outcome: Readonly<Record<string, unknown>> }> {
    const parameters = ["provision", "--directory", camera.path, "--json", "--log-level", "silent"];
    this.heading(`$ thermal-provision ${parameters.slice(0, 4).join(" ")}`);
    const started = this.io.clock.elapsed();
    let outcome: Readonly<Record<string, unknown>> = {};
    let state: unknown;
    let lastError: unknown;
    const ended = await runSelf(this.io, parameters, {}, (line) => {
      const event: unknown = JSON.parse(line);
      if (!isObject(event)) return;
      const time = this.#styles.faint(`${((this.io.clock.elapsed() - started) / 1000).toFixed(2).padStart(6)} s`);
      if (event["type"] === "outcome") outcome = event;
      if (event["type"] === "warning") this.#line(`${time}  ${this.#styles.attention(`warning ${event["code"]}`)}`);
      if (event["type"] !== "status") return;
      if (event["last_error"] !== lastError) {
        lastError = event["last_error"];
        for (const part of hanging(" ".repeat(10), String(lastError), this.#width))
          this.#line(this.#styles.attention(part));
      }
      if (event["current_state"] === state) return;
      state = event["current_state"];
      const words = Object.entries(stateWords).find(([name]) => name === state)?.[1] ?? "";
      this.#line(`${time}  ${String(state).padEnd(20)} ${this.#styles.faint(words)}`.trimEnd());
    });
    return { ...ended, outcome };
  }

  /** The same with the form for people, as a technician sees it. */
  async provisionForPeople(camera: CameraFolder): Promise<Ended> {
    const parameters = ["provision", "--directory", camera.path];
    this.heading(`$ thermal-provision ${parameters.join(" ")}`);
    const look = {
      COLUMNS: String(Math.max(this.#width - 4, 20)),
      ...(this.io.colours ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
    };
    const bar = this.#styles.faint("|");
    return runSelf(this.io, [...parameters, "--human"], look, (line) => this.#line(`  ${bar} ${line}`.trimEnd()));
  }

  #line(text: string): void {
    this.io.out(`${text}\n`);
  }
}
