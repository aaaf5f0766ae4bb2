import { isObject } from "../../base/json-object.ts";
import type { Io } from "../io.ts";
import { differenceStyle, maskedDifference } from "../provision/dry-run-for-people.ts";
import { stateWords } from "../provision/printer.ts";
import { type Look, lookOf } from "../text/look.ts";
import { hanging, wrap } from "../text/wrap.ts";
import type { CameraFolder } from "./camera-folder.ts";
import { type Ended, runSelf } from "./child.ts";

/** What the demo prints: it runs cameras, shows what they do, and checks every claim that it makes. */
export class Output {
  readonly io: Io;
  readonly #look: Look;
  #claims = 0;
  #broken = 0;

  constructor(io: Io) {
    this.io = io;
    this.#look = lookOf(io);
  }

  get claims(): { readonly made: number; readonly broken: number } {
    return { made: this.#claims, broken: this.#broken };
  }

  title(text: string): void {
    this.#line("");
    this.#line(this.#look.styles.strong(text));
  }

  say(text: string): void {
    for (const line of wrap(text, this.#look.width - 2)) this.#line(line === "" ? "" : `  ${line}`);
  }

  heading(text: string): void {
    this.#line("");
    this.#line(`  ${this.#look.styles.strong(text)}`);
  }

  fact(label: string, text: string): void {
    const column = `  ${label.padEnd(10)}`;
    const [first = "", ...others] = hanging(column, text, this.#look.width);
    this.#line(this.#look.styles.faint(column) + first.slice(column.length));
    for (const line of others) this.#line(line);
  }

  /** Says something that need not be believed: it is checked, and the demo fails when it does not hold. */
  claim(text: string, holds: boolean): void {
    this.#claims++;
    if (!holds) this.#broken++;
    const word = holds ? this.#look.styles.good("ok") : this.#look.styles.bad("NO");
    const [first = "", ...others] = hanging("      ", text, this.#look.width);
    this.#line(`  ${word}  ${first.slice(6)}`);
    for (const line of others) this.#line(line);
  }

  /** What became of the camera's configuration, secrets masked. */
  showChange({ configBefore, config }: CameraFolder): void {
    this.heading("What changed in thermal_config.json");
    for (const line of maskedDifference(configBefore, config).slice(2)) {
      this.#line(`    ${differenceStyle(line, this.#look.styles)(line)}`);
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
      const time = this.#look.styles.faint(`${((this.io.clock.elapsed() - started) / 1000).toFixed(2).padStart(6)} s`);
      if (event["type"] === "outcome") outcome = event;
      if (event["type"] === "warning")
        this.#line(`${time}  ${this.#look.styles.attention(`warning ${event["code"]}`)}`);
      if (event["type"] !== "status") return;
      if (event["last_error"] !== lastError) {
        lastError = event["last_error"];
        // It goes again when the run ends well.
        const said = typeof lastError === "string" ? hanging(" ".repeat(10), lastError, this.#look.width) : [];
        for (const part of said) this.#line(this.#look.styles.attention(part));
      }
      if (event["current_state"] === state) return;
      state = event["current_state"];
      const words = Object.entries(stateWords).find(([name]) => name === state)?.[1] ?? "";
      this.#line(`${time}  ${String(state).padEnd(20)} ${this.#look.styles.faint(words)}`.trimEnd());
    });
    return { ...ended, outcome };
  }

  /** The same with the form for people, as a technician sees it. */
  async provisionForPeople(camera: CameraFolder): Promise<Ended> {
    const parameters = ["provision", "--directory", camera.path];
    this.heading(`$ thermal-provision ${parameters.join(" ")}`);
    const look = {
      COLUMNS: String(Math.max(this.#look.width - 4, 20)),
      ...(this.io.colours ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
    };
    const bar = this.#look.styles.faint("|");
    return runSelf(this.io, [...parameters, "--human"], look, (line) => this.#line(`  ${bar} ${line}`.trimEnd()));
  }

  #line(text: string): void {
    this.io.out(`${text}\n`);
  }
}
