/** What the simulator tells its page, as JSON. Both sides take it from here. */

/** A packet, either way. */
export interface ToldPacket {
  readonly kind: "packet";
  /** Counts what happened, from 1. */
  readonly number: number;
  readonly at: string;
  /** Milliseconds since the simulator was started. */
  readonly elapsed: number;
  readonly connection: number;
  readonly from: "client" | "server";
  /** `CONNECT`, `PUBLISH`, …, or `not MQTT`. */
  readonly packet: string;
  readonly meaning: string;
  /** The whole packet in a line. */
  readonly text: string;
  readonly size: number;
  readonly segment: number;
  /** The packet's bytes, or the first of them, in hexadecimal. Absent while secrets are masked. */
  readonly hex?: string;
}

/** Anything else that happened, in a sentence. */
export interface ToldNote {
  readonly kind: "note";
  readonly number: number;
  readonly at: string;
  readonly elapsed: number;
  readonly tone: "quiet" | "plain" | "warning";
  readonly text: string;
}

export type ToldEvent = ToldPacket | ToldNote;

export interface ToldDevice {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly profile: string;
  readonly gateway: boolean;
  readonly createdAt: string;
  readonly connected: boolean;
  readonly blocked: boolean;
  readonly credentials: string;
  /** By scope and key, each value as JSON. */
  readonly attributes: Readonly<Record<"client" | "server" | "shared", Readonly<Record<string, string>>>>;
  readonly telemetry: Readonly<Record<string, string>>;
}

export interface ToldProfile {
  readonly name: string;
  readonly tenant: string;
  readonly provisionType: string;
  readonly key: string;
  readonly secret: string;
}

export interface ToldBehaviour {
  readonly id: number;
  readonly text: string;
  readonly happened: boolean;
}

/** What there is. The lists hold the newest; the counts all. */
export interface ToldState {
  readonly devices: readonly ToldDevice[];
  readonly deviceCount: number;
  readonly profiles: readonly ToldProfile[];
  readonly sessions: readonly { readonly connection: number; readonly deviceName: string }[];
  readonly sessionCount: number;
  readonly connectionCount: number;
  readonly behaviours: readonly ToldBehaviour[];
  readonly behaviourCount: number;
}

/** One key of a fault. */
export interface ToldKey {
  readonly name: string;
  readonly optional: boolean;
  readonly kind: "milliseconds" | "text" | "number" | "choice" | "choice or later";
  readonly of?: readonly string[];
}

/** A fault that can be injected. */
export interface ToldFault {
  readonly name: string;
  readonly meaning: string;
  readonly occasions: readonly string[];
  readonly keys: readonly ToldKey[];
}

/** The first that a reader gets. */
export interface ToldStart {
  readonly version: string;
  readonly behavesAs: string;
  readonly secrets: "masked" | "shown";
  readonly faults: readonly ToldFault[];
  readonly occasions: Readonly<Record<string, string>>;
  readonly events: readonly ToldEvent[];
  readonly state: ToldState;
}
