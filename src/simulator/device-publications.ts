import { seconds } from "../base/duration.ts";
import {
  attributesAnswer,
  InvalidPayload,
  payloadJson,
  plainJson,
  storedValues,
  telemetryMessages,
} from "./attributes.ts";
import { disconnectReasons, reasonCodes } from "./connack-codes.ts";
import type { JsonValue } from "./device.ts";
import type { DeviceSession, PublishPacket } from "./device-session.ts";
import { devicePublication } from "./device-topics.ts";
import type { LenientJson } from "./lenient-json.ts";
import { largestRemainingLength } from "./packet-reader.ts";

/** An RPC of a device that no rule chain answers ends so. */
const rpcTimeout = seconds(60);

/** What the server does with a PUBLISH of a device (protocol sheet 5.7). Throws InvalidPayload. */
export function handlePublication(session: DeviceSession, packet: PublishPacket): void {
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
    case "claim":
      withinLimit(session, () => session.acknowledge(packet));
      return;
    case "gateway":
      // Of a device that is no gateway the server says nothing at all.
      if (session.device.gateway) session.acknowledge(packet);
      return;
    case "package request":
      session.publish(publication.errorTopic, "NOT_FOUND");
      session.connection.close(disconnectReasons.implementationSpecific);
      return;
    case "protobuf":
      throw new InvalidPayload("the device's profile takes JSON");
    case "unknown":
      session.acknowledge(packet, reasonCodes.topicNameInvalid);
      return;
  }
}

/** PUBACK says "in the queue". An empty array makes no message, so nothing is ever acknowledged. */
function telemetry(session: DeviceSession, packet: PublishPacket, json: LenientJson): void {
  const messages = telemetryMessages(json);
  if (messages.length > 0) store(session, packet, messages, session.device.telemetry);
}

function store(
  session: DeviceSession,
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

interface Request {
  readonly requestId: string;
  readonly responseTopic: string;
}

/** A negative id is acknowledged and never answered; one that is no Java int is invalid. */
function isAnswered({ requestId }: Request): boolean {
  const id = /^[+-]?[0-9]+$/.test(requestId) ? Number(requestId) : Number.NaN;
  if (!(id >= -(2 ** 31) && id < 2 ** 31)) throw new InvalidPayload("the request id is no number");
  return id >= 0;
}

function attributesRequest(session: DeviceSession, packet: PublishPacket, request: Request, json: LenientJson): void {
  const answered = isAnswered(request);
  const { server, device, connection } = session;
  attributesAnswer(device, json);
  withinLimit(session, () => {
    session.acknowledge(packet);
    if (!answered) return;
    server.answer("attributes", connection, device.name, async () => {
      await server.wait("attributes");
      const answer = (payload: string | Uint8Array) => [session.publication(request.responseTopic, payload)];
      const body = attributesAnswer(device, json);
      return { packets: () => answer(body), withPayload: answer };
    });
  });
}

function rpcRequest(session: DeviceSession, packet: PublishPacket, request: Request, json: LenientJson): void {
  const answered = isAnswered(request);
  if (!(json instanceof Map) || !json.has("method") || !json.has("params")) {
    throw new InvalidPayload("no method or no params");
  }
  const method = plainJson(json.get("method") ?? null);
  withinLimit(session, () => {
    session.acknowledge(packet);
    if (!answered) return;
    session.server.run(session.connection, async () => {
      session.publish(request.responseTopic, await rpcAnswer(session, method));
    });
  });
}

async function rpcAnswer(session: DeviceSession, method: JsonValue): Promise<string> {
  const { server, device, connection } = session;
  if (method === "getSessionLimits") return sessionLimits(session);
  if (method === "getDeviceId" && server.database.profileOf(device)?.deviceIdAfter !== undefined) {
    return JSON.stringify({ deviceId: device.id });
  }
  await connection.sleep(rpcTimeout);
  return '{"error":"timeout"}';
}

/** Answered by the transport itself. */
function sessionLimits({ server }: DeviceSession): string {
  const rateLimits = server.limits.texts;
  return JSON.stringify({ maxPayloadSize: largestRemainingLength, maxInflightMessages: 100, rateLimits });
}

function withinLimit(session: DeviceSession, act: () => void): void {
  if (session.server.limits.takeMessage(session.device)) act();
  else overLimit(session);
}

/** No PUBACK, closed. */
function overLimit(session: DeviceSession): void {
  session.connection.close(disconnectReasons.implementationSpecific);
}
