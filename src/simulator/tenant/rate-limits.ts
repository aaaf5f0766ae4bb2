import type { Duration } from "../../base/duration.ts";

/**
 * A limit as tenant profiles write it: `"N:seconds,N:seconds"`; all parts hold. Each is a bucket of N that fills
 * steadily in its seconds.
 */
export class RateLimit {
  readonly #buckets: { readonly size: number; readonly perMillisecond: number; filled: number; at: number }[];

  constructor(limits: string, elapsed: Duration) {
    this.#buckets = limits.split(",").map((limit) => {
      const [count, seconds] = limit.split(":").map(Number);
      if (!count || !seconds || count < 0 || seconds < 0)
        throw new RangeError(`"${limit}" is not a limit like "10:60".`);
      return { size: count, perMillisecond: count / (seconds * 1000), filled: count, at: elapsed };
    });
  }

  /** Takes `count`, or nothing and is false when a part of the limit does not have them. */
  take(count: number, elapsed: Duration): boolean {
    for (const bucket of this.#buckets) {
      bucket.filled = Math.min(bucket.size, bucket.filled + (elapsed - bucket.at) * bucket.perMillisecond);
      bucket.at = elapsed;
    }
    if (this.#buckets.some((bucket) => bucket.filled < count)) return false;
    for (const bucket of this.#buckets) bucket.filled -= count;
    return true;
  }
}

/**
 * The limits of a tenant profile for each of its devices (docs/thingsboard-protocol.md#message-rate-limits). Absent:
 * unlimited.
 */
export interface RateLimits {
  /** CONNECT, subscriptions, attribute requests, RPC: all that is not telemetry. */
  readonly messages?: string;
  /** Telemetry and attributes. */
  readonly telemetryMessages?: string;
  /** Each key of them. */
  readonly telemetryDataPoints?: string;
}

/** What each device has used of the limits. */
export class DeviceLimits {
  readonly #limits: RateLimits;
  readonly #elapsed: () => Duration;
  readonly #buckets = new WeakMap<object, Record<keyof RateLimits, RateLimit | undefined>>();

  constructor(limits: RateLimits, elapsed: () => Duration) {
    this.#limits = limits;
    this.#elapsed = elapsed;
  }

  /** Null, as `getSessionLimits` says it, where there is no limit. */
  get texts(): Record<keyof RateLimits, string | null> {
    const { messages = null, telemetryMessages = null, telemetryDataPoints = null } = this.#limits;
    return { messages, telemetryMessages, telemetryDataPoints };
  }

  takeMessage(device: object): boolean {
    return this.#take(device, "messages", 1);
  }

  /** Without a key in it, telemetry counts as any message. */
  takeTelemetry(device: object, dataPoints: number): boolean {
    if (dataPoints === 0) return this.takeMessage(device);
    return this.#take(device, "telemetryMessages", 1) && this.#take(device, "telemetryDataPoints", dataPoints);
  }

  #take(device: object, kind: keyof RateLimits, count: number): boolean {
    const elapsed = this.#elapsed();
    const bucket = (text: string | undefined) => (text === undefined ? undefined : new RateLimit(text, elapsed));
    const { messages, telemetryMessages, telemetryDataPoints } = this.#limits;
    const buckets = this.#buckets.get(device) ?? {
      messages: bucket(messages),
      telemetryMessages: bucket(telemetryMessages),
      telemetryDataPoints: bucket(telemetryDataPoints),
    };
    this.#buckets.set(device, buckets);
    return buckets[kind]?.take(count, elapsed) ?? true;
  }
}
