import { type Duration, milliseconds } from "../../base/duration.ts";

/**
 * `transport.rate_limits.ip_*`, which a server has switched off by default
 * (docs/thingsboard-protocol.md#address-block).
 */
export interface AddressBlockOptions {
  /** `max_wrong_credentials_per_ip`, default 10. */
  readonly maxWrongCredentials?: number;
  /** `ip_block_timeout` in milliseconds, default 60,000. */
  readonly blockFor?: number;
}

/** Blocks addresses that were refused too often in a row. Tries while blocked neither count nor prolong it. */
export class AddressBlock {
  readonly #most: number;
  readonly #blockFor: Duration;
  readonly #failures = new Map<string, { count: number; last: Duration }>();

  constructor({ maxWrongCredentials = 10, blockFor = 60_000 }: AddressBlockOptions) {
    this.#most = maxWrongCredentials;
    this.#blockFor = milliseconds(blockFor);
  }

  isBlocked(address: string, elapsed: Duration): boolean {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.count < this.#most) return false;
    if (elapsed - failures.last < this.#blockFor) return true;
    this.#failures.delete(address);
    return false;
  }

  refused(address: string, elapsed: Duration): void {
    this.#failures.set(address, { count: (this.#failures.get(address)?.count ?? 0) + 1, last: elapsed });
  }

  forget(): void {
    this.#failures.clear();
  }

  accepted(address: string): void {
    this.#failures.delete(address);
  }
}
