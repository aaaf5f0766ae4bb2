/**
 * The topics that a camera uses (ThingsBoard `MqttTopics`; docs/thingsboard-protocol.md#the-provisioning-session,
 * #topics).
 */
export const topics = {
  provisionRequest: "/provision/request",
  provisionResponse: "/provision/response",
  attributes: "v1/devices/me/attributes",
  attributesRequest: (requestId: number) => `v1/devices/me/attributes/request/${requestId}`,
  attributesResponse: (requestId: number) => `v1/devices/me/attributes/response/${requestId}`,
  anyAttributesResponse: "v1/devices/me/attributes/response/+",
} as const;

/** The user name that makes an MQTT session a provisioning one (ThingsBoard `processConnect`). No password. */
export const provisionUserName = "provision";

/** The shared attribute in which a rule chain tells a device its own id. */
export const deviceIdAttribute = "deviceId";
