import { type Warning, warning } from "../model/warnings.ts";

/**
 * Keeps what the callbacks of the caller throw away from the run: a mistake in one must not stop it between the server's
 * answer, which may come only once, and the journal. It is called again the next time all the same.
 */
export class Listeners {
  readonly #failures = new Map<string, Warning>();

  /** A warning for each callback that has thrown, or rejected, so far. */
  get failures(): readonly Warning[] {
    return [...this.#failures.values()];
  }

  /**
   * The callback that `name` is the option of, safe to call at any moment. It gets a copy, dates included: what it writes
   * there is not the run's.
   */
  guard<Told>(name: string, listener: (told: Readonly<Told>) => unknown): (told: Told) => void {
    const failed = (error: unknown) => {
      // Only the kind: its message may quote anything.
      const kind = error instanceof Error ? error.name : `a ${typeof error}`;
      this.#failures.set(name, warning("LISTENER_FAILED", `It is ${name}, with ${kind}.`));
    };
    return (told) => {
      try {
        const returned = listener(Object.freeze(structuredClone(told)));
        if (returned instanceof Promise) returned.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
  }
}
