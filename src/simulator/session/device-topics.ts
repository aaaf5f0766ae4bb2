/** What a device may publish (docs/thingsboard-protocol.md#topics). The short topics of `v2` answer on short topics. */
export type DevicePublication =
  | { readonly kind: "telemetry" | "attributes" | "claim" | "gateway" | "package request" | "unknown" | "protobuf" }
  | {
      readonly kind: "attributes request" | "rpc request" | "rpc response";
      readonly requestId: string;
      /** Where the answer goes, without the id. */
      readonly answers: string;
    };

const telemetry = ["v1/devices/me/telemetry", "v2/t", "v2/t/j"];
const attributes = ["v1/devices/me/attributes", "v2/a", "v2/a/j"];
/** Longer ones first, since `v2/a/req/j/` begins as `v2/a/req/` does. */
const requests = [
  {
    kind: "attributes request",
    prefix: "v1/devices/me/attributes/request/",
    response: "v1/devices/me/attributes/response/",
  },
  { kind: "attributes request", prefix: "v2/a/req/j/", response: "v2/a/res/j/" },
  { kind: "protobuf", prefix: "v2/a/req/p/", response: "" },
  { kind: "attributes request", prefix: "v2/a/req/", response: "v2/a/res/" },
  { kind: "rpc request", prefix: "v1/devices/me/rpc/request/", response: "v1/devices/me/rpc/response/" },
  { kind: "rpc request", prefix: "v2/r/req/j/", response: "v2/r/res/j/" },
  { kind: "protobuf", prefix: "v2/r/req/p/", response: "" },
  { kind: "rpc request", prefix: "v2/r/req/", response: "v2/r/res/" },
  { kind: "rpc response", prefix: "v1/devices/me/rpc/response/", response: "" },
  { kind: "rpc response", prefix: "v2/r/res/j/", response: "" },
  { kind: "protobuf", prefix: "v2/r/res/p/", response: "" },
  { kind: "rpc response", prefix: "v2/r/res/", response: "" },
  { kind: "gateway", prefix: "v1/gateway/", response: "" },
] as const;

export function devicePublication(topic: string): DevicePublication {
  if (telemetry.includes(topic)) return { kind: "telemetry" };
  if (attributes.includes(topic)) return { kind: "attributes" };
  if (topic === "v1/devices/me/claim") return { kind: "claim" };
  if (topic === "v2/t/p" || topic === "v2/a/p") return { kind: "protobuf" };
  if (/^v2\/(fw|sw)\/request\/[0-9]+\/chunk\/[0-9]+$/.test(topic)) return { kind: "package request" };
  const request = requests.find(({ prefix }) => topic.startsWith(prefix));
  if (request === undefined) return { kind: "unknown" };
  if (request.kind === "protobuf" || request.kind === "gateway") return { kind: request.kind };
  return { kind: request.kind, requestId: topic.slice(request.prefix.length), answers: request.response };
}

/** What a subscription is for. Only these filters are accepted, to the letter. */
export function subscriptionKind(filter: string): "attributes" | "rpc requests" | "answers" | undefined {
  if (["v1/devices/me/attributes", "v2/a", "v2/a/j", "v2/a/p"].includes(filter)) return "attributes";
  if (["v1/devices/me/rpc/request/+", "v2/r/req/+", "v2/r/req/j/+", "v2/r/req/p/+"].includes(filter)) {
    return "rpc requests";
  }
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
