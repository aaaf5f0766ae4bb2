/** How a CONNECT is refused (docs/thingsboard-protocol.md#connack-codes): the code for MQTT 3, and two for MQTT 5. */
export interface Refusal {
  readonly code: number;
  readonly reason: number;
  /** MQTT 5: the reason of the DISCONNECT that the server sends after a refusal, against the standard. */
  readonly disconnectReason: number;
}

export const certificateRefused: Refusal = { code: 5, reason: 0x87, disconnectReason: 0x87 };
/** The core does not answer, or the profile is of another transport. */
export const serverUnavailable: Refusal = { code: 3, reason: 0x88, disconnectReason: 0x89 };
export const rateLimited: Refusal = { code: 3, reason: 0x9f, disconnectReason: 0x96 };

/** Reasons with which the server ends a session of MQTT 5; in MQTT 3 the connection is simply closed. */
export const disconnectReasons = {
  normal: 0x00,
  malformedPacket: 0x81,
  implementationSpecific: 0x83,
  handlerFailed: 0x8b,
  sessionTakenOver: 0x8e,
  topicNameInvalid: 0x90,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
} as const;

/** Codes of SUBACK, UNSUBACK and PUBACK other than success. */
export const reasonCodes = {
  subscriptionRefused: 0x80,
  topicFilterInvalid: 0x8f,
  noSubscriptionExisted: 0x11,
  topicNameInvalid: 0x90,
  implementationSpecific: 0x83,
  payloadFormatInvalid: 0x99,
} as const;
