import { connect as connectTcp, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { settle } from "../../base/fake-clock.ts";
import type { Peer } from "./meeting.ts";

/** Sends one TLS alert: fatal, with this number. */
export function alerts(number: number): Peer {
  return says(Buffer.from([21, 3, 3, 0, 2, 2, number]));
}

/** To the first bytes, and whatever they are, these; then the end. */
export function says(answer: string | Uint8Array): Peer {
  return (socket) => socket.once("data", () => socket.end(answer));
}

/** Speaks first, as many services do, and hears nothing. */
export function greets(greeting: string | Uint8Array): Peer {
  return (socket) => socket.resume().write(greeting);
}

/** Answers `first`, and then never again: time is up when that has arrived. */
export function stalls(...first: readonly number[]): Peer {
  return (socket, timeIsUp) =>
    socket.once("data", () => {
      if (first.length === 0) timeIsUp();
      else socket.write(Buffer.from(first), () => void settle().then(timeIsUp));
    });
}

/** Sends the same bytes for as long as somebody listens. */
export function floods(...bytes: readonly number[]): Peer {
  return (socket) => {
    const some = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(bytes)));
    const more = () => {
      while (!socket.destroyed && socket.write(some));
    };
    socket.once("data", () => {
      socket.on("drain", more);
      more();
    });
  };
}

/** Passes on what a TLS server says, but for what `change` makes of its first bytes. */
export function between(identity: TlsOptions, change: (fromServer: Buffer, socket: Socket) => void): Peer {
  return (socket) => {
    const behind = createTlsServer(identity);
    behind.on("tlsClientError", () => {});
    behind.listen(0, "127.0.0.1", () => {
      const address = behind.address();
      if (address === null || typeof address === "string") return;
      const onward = connectTcp({ port: address.port, host: "127.0.0.1" });
      onward.on("error", () => {});
      socket.pipe(onward);
      onward.on("data", (bytes: Buffer) => change(bytes, socket));
      socket.on("close", () => {
        onward.destroy();
        behind.close();
      });
    });
  };
}

/** A router that turns one bit round in what comes encrypted: the last byte of a record is part of its seal. */
export function altering(identity: TlsOptions): Peer {
  return between(identity, (bytes, socket) => {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    socket.write(bytes);
  });
}
