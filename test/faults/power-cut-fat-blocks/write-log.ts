/**
 * What the target log-writes of the device mapper wrote down, in the order in which it reached the disk: a write stands
 * there once it was flushed.
 */
export type LogEntry =
  | {
      readonly kind: "write";
      /** In units of 512 bytes, as everywhere in the block layer. */
      readonly sector: number;
      /** None at all for a flush. */
      readonly bytes: Buffer;
    }
  | { readonly kind: "mark"; readonly text: string };

const magic = 0x6a736677736872n;
export const sectorBytes = 512;
/** Those that matter here; flush is 1, force unit access 2, metadata 16. The log has them in the order of the disk. */
const flags = { discard: 4n, mark: 8n };

/**
 * Reads such a log (drivers/md/dm-log-writes.c): a superblock {magic, version, entries, bytes of a sector}, then each
 * entry {sector, sectors, flags, length of the mark} in a sector of its own, with the text of a mark in the rest of it
 * and the data in the sectors behind it. All numbers are little-endian, of 64 bits but for the last of the superblock.
 */
export function readWriteLog(log: Buffer): readonly LogEntry[] {
  if (log.readBigUInt64LE(0) !== magic || log.readBigUInt64LE(8) !== 1n) throw new Error("not a log of writes");
  const count = log.readBigUInt64LE(16);
  const size = log.readUInt32LE(24);
  const entries: LogEntry[] = [];
  let at = size;
  for (let index = 0n; index < count; index++) {
    const sectors = Number(log.readBigUInt64LE(at + 8));
    const kind = log.readBigUInt64LE(at + 16);
    const data = at + size;
    if (kind & flags.discard) throw new Error("a disk that was told to discard");
    if (kind & flags.mark) {
      const text = log.toString("latin1", at + 32, at + 32 + Number(log.readBigUInt64LE(at + 24)));
      entries.push({ kind: "mark", text });
    } else {
      // The log counts sectors in the size of its own, the disk in 512 bytes.
      const sector = (Number(log.readBigUInt64LE(at)) * size) / sectorBytes;
      const bytes = log.subarray(data, data + sectors * size);
      entries.push({ kind: "write", sector, bytes });
    }
    at = data + sectors * size;
  }
  const last = entries.at(-1);
  // The target's own mark when it is removed: without it, the rest of the log is missing.
  if (last?.kind !== "mark" || last.text !== "dm-log-writes-end") throw new Error("a log of writes without its end");
  return entries.slice(0, -1);
}
