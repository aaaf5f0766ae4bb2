import { type Clock, systemClock } from "../../src/base/clock.ts";
import { milliseconds, seconds } from "../../src/base/duration.ts";
import { connectOverNetwork } from "../../src/run/surroundings.ts";
import type { Ledger } from "../../src/station/ledger/ledger.ts";
import type { HttpExchange } from "../../src/transport/http-exchange.ts";
import type { Connect, Link } from "../../src/transport/link.ts";

/**
 * The effects of a station that stops before one of its steps: for ever, as a process that is killed, or until it is
 * woken, as one that was frozen. What it has asked for by then happens, and nothing of what comes of it arrives. A step is
 * whatever is asked of the ledger or the network.
 */
export class Stopping {
  readonly #at: number;
  readonly #stopped: Promise<void>;
  #woken: Promise<void>;
  readonly #awaited = new Map<number, () => void>();
  #steps = 0;
  #isStopped = false;
  readonly #tellStopped: () => void;
  #wake: () => void;

  /** Before which step, the first having the number 1. */
  constructor(at: number) {
    this.#at = at;
    [this.#stopped, this.#tellStopped] = promise();
    [this.#woken, this.#wake] = promise();
  }

  /** Settles when it has stopped. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  /** Lets it go on. Settles when it has taken `more` steps, if it takes so many. */
  wake(more = 0): Promise<void> {
    this.#isStopped = false;
    this.#wake();
    return new Promise((resolve) => this.#awaited.set(this.#steps + more, resolve));
  }

  /** Lets it take one more step. Settles when it has stopped again. */
  async goOn(): Promise<void> {
    const next = this.wake(1);
    [this.#woken, this.#wake] = promise();
    await next;
    this.#isStopped = true;
  }

  /** A clock on which nothing is waited for longer than the tests have time for, but for the time limits. */
  get clock(): Clock {
    return {
      ...systemClock,
      sleep: async (duration, signal) => {
        const hurried = duration <= seconds(1) ? milliseconds(duration / 50) : duration;
        await systemClock.sleep(hurried, signal);
        await this.#life();
      },
    };
  }

  ledger(ledger: Ledger): Ledger {
    const use: Ledger["use"] = (act, options) => this.#step(() => ledger.use(act, options));
    return new Proxy(ledger, {
      get: (target, name) => {
        if (name === "use") return use;
        const value: unknown = Reflect.get(target, name, target);
        return value;
      },
    });
  }

  exchange(exchange: HttpExchange): HttpExchange {
    const ask: (...question: Parameters<HttpExchange>) => ReturnType<HttpExchange> = (question, signal) =>
      this.#step(() => exchange(question, signal));
    return Object.assign(ask, { [Symbol.dispose]: () => exchange[Symbol.dispose]() });
  }

  readonly connect: Connect = async (endpoint, signal) => {
    const link = await this.#step(() => connectOverNetwork(endpoint, signal));
    const read: Link["read"] = (until) => this.#step(() => link.read(until));
    return { ...link, read, write: (bytes) => link.write(bytes), close: () => link.close() };
  };

  async #step<Result>(act: () => Promise<Result>): Promise<Result> {
    if (++this.#steps === this.#at) {
      this.#isStopped = true;
      this.#tellStopped();
    }
    const tell = this.#awaited.get(this.#steps);
    if (tell !== undefined) tell();
    await this.#life();
    try {
      return await act();
    } finally {
      await this.#life();
    }
  }

  async #life(): Promise<void> {
    if (this.#isStopped) await this.#woken;
  }
}

function promise(): [Promise<void>, () => void] {
  let settle = () => {};
  const made = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return [made, settle];
}
