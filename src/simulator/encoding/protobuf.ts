/**
 * As much of Protocol Buffers as the provisioning messages need (docs/thingsboard-protocol.md#parsing-a-request). A
 * field whose wire type is not the expected one counts as unknown and is skipped, as protobuf-java does.
 */
export type Field = { readonly number: number; readonly value: bigint | Uint8Array };

/** The bytes are no message. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

const groupLimit = 100;

/** The varint and length-delimited fields of a message in their order; the others are skipped. */
export function readFields(bytes: Uint8Array): Field[] {
  const reader = new Reader(bytes);
  const fields: Field[] = [];
  while (!reader.ended) {
    const field = reader.field(0);
    if (field === "end of group") throw new ProtobufError("a group that ends without a start");
    if (field !== "skipped") fields.push(field);
  }
  return fields;
}

/** The text of the last length-delimited field `number`, or "" (proto3's default). Throws on what is not UTF-8. */
export function textOf(fields: readonly Field[], number: number): string {
  const bytes = bytesOf(fields, number);
  if (bytes === undefined) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtobufError("a text that is not UTF-8");
  }
}

/** The fields of the embedded message `number`; none when it is absent. */
export function messageOf(fields: readonly Field[], number: number): Field[] {
  return fields.flatMap((field) =>
    field.number === number && typeof field.value !== "bigint" ? readFields(field.value) : [],
  );
}

export function varintOf(fields: readonly Field[], number: number): bigint {
  const found = fields.findLast((field) => field.number === number && typeof field.value === "bigint");
  return typeof found?.value === "bigint" ? found.value : 0n;
}

function bytesOf(fields: readonly Field[], number: number): Uint8Array | undefined {
  const found = fields.findLast((field) => field.number === number && typeof field.value !== "bigint");
  return typeof found?.value === "bigint" ? undefined : found?.value;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  field(depth: number): Field | "skipped" | "end of group" {
    const tag = Number(this.#varint() & 0xffffffffn);
    const number = tag >>> 3;
    if (number === 0 || depth > groupLimit) throw new ProtobufError("a field without a number");
    switch (tag & 7) {
      case 0:
        return { number, value: this.#varint() };
      case 1:
        this.#take(8);
        return "skipped";
      case 2:
        return { number, value: this.#take(Number(this.#varint())) };
      case 3:
        while (this.field(depth + 1) !== "end of group");
        return "skipped";
      case 4:
        return "end of group";
      case 5:
        this.#take(4);
        return "skipped";
      default:
        throw new ProtobufError("a field of no known kind");
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtobufError("the message ends in the middle");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError("a number without end");
  }

  #take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw new ProtobufError("the message ends in the middle");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** Nothing for 0, proto3's default. Negative numbers take ten bytes, as in Java. */
export function varintField(number: number, value: number): Uint8Array {
  return value === 0 ? new Uint8Array() : Buffer.from([...varint(number << 3), ...varint(value)]);
}

export function doubleField(number: number, value: number): Uint8Array {
  if (Object.is(value, 0)) return new Uint8Array();
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([Buffer.from(varint((number << 3) | 1)), bytes]);
}

export function textField(number: number, text: string): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  return bytes.length === 0 ? bytes : messageField(number, bytes);
}

export function messageField(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
