import type { Duration } from "../../base/duration.ts";
import { Connection, type Peer } from "../mqtt/connection.ts";
import type { Served } from "../mqtt/listener.ts";
import { fitsTogether, provisionByChain } from "../provisioning/certificate-chain.ts";
import { ProvisioningService } from "../provisioning/provisioning-service.ts";
import type { Server } from "../server/server.ts";
import { TransportHandler } from "./transport-handler.ts";

/** Where connections come in: each is given its handler. */
export class Transport implements Served {
  readonly #server: Server;
  readonly #provisioning: ProvisioningService;
  #lastConnection = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#provisioning = new ProvisioningService(server);
  }

  /** A client has connected, TLS included. Undefined: it was turned away. */
  accept(peer: Peer): Connection | undefined {
    const server = this.#server;
    const { remoteAddress, transport } = peer;
    const why = this.#turnedAway(peer);
    if (why !== undefined) {
      server.events.tell({ type: "connection turned away", remoteAddress, why });
      peer.end();
      return undefined;
    }
    const handlerOf = (connection: Connection) => new TransportHandler(connection, server, this.#provisioning);
    const connection = new Connection(++this.#lastConnection, peer, server, handlerOf);
    server.connections.add(connection);
    server.events.tell({ type: "connection opened", connection: connection.number, remoteAddress, transport });
    provisionByChain(peer.certificates, server);
    const due = server.occasion("connection", connection);
    if (due !== undefined) {
      server.perform(due, { connection, work: () => ({ packets: () => [] }), silence: () => connection.mute() });
    }
    return connection;
  }

  #turnedAway({ remoteAddress, certificates }: Peer): string | undefined {
    const { addressBlock, clock } = this.#server;
    if (addressBlock?.isBlocked(remoteAddress, clock.elapsed())) {
      return "this address is blocked after wrong credentials";
    }
    return fitsTogether(certificates) ? undefined : "a client certificate was not signed by the one that follows it";
  }

  stop(): void {
    this.#server.stop();
  }

  forgetDevices(): void {
    this.#server.database.forgetDevices();
  }

  sleep(wait: Duration): Promise<void> {
    return this.#server.sleep(wait);
  }

  run(connection: undefined, work: () => Promise<void>): void {
    this.#server.run(connection, work);
  }
}
