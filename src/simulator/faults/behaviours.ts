/**
 * Faults as data: what the simulator does instead of answering as it should. Every behaviour is plain JSON.
 *
 * `on` names the occasion: `connection` a TCP connection, `connect` any CONNECT, `probe` a CONNECT with device
 * credentials, `subscribe` a SUBSCRIBE, `request` a provisioning request, `attributes` a request of attributes.
 * `nth` counts the occasions of that kind, with `deviceName` only those of that device, over the simulator's whole
 * life and starts at 1, which is the default; `every` means each of them.
 */
export interface Occasion {
  readonly on: OccasionKind;
  readonly nth?: number | "every";
  readonly deviceName?: string;
}

export const occasionKinds = ["connection", "connect", "probe", "subscribe", "request", "attributes"] as const;
export type OccasionKind = (typeof occasionKinds)[number];

/** When a connection ends: instead of the work, after the work but before the answer, in the answer, after it. */
export const moments = [
  "before the work",
  "before the answer",
  "after the acknowledgement",
  "after the answer",
] as const;
export type Moment = (typeof moments)[number];

/** What is done; times are in milliseconds. */
export type Action =
  /** The work is done, the answer never sent. The session goes on as if it had been. */
  | { readonly do: "lose" }
  /** `for` passes between work and answer, `beforeWork` before it. */
  | { readonly do: "delay"; readonly for: number; readonly beforeWork?: number }
  /** The server closes the connection (FIN) or resets it (RST). Default: before the answer. */
  | { readonly do: "close" | "reset"; readonly when?: Moment }
  /** Only the first `bytes` of the answer are sent, then the server closes. */
  | { readonly do: "truncate"; readonly bytes: number }
  /** The answer is sent twice. */
  | { readonly do: "double" }
  /** The packets of the answer are sent in the opposite order. */
  | { readonly do: "reorder" }
  /** The payload of the answer is nonsense; MQTT around it is right. */
  | { readonly do: "garble" }
  /** Instead of the answer come bytes that are no MQTT; `text` are these bytes. */
  | { readonly do: "malform"; readonly text?: string }
  /** The answer has this payload. */
  | { readonly do: "answer"; readonly payload: string }
  /** So many PUBLISH packets to other topics come before the answer. Default 1000. */
  | { readonly do: "flood"; readonly packets?: number }
  /** Instead of the answer the beginning of a PUBLISH of so many bytes. Default 256 MB, the most that MQTT allows. */
  | { readonly do: "hugePacket"; readonly bytes?: number }
  /** A packet of another type instead of the answer. */
  | { readonly do: "wrongPacket"; readonly packet?: "PINGRESP" | "PUBACK" | "SUBACK" | "UNSUBACK" | "CONNACK" }
  /** CONNACK, SUBACK or PUBACK with this code; a CONNACK other than 0 is followed by the close. */
  | { readonly do: "code"; readonly code: number }
  /** Nothing is accepted on the port any more, for so long; 0 (default): for good. What is connected stays. */
  | { readonly do: "stopAccepting"; readonly for?: number }
  /** All connections end, work under way is lost; after `for` (default 0) it is there again. */
  | { readonly do: "restart"; readonly memory?: "kept" | "lost"; readonly for?: number }
  | RequestAction;

/** What only a provisioning request can meet. */
export type RequestAction =
  /** Refused without any work. */
  | { readonly do: "refuse"; readonly status: "FAILURE" | "NOT_FOUND" }
  /** The device is created or claimed, the answer is FAILURE. */
  | { readonly do: "createButFail" }
  /** SUCCESS with the requested credentials, but there is no device. */
  | { readonly do: "answerWithoutCreating" }
  /** SUCCESS with the credentials of another device. */
  | { readonly do: "answerForAnotherDevice" }
  /**
   * The core is silent: acknowledgement and close after 10 to 20 s; of a probe, CONNACK "server unavailable". The
   * work of a request is done at once, so many milliseconds after it, or (default) never.
   */
  | { readonly do: "timeOut"; readonly work?: "at once" | "never" | { readonly after: number } };

export type Behaviour = Occasion & Action;
