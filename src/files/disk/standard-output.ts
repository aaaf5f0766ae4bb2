import { fstatSync, writeSync } from "node:fs";
import { isSystemError } from "../../base/system-error.ts";

/** The number of /dev/null on Linux: 1:3. */
const nullDevice = 0x103;

/** A terminal is a device, and /dev/null another: to ask which is which otherwise takes Node's whole network to load. */
export function mayBeTerminal(): boolean {
  const output = fstatSync(1);
  return output.isCharacterDevice() && output.rdev !== nullDevice;
}

/**
 * Writes without a stream, which loads that, too. Gives what is left for one: a pipe may be full. A reader that went away,
 * and a disk that is full, are no concern of a camera.
 */
export function writeOutput(text: string): Uint8Array {
  let rest: Uint8Array = new TextEncoder().encode(text);
  try {
    while (rest.byteLength > 0) rest = rest.subarray(writeSync(1, rest));
  } catch (error) {
    if (!isSystemError(error, "EAGAIN")) return new Uint8Array();
  }
  return rest;
}
