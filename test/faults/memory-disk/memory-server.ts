import { X509Certificate } from "node:crypto";
import { ProvisioningError } from "../../../src/model/errors.ts";
import type { Action } from "../../../src/simulator/faults/faults.ts";
import type { StoredCredentials } from "../../../src/simulator/index.ts";
import type { Connection } from "../../../src/simulator/mqtt/connection.ts";
import type { SimulatorOptions } from "../../../src/simulator/options/options.ts";
import { Server } from "../../../src/simulator/server/server.ts";
import { Transport } from "../../../src/simulator/session/transport.ts";
import type { Connect, Link } from "../../../src/transport/link.ts";
import { Killed } from "../../files/disk/watched-file-system.ts";
import { type Login, loginOfDevice } from "../harness/login.ts";
import type { Session } from "./session.ts";

/** What goes wrong on the wire or at the server, at the `nth` occasion of a run, counted from 1. */
export type Disturbance =
  | { readonly on: "connection"; readonly nth: number; readonly do: "refuse" | "stay silent" }
  | ({ readonly on: "request" | "probe" | "attributes"; readonly nth: number } & Action);

interface Watch {
  /**
   * Called with the first bytes of every connection, which say all that the camera wants there, and with the certificate
   * that was shown before; base64.
   */
  readonly onFirstBytes: (bytes: Buffer, certificate: string | undefined) => void;
  /** Whether this disturbance would be a lie that no server tells. */
  readonly isTooWicked: (disturbance: Disturbance, bytes: Buffer, certificate: string | undefined) => boolean;
}

/** ThingsBoard, as the simulator plays it, without a port: connections are in memory. */
export class MemoryServer {
  readonly #server: Server;
  readonly #transport: Transport;
  /** On its clock. */
  #closedUntil = 0;

  constructor(options: SimulatorOptions) {
    this.#server = new Server({ remember: 1, ...options });
    this.#transport = new Transport(this.#server);
    const stopAccepting = (wait: number) => {
      this.#closedUntil = this.#server.clock.elapsed() + wait;
    };
    this.#server.gate = {
      stopAccepting,
      restart: async (_memory, wait) => {
        this.#server.stop();
        stopAccepting(wait);
      },
    };
  }

  /** How one run reaches it. */
  connect(session: Session, disturbances: readonly Disturbance[], watch: Watch): Connect {
    const counts = { connection: 0, request: 0, probe: 0, attributes: 0 };
    const due = (on: keyof typeof counts) => {
      counts[on]++;
      return disturbances.filter((each) => each.on === on && each.nth === counts[on]);
    };
    // The first packets tell what the connection is for; only then the scenario learns what is due.
    const arrange = (bytes: Buffer, certificate: string | undefined): void => {
      watch.onFirstBytes(bytes, certificate);
      const isRequest = bytes.includes("/provision/request");
      for (const disturbance of (isRequest ? (["request"] as const) : (["probe", "attributes"] as const)).flatMap(
        due,
      )) {
        if (disturbance.on === "connection" || watch.isTooWicked(disturbance, bytes, certificate)) continue;
        this.#server.scenario.add([{ ...disturbance, nth: 1 }]);
      }
    };
    return async ({ tls }) => {
      session.networkStep("connect");
      const [trouble] = due("connection");
      const isClosed = this.#server.clock.elapsed() < this.#closedUntil;
      if (isClosed || trouble?.do === "refuse") throw new ProvisioningError("CONNECTION_REFUSED", "nobody listens");
      const shown = tls?.clientCertificate && new X509Certificate(tls.clientCertificate.certificates).raw;
      const link = new MemoryLink(session, shown, arrange);
      if (trouble === undefined) link.accept(this.#transport);
      return link;
    };
  }

  /** What was due and had no occasion is not due any more. */
  forgetDisturbances(): void {
    this.#server.scenario.clear();
  }

  /** Registers a device as a tenant does. */
  register(name: string, credentials: StoredCredentials): void {
    const [profile] = this.#server.database.profiles;
    if (profile === undefined) throw new Error("the server has no device profile");
    this.#server.addDevice({ profile, name, gateway: false, credentials });
  }

  get devices(): readonly { readonly name: string; readonly login: Login; readonly isClaimed: boolean }[] {
    return [...this.#server.database.devices].map(({ name, credentials, attributes }) => ({
      name,
      login: loginOfDevice({ credentials }),
      isClaimed: attributes.server.get("provisionState") === "provisioned",
    }));
  }
}

/** A connection that loses nothing by itself; until the server has accepted it, nobody hears what is sent. */
class MemoryLink implements Link {
  readonly server = { address: "192.0.2.1", port: 1883, publicKey: null };
  readonly #session: Session;
  readonly #received: Uint8Array[] = [];
  readonly #shown: Uint8Array | undefined;
  readonly #arrange: (first: Buffer, certificate: string | undefined) => void;
  #connection: Connection | undefined;
  #isFirst = true;
  #isOver = false;
  #wake = () => {};

  constructor(
    session: Session,
    shown: Uint8Array | undefined,
    arrange: (first: Buffer, certificate: string | undefined) => void,
  ) {
    this.#session = session;
    this.#shown = shown;
    this.#arrange = arrange;
    session.onDeath(() => {
      this.#connection?.ended("FIN");
      this.#wake();
    });
  }

  accept(transport: Transport): void {
    const over = () => {
      this.#isOver = true;
      this.#wake();
    };
    const write = (bytes: Uint8Array) => {
      this.#received.push(bytes);
      this.#wake();
    };
    const peer = {
      remoteAddress: "memory",
      transport: "TCP",
      certificates: this.#shown === undefined ? [] : [this.#shown],
      write,
      end: over,
      reset: over,
    } as const;
    this.#connection = transport.accept(peer);
  }

  write(bytes: Uint8Array): void {
    this.#session.networkStep("send");
    if (this.#connection === undefined) return;
    const certificate = this.#shown && Buffer.from(this.#shown).toString("base64");
    if (this.#isFirst) this.#arrange(Buffer.from(bytes), certificate);
    this.#isFirst = false;
    this.#connection.receive(bytes);
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    this.#session.networkStep("receive");
    for (;;) {
      if (this.#session.isDead) throw new Killed("receive");
      signal.throwIfAborted();
      const bytes = this.#received.shift();
      if (bytes !== undefined || this.#isOver) return bytes;
      await new Promise<void>((resolve) => {
        this.#wake = () => {
          signal.removeEventListener("abort", this.#wake);
          resolve();
        };
        signal.addEventListener("abort", this.#wake);
      });
    }
  }

  close(): void {
    this.#connection?.ended("FIN");
  }
}
