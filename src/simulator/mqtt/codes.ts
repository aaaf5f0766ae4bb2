/** How a CONNECT is refused (docs/thingsboard-protocol.md#connack-codes): the code for MQTT 3, and two for MQTT 5. */
export interface Refusal {
  readonly code: number;
  readonly reason: number;
  /** MQTT 5: the reason of the DISCONNECT that the server sends after a refusal, against the standard. */
  readonly disconnectReason: number;
  /** For the log. */
  readonly why: string;
}

export const certificateRefused: Refusal = {
  code: 5,
  reason: 0x87,
  disconnectReason: 0x87,
  why: "no device has this certificate, or it is not valid now",
};
/** The page's doing; as of credentials that nobody knows. */
export const deviceBlocked: Refusal = { code: 5, reason: 0x87, disconnectReason: 0x87, why: "the device is blocked" };
/** The core does not answer, or the device may not come in by MQTT. */
export const serverUnavailable: Refusal = {
  code: 3,
  reason: 0x88,
  disconnectReason: 0x89,
  why: "the core did not answer",
};
export const rateLimited: Refusal = { code: 3, reason: 0x9f, disconnectReason: 0x96, why: "over the rate limit" };

/** Why the server closes a connection. */
export interface Closing {
  /** In MQTT 5 a DISCONNECT with this reason comes first; in MQTT 3, and without a code, the close alone. */
  readonly code?: number;
  /** For the log. */
  readonly why: string;
}

export const closings = {
  disconnected: { code: 0x00, why: "the device said DISCONNECT" },
  malformedPacket: { code: 0x81, why: "a packet that cannot be decoded" },
  inactive: { code: 0x83, why: "nothing was heard for ten minutes" },
  overLimit: { code: 0x83, why: "over the rate limit" },
  noPackage: { code: 0x83, why: "there is no firmware and no software for devices here" },
  handlerFailed: { code: 0x8b, why: "the server's handler failed" },
  takenOver: { code: 0x8e, why: "the device has logged in a second time" },
  queueFull: { code: 0x97, why: "more than 100 packets before the CONNACK" },
  administrator: { code: 0x98, why: "its credentials were changed, or it was deleted" },
  invalidPayload: { code: 0x99, why: "an invalid payload" },
  refused: { why: "the CONNECT was refused" },
  answered: { why: "a provisioning session ends 60 s after an answer" },
  scenario: { why: "the scenario says so" },
  failed: { why: "the simulator failed inside" },
  stopped: { why: "the server stopped" },
} as const satisfies Record<string, Closing>;

/** Codes of SUBACK, UNSUBACK and PUBACK other than success. */
export const reasonCodes = {
  subscriptionRefused: 0x80,
  topicFilterInvalid: 0x8f,
  noSubscriptionExisted: 0x11,
  topicNameInvalid: 0x90,
  implementationSpecific: 0x83,
  payloadFormatInvalid: 0x99,
} as const;
