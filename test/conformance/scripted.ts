import { generate, type Packet } from "mqtt-packet";
import { publish } from "../../src/simulator/mqtt/packets.ts";
import type { Recording } from "../transcripts/recording.ts";

type Level = 4 | 5;
/** What a client sends, and, as hexadecimal digits, what it gets. */
type Line = Packet | string;

/** The token of these cases; the kit has one of its own in its place. */
const token = "RecDevTok";

/**
 * Sessions of a device that no recording in the repository has. What is expected is
 * docs/thingsboard-protocol.md#topics's, which quotes recordings that are kept apart (`client-attributes`,
 * `subscribe-filters`).
 */
export const scripted: readonly Recording[] = [
  session("own-client-attributes", 4, [telling("v1/devices/me/attributes", '{"kit":"text"}', 7), "40020007"]),
  session("own-ping", 4, [{ cmd: "pingreq" }, "d000"]),
  session("own-subscribe-filters", 4, [
    ...subscription("v1/devices/me/attributes", 1, "9003000101"),
    ...subscription("v1/devices/me/attributes/response/+", 2, "9003000201"),
    ...subscription("v1/devices/me/rpc/request/+", 3, "9003000301"),
    ...subscription("v1/devices/me/#", 4, "9003000480"),
    ...subscription("#", 5, "9003000580"),
    ...subscription("v1/devices/me/telemetry", 6, "9003000680"),
    ...subscription("/provision/response", 7, "9003000780"),
  ]),
  session("own-subscribe-filters-v5", 5, [
    ...subscription("v1/devices/me/attributes", 1, "900400010001"),
    ...subscription("v1/devices/me/#", 2, "90040002008f"),
  ]),
  session("own-unsubscribe", 4, [
    ...subscription("v1/devices/me/attributes", 1, "9003000101"),
    { cmd: "unsubscribe", messageId: 2, unsubscriptions: ["v1/devices/me/attributes"] },
    "b0020002",
  ]),
  session("own-attribute-request-without-values", 4, [
    ...request(1, '{"clientKeys":"nosuch"}', "{}"),
    ...request(2, '{"clientKeys":"nosuch","sharedKeys":"nosuch"}', "{}"),
  ]),
  session("own-unknown-topic", 4, [telling("no/such/topic", "x", 3), "40020003"]),
  session("own-telemetry-invalid", 4, [telling("v1/devices/me/telemetry", "{bad", 3)], "server"),
  session("own-telemetry-invalid-v5", 5, [telling("v1/devices/me/telemetry", "{bad", 3), "400400039900"]),
  session(
    "own-telemetry-invalid-v5-qos0",
    5,
    [{ ...telling("v1/devices/me/telemetry", "{bad", 0), qos: 0 }, "e0029900"],
    "server",
  ),
  // Last: an acknowledgement says that the attributes of the first are in the queue, and not yet that they are stored.
  session("own-attribute-request-with-values", 4, request(1, '{"clientKeys":"kit"}', '{"client":{"kit":"text"}}')),
];

function session(
  name: string,
  level: Level,
  lines: readonly Line[],
  endedBy: "client" | "server" = "client",
): Recording {
  const opening: readonly Line[] = [
    {
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: level,
      clientId: "",
      username: token,
      clean: true,
      keepalive: 60,
    },
    level === 5 ? "2003000000" : "20020000",
  ];
  return {
    name,
    version: "4.3.1.3",
    title: "",
    strategy: "device session",
    packets: [...opening, ...lines].map((line, index) => ({
      sent: typeof line !== "string",
      at: index,
      segment: index,
      connection: 1,
      bytes: typeof line === "string" ? Buffer.from(line, "hex") : generate(line, { protocolVersion: level }),
    })),
    connections: [{ number: 1, tls: false, level, endedBy, endedAt: null }],
    effect: null,
    notes: [],
  };
}

function telling(topic: string, payload: string, messageId: number) {
  return { cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false } as const;
}

function subscription(topic: string, messageId: number, suback: string): Line[] {
  return [{ cmd: "subscribe", messageId, subscriptions: [{ topic, qos: 1 }] }, suback];
}

/** The acknowledgement of a request was recorded 25 to 50 ms before its answer. */
function request(id: number, payload: string, answer: string): Line[] {
  const response = { topic: `v1/devices/me/attributes/response/${id}`, payload: Buffer.from(answer) };
  return [
    telling(`v1/devices/me/attributes/request/${id}`, payload, id),
    `4002000${id}`,
    Buffer.from(publish(4, { ...response, qos: 1, packetId: id })).toString("hex"),
  ];
}
