import { UsageError } from "../command/command.ts";

/** Everything that is wrong with a command line, so that it is told at once. */
export class Mistakes {
  readonly #messages: string[] = [];

  /** What `act` gives; undefined, and remembered, when it throws UsageError. */
  async of<Value>(act: () => Value | Promise<Value>): Promise<Value | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!UsageError.is(error)) throw error;
      this.#messages.push(error.message);
      return undefined;
    }
  }

  /** Throws UsageError when there were any. */
  tell(): void {
    if (this.#messages.length > 0) throw new UsageError(this.#messages.join("\nerror: "));
  }
}
