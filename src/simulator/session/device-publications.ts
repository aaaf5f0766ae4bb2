import { seconds } from "../../base/duration.ts";
import type { LenientJson } from "../encoding/lenient-json.ts";
import { disconnectReasons, reasonCodes } from "../mqtt/codes.ts";
import type { Connection, PublishPacket } from "../mqtt/connection.ts";
import { largestRemainingLength } from "../mqtt/packet-reader.ts";
import type { Server } from "../server/server.ts";
import {
  attributesAnswer,
  InvalidPayload,
  payloadJson,
  plainJson,
  storedValues,
  telemetryMessages,
} from "../tenant/attributes.ts";
import type { DeviceRecord, JsonValue } from "../tenant/device.ts";
import { devicePublication } from "./device-topics.ts";

/** An RPC of a device that no rule chain answers ends so. */
const rpcTimeout = seconds(60);

/** The session of the device that publishes. */
export interface Publisher {
  readonly connection: Connection;
  readonly device: DeviceRecord;
  readonly server: Server;
  /** QoS 0 has no acknowledgement; QoS 2 gets that of QoS 1. */
  acknowledge(packet: PublishPacket, code?: number): void;
  /** Sends to a topic, with the QoS that was granted for it. */
  publish(topic: string, payload: string | Uint8Array): void;
  publication(topic: string, payload: string | Uint8Array): Uint8Array;
}

/** What the server does with a PUBLISH of a device (docs/thingsboard-protocol.md#topics). Throws InvalidPayload. */
export function handlePublication(session: Publisher, packet: PublishPacket): void {
  const payload = Buffer.from(packet.payload);
  const publication = devicePublication(packet.topic);
  switch (publication.kind) {
    case "telemetry":
      telemetry(session, packet, payloadJson(payload));
      return;
    case "attributes":
      store(session, packet, [storedValues(payloadJson(payload))], session.device.attributes.client);
      return;
    case "attributes request":
      attributesRequest(session, packet, publication, payloadJson(payload));
      return;
    case "rpc request":
      rpcRequest(session, packet, publication, payloadJson(payload));
      return;
    case "rpc response":
      javaInt(publication.requestId);
      withinLimit(session, () => session.acknowledge(packet));
      return;
    case "claim":
      if (payload.length > 0) checkClaim(payloadJson(payload));
      withinLimit(session, () => session.acknowledge(packet));
      return;
    case "gateway":
      // Of a device that is no gateway the server says nothing at all.
      if (session.device.gateway) session.acknowledge(packet);
      return;
    case "package request":
      packageRequest(session, payload.toString("utf8"));
      return;
    case "protobuf":
      throw new InvalidPayload("the device's profile takes JSON");
    case "unknown":
      session.acknowledge(packet, reasonCodes.topicNameInvalid);
      return;
  }
}

/** PUBACK says "in the queue". An empty array makes no message, so nothing is ever acknowledged. */
function telemetry(session: Publisher, packet: PublishPacket, json: LenientJson): void {
  const messages = telemetryMessages(json);
  if (messages.length > 0) store(session, packet, messages, session.device.telemetry);
}

function store(
  session: Publisher,
  packet: PublishPacket,
  messages: readonly Map<string, JsonValue>[],
  place: Map<string, JsonValue>,
): void {
  const dataPoints = messages.reduce((sum, message) => sum + message.size, 0);
  if (!session.server.limits.takeTelemetry(session.device, dataPoints)) {
    overLimit(session);
    return;
  }
  for (const [key, value] of messages.flatMap((message) => [...message])) place.set(key, value);
  session.acknowledge(packet);
}

/** Of claims the server reads two fields, and nothing else is wrong with one. */
function checkClaim(json: LenientJson): void {
  if (!(json instanceof Map)) throw new InvalidPayload("a claim is no object");
  if (json.get("secretKey") === null || json.get("durationMs") === null) throw new Error("a field of a claim is null");
}

/**
 * No device has a package here. Of both kinds the error goes to the topic of firmware; the payload is a chunk's size.
 */
function packageRequest(session: Publisher, size: string): void {
  const chunk = size === "" ? 0 : Number(size);
  if (!/^[+-]?[0-9]*$/.test(size) || chunk !== (chunk | 0)) throw new Error("the size of a chunk is no number");
  session.publish("v2/fw/error", chunk > largestRemainingLength ? "PAYLOAD_TOO_LARGE" : "NOT_FOUND");
  session.connection.close(disconnectReasons.implementationSpecific);
}

interface Request {
  readonly requestId: string;
  readonly answers: string;
}

function javaInt(text: string): number {
  const id = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(id >= -(2 ** 31) && id < 2 ** 31)) throw new InvalidPayload("the request id is no number");
  return id;
}

/** The answer to a negative id is never sent. */
function attributesRequest(session: Publisher, packet: PublishPacket, request: Request, json: LenientJson): void {
  const requestId = javaInt(request.requestId);
  const { server, device, connection } = session;
  attributesAnswer(device, json);
  withinLimit(session, () => {
    session.acknowledge(packet);
    if (requestId < 0) return;
    const work = async () => {
      await server.wait("attributes");
      const answer = (payload: string | Uint8Array) => [session.publication(`${request.answers}${requestId}`, payload)];
      const body = attributesAnswer(device, json);
      return { packets: () => answer(body), withPayload: answer };
    };
    server.perform(server.occasion("attributes", connection, device.name), { connection, work });
  });
}

/** Without a method the server's handler fails, which is not the same as an invalid payload; `params` may be absent. */
function rpcRequest(session: Publisher, packet: PublishPacket, request: Request, json: LenientJson): void {
  if (!(json instanceof Map)) throw new InvalidPayload("a request is no object");
  const requestId = javaInt(request.requestId);
  const method = json.get("method");
  if (method === undefined || method === null) throw new Error("a request without a method");
  const limits = plainJson(method) === "getSessionLimits" && request.answers === sessionLimitsTopic;
  const act = () => {
    session.acknowledge(packet);
    session.server.run(session.connection, async () => {
      const answer = limits ? sessionLimits(session) : await rpcAnswer(session, plainJson(method));
      session.publish(`${request.answers}${requestId}`, answer);
    });
  };
  // The transport answers for its limits by itself: that takes nothing from them.
  if (limits) act();
  else withinLimit(session, act);
}

/** The long topics only. */
const sessionLimitsTopic = "v1/devices/me/rpc/response/";

async function rpcAnswer(session: Publisher, method: JsonValue): Promise<string> {
  const { server, device, connection } = session;
  if (method === "getDeviceId" && server.database.profileOf(device)?.deviceIdAfter !== undefined) {
    return JSON.stringify({ deviceId: device.id });
  }
  await connection.sleep(rpcTimeout);
  return '{"error":"timeout"}';
}

function sessionLimits({ server }: Publisher): string {
  const rateLimits = server.limits.texts;
  return JSON.stringify({ maxPayloadSize: largestRemainingLength, maxInflightMessages: 100, rateLimits });
}

function withinLimit(session: Publisher, act: () => void): void {
  if (session.server.limits.takeMessage(session.device)) act();
  else overLimit(session);
}

/** No PUBACK, closed. */
function overLimit(session: Publisher): void {
  session.connection.close(disconnectReasons.implementationSpecific);
}
