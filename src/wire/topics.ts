/**
 * The topics of a provisioning session (ThingsBoard `MqttTopics`;
 * docs/thingsboard-protocol.md#the-provisioning-session).
 */
export const topics = {
  provisionRequest: "/provision/request",
  provisionResponse: "/provision/response",
} as const;

/** Where a device asks for its attributes, and where it hears of them (docs/thingsboard-protocol.md#topics). */
export interface AttributeTopics {
  /** What must be subscribed to, for the answers and for what is pushed. */
  readonly subscriptions: readonly string[];
  readonly pushed: string;
  readonly request: (requestId: number) => string;
  readonly response: (requestId: number) => string;
}

/**
 * The short topics of JSON: devices of every kind of profile are answered there in JSON, also where the profile's payload
 * is protobuf, and the answer comes without a subscription.
 */
export const shortTopics: AttributeTopics = {
  subscriptions: ["v2/a/j"],
  pushed: "v2/a/j",
  request: (requestId) => `v2/a/req/j/${requestId}`,
  response: (requestId) => `v2/a/res/j/${requestId}`,
};

/** The first ones, which servers older than ThingsBoard 3.3 know alone. */
export const longTopics: AttributeTopics = {
  subscriptions: ["v1/devices/me/attributes", "v1/devices/me/attributes/response/+"],
  pushed: "v1/devices/me/attributes",
  request: (requestId) => `v1/devices/me/attributes/request/${requestId}`,
  response: (requestId) => `v1/devices/me/attributes/response/${requestId}`,
};

/** The user name that makes an MQTT session a provisioning one (ThingsBoard `processConnect`). No password. */
export const provisionUserName = "provision";

/** The shared attribute in which a rule chain tells a device its own id. */
export const deviceIdAttribute = "deviceId";
