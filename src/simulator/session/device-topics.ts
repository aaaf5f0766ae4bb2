import type { TopicFormat } from "./payload-format.ts";

/** What a device may publish (docs/thingsboard-protocol.md#topics). The short topics of `v2` answer on short topics. */
export type DevicePublication =
  | { readonly kind: "claim" | "gateway" | "package request" | "unknown" }
  | { readonly kind: "telemetry" | "attributes"; readonly format: TopicFormat }
  | {
      readonly kind: "attributes request" | "rpc request" | "rpc response";
      readonly format: TopicFormat;
      readonly requestId: string;
      /** Where the answer goes, without the id. */
      readonly answers: string;
    };

const values: Readonly<Record<string, { readonly kind: "telemetry" | "attributes"; readonly format: TopicFormat }>> = {
  "v1/devices/me/telemetry": { kind: "telemetry", format: "v1" },
  "v2/t": { kind: "telemetry", format: "v2" },
  "v2/t/j": { kind: "telemetry", format: "JSON" },
  "v2/t/p": { kind: "telemetry", format: "protobuf" },
  "v1/devices/me/attributes": { kind: "attributes", format: "v1" },
  "v2/a": { kind: "attributes", format: "v2" },
  "v2/a/j": { kind: "attributes", format: "JSON" },
  "v2/a/p": { kind: "attributes", format: "protobuf" },
};

const long = "v1/devices/me";
/** Longer ones first, since `v2/a/req/j/` begins as `v2/a/req/` does. */
const requests = [
  row("attributes request", "v1", `${long}/attributes/request/`, `${long}/attributes/response/`),
  row("attributes request", "JSON", "v2/a/req/j/", "v2/a/res/j/"),
  row("attributes request", "protobuf", "v2/a/req/p/", "v2/a/res/p/"),
  row("attributes request", "v2", "v2/a/req/", "v2/a/res/"),
  row("rpc request", "v1", `${long}/rpc/request/`, `${long}/rpc/response/`),
  row("rpc request", "JSON", "v2/r/req/j/", "v2/r/res/j/"),
  row("rpc request", "protobuf", "v2/r/req/p/", "v2/r/res/p/"),
  row("rpc request", "v2", "v2/r/req/", "v2/r/res/"),
  row("rpc response", "v1", `${long}/rpc/response/`, ""),
  row("rpc response", "JSON", "v2/r/res/j/", ""),
  row("rpc response", "protobuf", "v2/r/res/p/", ""),
  row("rpc response", "v2", "v2/r/res/", ""),
];

function row(
  kind: "attributes request" | "rpc request" | "rpc response",
  format: TopicFormat,
  prefix: string,
  response: string,
) {
  return { kind, format, prefix, answers: response };
}

export function devicePublication(topic: string): DevicePublication {
  const plain = Object.hasOwn(values, topic) ? values[topic] : undefined;
  if (plain !== undefined) return plain;
  if (topic === `${long}/claim`) return { kind: "claim" };
  if (/^v2\/(fw|sw)\/request\/[0-9]+\/chunk\/[0-9]+$/.test(topic)) return { kind: "package request" };
  if (topic.startsWith("v1/gateway/")) return { kind: "gateway" };
  const request = requests.find(({ prefix }) => topic.startsWith(prefix));
  if (request === undefined) return { kind: "unknown" };
  const { kind, format, prefix, answers: response } = request;
  return { kind, format, requestId: topic.slice(prefix.length), answers: response };
}

/** How pushes to a topic of attributes are written, as far as the topic says it. */
export function formatOf(attributesTopic: string): TopicFormat {
  return values[attributesTopic]?.format ?? "v1";
}

/** What a subscription is for. Only these filters are accepted, to the letter. */
export function subscriptionKind(filter: string): "attributes" | "rpc requests" | "answers" | undefined {
  if (Object.hasOwn(values, filter) && values[filter]?.kind === "attributes") return "attributes";
  if ([`${long}/rpc/request/+`, "v2/r/req/+", "v2/r/req/j/+", "v2/r/req/p/+"].includes(filter)) return "rpc requests";
  return answers.includes(filter) ? "answers" : undefined;
}

const answers = [
  "v1/devices/me/attributes/response/+",
  "v2/a/res/+",
  "v2/a/res/j/+",
  "v2/a/res/p/+",
  "v1/devices/me/rpc/response/+",
  "v2/r/res/+",
  "v2/r/res/j/+",
  "v2/r/res/p/+",
  "v2/fw/response/+/chunk/+",
  "v2/fw/error",
  "v2/sw/response/+/chunk/+",
  "v2/sw/error",
  "v1/gateway/attributes",
  "v1/gateway/rpc",
  "v1/gateway/attributes/response",
];
