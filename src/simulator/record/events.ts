import type { Duration } from "../../base/duration.ts";
import type { Behaviour } from "../faults/faults.ts";
import type { Device } from "../tenant/device.ts";
import type { Exchange } from "./history.ts";

/** What happens in the simulator. An exchange and a device hold secrets; `describe` masks them. */
export type SimulatorEvent =
  | { readonly type: "listening"; readonly host: string; readonly port: number }
  | {
      readonly type: "connection opened";
      readonly connection: number;
      readonly remoteAddress: string;
      readonly transport: "TCP" | "TLS";
    }
  | {
      readonly type: "connection closed";
      readonly connection: number;
      readonly by: "client" | "server";
      readonly how: "FIN" | "RST";
      /** For people; of the server's closes only. */
      readonly why?: string;
      /** Since the simulator was started. */
      readonly elapsed: Duration;
    }
  /** Nobody was let in: an address that is blocked, a certificate chain that does not fit together. */
  | { readonly type: "connection turned away"; readonly remoteAddress: string; readonly why: string }
  /** A provisioning request that was refused; the device is told the status only. */
  | {
      readonly type: "request refused";
      readonly deviceName: string;
      readonly status: "FAILURE" | "NOT_FOUND";
      readonly why: string;
    }
  /** Something that a ThingsBoard does and the simulator does not. */
  | { readonly type: "left out"; readonly connection: number; readonly what: string }
  | { readonly type: "session opened" | "session closed"; readonly connection: number; readonly deviceName: string }
  | { readonly type: "exchange"; readonly exchange: Exchange }
  | { readonly type: "device created" | "device claimed" | "device removed"; readonly device: Device }
  | { readonly type: "credentials changed"; readonly device: Device }
  | { readonly type: "behaviour"; readonly behaviour: Behaviour; readonly connection: number };

export type Listener = (event: SimulatorEvent) => void;

/** Tells every listener, in order. A listener that throws does not disturb the simulator. */
export class Events {
  readonly #listeners = new Set<{ readonly hear: Listener }>();

  listen(hear: Listener): () => void {
    const listener = { hear };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: SimulatorEvent): void {
    for (const { hear } of this.#listeners) {
      try {
        hear(event);
      } catch {
        // Its own business; the server goes on.
      }
    }
  }
}

/** Events as they come, from now on, until `signal` is aborted. What is not taken waits, at most `limit` of them. */
export async function* eventStream(
  events: Events,
  signal: AbortSignal,
  limit = 100_000,
): AsyncGenerator<SimulatorEvent> {
  const waiting: SimulatorEvent[] = [];
  let wake = () => {};
  const stop = events.listen((event) => {
    if (waiting.length < limit) waiting.push(event);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (signal.aborted) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
    signal.removeEventListener("abort", onAbort);
  }
}
