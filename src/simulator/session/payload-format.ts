import type { DeviceProfile } from "../tenant/device-profile.ts";

/** What a topic says of its payload: the short ones may name the format, the others leave it to the profile. */
export type TopicFormat = "v1" | "v2" | "JSON" | "protobuf";

/** How a device may write on such a topic. `either`: protobuf, and what is none is tried as JSON. */
export function uplinkOf(topic: TopicFormat, profile: DeviceProfile | undefined): "JSON" | "protobuf" | "either" {
  if (topic === "JSON" || topic === "protobuf") return topic;
  if (!isProtobuf(profile)) return "JSON";
  return profile?.acceptsJsonAsWell === true ? "either" : "protobuf";
}

/** How the server writes to such a topic. JSON for downlink counts on the long topics only. */
export function downlinkOf(topic: TopicFormat, profile: DeviceProfile | undefined): "JSON" | "protobuf" {
  if (topic === "JSON" || topic === "protobuf") return topic;
  if (!isProtobuf(profile) || (topic === "v1" && profile?.answersInJson === true)) return "JSON";
  return "protobuf";
}

function isProtobuf(profile: DeviceProfile | undefined): boolean {
  return profile?.transportType === "MQTT" && profile.payloadType === "PROTOBUF";
}
