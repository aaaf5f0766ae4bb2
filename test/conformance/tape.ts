import { performance } from "node:perf_hooks";

/** One connection of a recording. */
export interface Track {
  /** Packets that were written, or came, in one go. */
  sent(packets: readonly Uint8Array[]): void;
  received(packets: readonly Uint8Array[]): void;
  ended(by: "client" | "server", how: "FIN" | "RST"): void;
}

interface TapedPacket {
  readonly sent: boolean;
  readonly at: number;
  readonly segment: number;
  readonly connection: number;
  readonly bytes: Uint8Array;
}

interface TapedConnection {
  readonly number: number;
  readonly transport: "TCP" | "TLS";
  end: { readonly by: "client" | "server"; readonly how: "FIN" | "RST"; readonly at: number } | undefined;
}

/** Keeps what is said on the connections of one case, with times in milliseconds since it began. */
export class Tape {
  readonly packets: TapedPacket[] = [];
  readonly connections: TapedConnection[] = [];
  readonly #start = performance.now();
  #segment = 0;

  track(transport: "TCP" | "TLS"): Track {
    const connection: TapedConnection = { number: this.connections.length + 1, transport, end: undefined };
    this.connections.push(connection);
    const keep = (sent: boolean, packets: readonly Uint8Array[]) => {
      const [segment, at] = [++this.#segment, this.#now()];
      for (const bytes of packets) {
        this.packets.push({ sent, at, segment, connection: connection.number, bytes: Buffer.from(bytes) });
      }
    };
    return {
      sent: (packets) => keep(true, packets),
      received: (packets) => keep(false, packets),
      ended: (by, how) => {
        connection.end ??= { by, how, at: this.#now() };
      },
    };
  }

  #now(): number {
    return Math.round((performance.now() - this.#start) * 1000) / 1000;
  }
}
