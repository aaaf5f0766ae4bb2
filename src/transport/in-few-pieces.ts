/**
 * Hands the bytes of MQTT packets on as they come, but what follows a packet's header in one piece: a parser that keeps a
 * list of pieces takes, for a server that sends byte by byte, a hundred times the memory and the square of the time.
 */
export class InFewPieces {
  readonly #give: (bytes: Uint8Array) => void;
  /** Where in a header it is, and the length that the header has told so far. */
  #header = { bytes: 0, length: 0 };
  #body: Body | undefined;

  constructor(give: (bytes: Uint8Array) => void) {
    this.#give = give;
  }

  take(bytes: Uint8Array): void {
    for (let rest = bytes; rest.byteLength > 0; )
      rest = this.#body === undefined ? this.#inHeader(rest) : this.#inBody(rest);
  }

  /** Gives what is left behind the header, as far as it goes. */
  #inHeader(bytes: Uint8Array): Uint8Array {
    const end = bytes.findIndex((byte) => this.#endsHeader(byte));
    if (end === -1) {
      this.#give(bytes);
      return new Uint8Array();
    }
    this.#give(bytes.subarray(0, end + 1));
    if (this.#header.length > 0) this.#body = new Body(this.#header.length);
    this.#header = { bytes: 0, length: 0 };
    return bytes.subarray(end + 1);
  }

  /** One byte for the kind of the packet, then its length in at most four [MQTT-2.2.3]. What has more ends at the parser. */
  #endsHeader(byte: number): boolean {
    const { bytes, length } = this.#header;
    const digit = bytes - 1;
    if (digit < 0) {
      this.#header = { bytes: 1, length: 0 };
      return false;
    }
    this.#header = { bytes: bytes + 1, length: digit < 4 ? length + (byte & 127) * 128 ** digit : length };
    return digit < 4 && byte < 128;
  }

  #inBody(bytes: Uint8Array): Uint8Array {
    const rest = this.#body?.take(bytes) ?? bytes;
    const whole = this.#body?.whole;
    if (whole === undefined) return rest;
    this.#body = undefined;
    this.#give(whole);
    return rest;
  }
}

/** What follows a header, in memory of at most twice what has come: the header may promise any length. */
class Body {
  readonly #length: number;
  #bytes: Uint8Array = new Uint8Array();
  #filled = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get whole(): Uint8Array | undefined {
    return this.#filled === this.#length ? this.#bytes : undefined;
  }

  /** Gives what belongs to the next packet. */
  take(bytes: Uint8Array): Uint8Array {
    const mine = bytes.subarray(0, this.#length - this.#filled);
    const filled = this.#filled + mine.byteLength;
    if (filled > this.#bytes.byteLength) this.#grow(filled);
    this.#bytes.set(mine, this.#filled);
    this.#filled = filled;
    return bytes.subarray(mine.byteLength);
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.min(Math.max(least, 2 * this.#bytes.byteLength), this.#length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
