import { closeSync, openSync, readSync } from "node:fs";
import { type Randomness, systemRandomness } from "../../base/randomness.ts";

/**
 * The bytes of Linux's own generator, from which node:crypto seeds its: to load that takes as long as all else that a
 * start with nothing to do does. Where they cannot be read, node:crypto's.
 */
export const kernelRandomness: Randomness = {
  ...systemRandomness,
  bytes: (count) => bytesFromKernel(count) ?? systemRandomness.bytes(count),
};

function bytesFromKernel(count: number): Uint8Array | undefined {
  try {
    const device = openSync("/dev/urandom", "r");
    try {
      const bytes = new Uint8Array(count);
      return readSync(device, bytes, 0, count, null) === count ? bytes : undefined;
    } finally {
      closeSync(device);
    }
  } catch {
    return undefined;
  }
}
