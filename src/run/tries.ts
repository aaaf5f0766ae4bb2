import { deadline } from "../base/clock.ts";
import { milliseconds, seconds } from "../base/duration.ts";
import { randomUuid } from "../base/randomness.ts";
import { type Credentials, sameCredentials } from "../model/credentials.ts";
import type { ErrorCode, ProvisioningError } from "../model/errors.ts";
import type { Link } from "../transport/link.ts";
import { type AttributeTopics, longTopics, shortTopics } from "../wire/topics.ts";
import { endpointFor } from "./client-certificate.ts";
import type { Asking } from "./task.ts";

/**
 * One try: from opening the connection to the verified answer, all within `timeout_seconds`. Between its request and
 * its probe it keeps the probe's connection, which is opened beside that of the request: that saves two to four round trips
 * on a slow link.
 */
export class Try implements Disposable {
  readonly signal: AbortSignal;
  /** Where its probe asks. */
  readonly topics: AttributeTopics;
  /** The server has accepted credentials and not answered what was asked behind them. */
  letIn = false;
  readonly #task: Asking;
  readonly #run: AbortSignal;
  readonly #deadline: Disposable;
  /** Ends the opening of the spare connection: with the try's time, or with the try. */
  readonly #ahead = new AbortController();
  readonly #lookings: Lookings;
  #spare: Spare | undefined;

  /** `signal` ends the whole run. */
  constructor(task: Asking, signal: AbortSignal, topics = shortTopics, lookings: Lookings = { had: new Set() }) {
    const limit = deadline(task.surroundings.clock, task.credentials.timeout, signal);
    this.#task = task;
    this.#run = signal;
    this.#lookings = lookings;
    this.#deadline = limit;
    this.signal = limit.signal;
    this.topics = topics;
    this.signal.addEventListener("abort", () => this.#ahead.abort(this.signal.reason));
  }

  /** The time of the whole run is up, or it was stopped. */
  get runIsOver(): boolean {
    return this.#run.aborted;
  }

  /**
   * Opens the connection ahead on which `credentials` are to be probed, where there is none yet: to `address`, where one has
   * answered already. Whether that works shows when it is used.
   */
  openSpare(credentials: Credentials, address?: string): void {
    const { surroundings, endpoint } = this.#task;
    if (this.#spare !== undefined) return;
    const there = address === undefined ? endpoint : { ...endpoint, address };
    const open = async () => surroundings.connect(endpointFor(surroundings, there, credentials), this.#ahead.signal);
    const spare: Spare = { credentials, link: open(), isOpen: false };
    this.#spare = spare;
    spare.link.then(
      () => {
        spare.isOpen = true;
      },
      // Nobody may come for it.
      () => {},
    );
  }

  /** Whether there is one, and it is open. */
  hasSpare(credentials: Credentials): boolean {
    return this.#spare?.isOpen === true && isSameWay(this.#spare.credentials, credentials);
  }

  /**
   * The connection that was opened ahead, once; undefined where there is none on which `credentials` can be probed, or it
   * could not be opened. Rejects when the try's time went by in its opening.
   */
  async takeSpare(credentials: Credentials): Promise<Link | undefined> {
    const spare = this.#spare;
    if (spare === undefined || !isSameWay(spare.credentials, credentials)) return undefined;
    this.#spare = undefined;
    try {
      return await spare.link;
    } catch (error) {
      if (this.signal.aborted) throw error;
      return undefined;
    }
  }

  /** What a failure comes from, as far as a look at the server tells; one look in a run is enough. */
  async explain(error: ProvisioningError): Promise<ProvisioningError> {
    const { surroundings, endpoint, credentials } = this.#task;
    if (this.runIsOver || this.#lookings.had.has(error.errorCode)) return error;
    this.#lookings.had.add(error.errorCode);
    // Some servers speak with one client at a time, and would wait for that connection.
    this.#dropSpare();
    const { clock, randomness, diagnose } = surroundings;
    const within = milliseconds(Math.min(credentials.timeout, longestLook));
    return diagnose(endpoint, error, { clock, within, signal: this.#run, unknownToken: randomUuid(randomness) });
  }

  #dropSpare(): void {
    // A server that stays silent would keep the connection in its opening, and with it the process, for minutes.
    this.#ahead.abort();
    this.#spare?.link.then(
      (link) => link.close(),
      () => {},
    );
    this.#spare = undefined;
  }

  [Symbol.dispose](): void {
    this.#dropSpare();
    this.#deadline[Symbol.dispose]();
  }
}

/** A connection that was opened ahead, and for what. */
interface Spare {
  readonly credentials: Credentials;
  readonly link: Promise<Link>;
  isOpen: boolean;
}

/** For so long one look at a server may take that has said nothing useful. */
const longestLook = seconds(10);

/** The errors that were looked into in this run. */
interface Lookings {
  readonly had: Set<ErrorCode>;
}

/** The tries of a run, one at a time: a request begins one, and the probe after it goes on in the same. */
export class Tries implements Disposable {
  readonly #task: Asking;
  readonly #signal: AbortSignal;
  readonly #lookings: Lookings = { had: new Set() };
  #present: Try | undefined;
  /** Where the next probe asks: a server that accepts a login and is silent then may be one that knows the long topics only. */
  #topics = shortTopics;

  constructor(task: Asking, signal: AbortSignal) {
    this.#task = task;
    this.#signal = signal;
  }

  begin(): Try {
    this.end();
    this.#present = new Try(this.#task, this.#signal, this.#topics, this.#lookings);
    this.#task.surroundings.onTry({ within: this.#task.credentials.timeout });
    return this.#present;
  }

  /** The try under way, if it has any time left; else a new one. */
  present(): Try {
    return this.#present === undefined || this.#present.signal.aborted ? this.begin() : this.#present;
  }

  end(): void {
    if (this.#present?.letIn) this.#topics = this.#topics === shortTopics ? longTopics : shortTopics;
    this.#present?.[Symbol.dispose]();
    this.#present = undefined;
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/** Whether a connection that was opened for the one will do for the other: a certificate is all that the server looks at. */
function isSameWay(one: Credentials, other: Credentials): boolean {
  const hasCertificate = [one, other].some(({ type }) => type === "X509_CERTIFICATE");
  return !hasCertificate || sameCredentials(one, other);
}
