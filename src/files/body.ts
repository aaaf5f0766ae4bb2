import { createHash } from "node:crypto";
import { type Reading, readBounded } from "./disk/bounded-read.ts";
import type { FileSystem } from "./disk/file-system.ts";

/** The serial number of the board as its firmware tells it; there is none on a PC or in a virtual machine. */
export const bodyFile = "/sys/firmware/devicetree/base/serial-number";

/**
 * Which board this is: a short hash of its serial number, by which a copied card is recognised. No MAC address, which is a
 * bench's where cards are written there, and no machine id, which is copied with the card. Undefined where the board does
 * not tell.
 */
export function readBody(fs: FileSystem, path = bodyFile): string | undefined {
  const serial = readSerial(fs, path);
  if (serial === undefined) return undefined;
  return createHash("sha256").update(`thermal-provision body ${serial}`).digest("hex").slice(0, 16);
}

/** The number itself, for the label on the case; undefined where the board does not tell. */
export function readSerial(fs: FileSystem, path = bodyFile): string | undefined {
  const reading = readOrNothing(fs, path);
  if (reading?.kind !== "read") return undefined;
  // The firmware ends it with a NUL; a board without a number has zeros or nothing.
  const serial = Buffer.from(reading.bytes).toString("latin1").replace(/\0/g, "").trim();
  return /^0*$/.test(serial) ? undefined : serial;
}

/** A board that cannot be asked is one that does not tell: no provisioning fails by it. */
function readOrNothing(fs: FileSystem, path: string): Reading | undefined {
  try {
    return readBounded(fs, path, 4096);
  } catch {
    return undefined;
  }
}
