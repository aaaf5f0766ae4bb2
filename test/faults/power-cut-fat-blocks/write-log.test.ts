import { describe, expect, it } from "vitest";
import { readWriteLog } from "./write-log.ts";

const end = { sector: 9n, sectors: 0n, flags: 8n, text: "dm-log-writes-end" };
const data = Buffer.alloc(1024, 7);

interface Raw {
  readonly sector: bigint;
  readonly sectors: bigint;
  readonly flags: bigint;
  readonly text?: string;
  readonly data?: Buffer;
}

/** A log as the kernel writes it: everything in sectors of 512 bytes, numbers little-endian. */
function logOf(entries: readonly Raw[], magic = "rhswfsj\0"): Buffer {
  const head = Buffer.alloc(512);
  head.write(magic, "latin1");
  head.writeBigUInt64LE(1n, 8);
  head.writeBigUInt64LE(BigInt(entries.length), 16);
  head.writeUInt32LE(512, 24);
  const rest = entries.flatMap(({ sector, sectors, flags, text = "", data: bytes = Buffer.alloc(0) }) => {
    const entry = Buffer.alloc(512);
    for (const [index, value] of [sector, sectors, flags, BigInt(text.length)].entries())
      entry.writeBigUInt64LE(value, index * 8);
    entry.write(text, 32, "latin1");
    return [entry, bytes];
  });
  return Buffer.concat([head, ...rest, Buffer.alloc(2048)]);
}

describe("a log of writes", () => {
  it("gives writes, flushes and marks in their order, and no more than it counts", () => {
    const log = logOf([
      { sector: 1300n, sectors: 2n, flags: 0n, data },
      { sector: 0n, sectors: 0n, flags: 1n },
      { sector: 0n, sectors: 0n, flags: 8n, text: "17" },
      { sector: 5n, sectors: 1n, flags: 18n, data: data.subarray(512) },
      end,
    ]);
    expect(readWriteLog(log)).toEqual([
      { kind: "write", sector: 1300, bytes: data },
      { kind: "write", sector: 0, bytes: Buffer.alloc(0) },
      { kind: "mark", text: "17" },
      { kind: "write", sector: 5, bytes: Buffer.alloc(512, 7) },
    ]);
  });

  it("is refused when it is something else, has lost its end, or tells of a discard", () => {
    expect(() => readWriteLog(logOf([end], "another\0"))).toThrow("not a log");
    expect(() => readWriteLog(logOf([{ sector: 0n, sectors: 0n, flags: 1n }]))).toThrow("without its end");
    expect(() => readWriteLog(logOf([{ sector: 0n, sectors: 8n, flags: 4n }, end]))).toThrow("discard");
  });
});
