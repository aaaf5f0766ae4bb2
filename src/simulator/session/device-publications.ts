import { seconds } from "../../base/duration.ts";
import type { LenientJson } from "../encoding/lenient-json.ts";
import type { Answer } from "../faults/situation.ts";
import { closings, reasonCodes } from "../mqtt/codes.ts";
import type { Connection, PublishPacket } from "../mqtt/connection.ts";
import { largestRemainingLength } from "../mqtt/packet-reader.ts";
import type { Server } from "../server/server.ts";
import {
  attributesAnswer,
  HandlerFailure,
  InvalidPayload,
  keysOfJson,
  payloadJson,
  plainJson,
  selectAttributes,
  storedValues,
  telemetryMessages,
} from "../tenant/attributes.ts";
import { attributesResponse, keysOfProtobuf, requireProtobuf } from "../tenant/attributes-protobuf.ts";
import type { DeviceRecord, JsonValue } from "../tenant/device.ts";
import { devicePublication } from "./device-topics.ts";
import { downlinkOf, type TopicFormat, uplinkOf } from "./payload-format.ts";

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
      values(session, packet, publication.format, (json) => telemetryMessages(json), session.device.telemetry);
      return;
    case "attributes":
      values(session, packet, publication.format, (json) => [storedValues(json)], session.device.attributes.client);
      return;
    case "attributes request":
      attributesRequest(session, packet, publication);
      return;
    case "rpc request":
      requireJson(session, publication.format);
      rpcRequest(session, packet, publication, payloadJson(payload));
      return;
    case "rpc response":
      requireJson(session, publication.format);
      javaInt(publication.requestId);
      withinLimit(session, () => session.acknowledge(packet));
      return;
    case "claim":
      if (payload.length > 0) checkClaim(payloadJson(payload));
      withinLimit(session, () => session.acknowledge(packet));
      return;
    case "gateway":
      // Of a device that is not a gateway the server says nothing at all.
      if (!session.device.gateway) return;
      leaveOut(session, "the gateway API: acknowledged, and nothing is done with it");
      session.acknowledge(packet);
      return;
    case "package request":
      packageRequest(session, payload.toString("utf8"));
      return;
    case "unknown":
      session.acknowledge(packet, reasonCodes.topicNameInvalid);
      return;
  }
}

/**
 * Telemetry or attributes. What is written in protobuf is checked to be a message, and acknowledged: the names of its
 * fields stand in the profile's schema, which the simulator does not read, so that nothing is stored.
 */
function values(
  session: Publisher,
  packet: PublishPacket,
  format: TopicFormat,
  messagesIn: (json: LenientJson) => readonly Map<string, JsonValue>[],
  place: Map<string, JsonValue>,
): void {
  const payload = Buffer.from(packet.payload);
  const profile = profileOf(session);
  if (format === "protobuf" && uplinkOf("v2", profile) === "JSON") {
    throw new InvalidPayload("the device's profile takes JSON");
  }
  const messages = inFormat(uplinkOf(format, profile), (how) => {
    if (how === "JSON") return messagesIn(payloadJson(payload));
    requireProtobuf(payload);
    leaveOut(session, "values in protobuf are not stored: their names stand in a schema that is not read");
    return [new Map<string, JsonValue>()];
  });
  // PUBACK says "in the queue". An empty array makes no message, so nothing is ever acknowledged.
  if (messages.length > 0) store(session, packet, messages, place);
}

/** Reads as the profile says; of `either` first as protobuf. */
function inFormat<Result>(uplink: "JSON" | "protobuf" | "either", read: (how: "JSON" | "protobuf") => Result): Result {
  if (uplink !== "either") return read(uplink);
  try {
    return read("protobuf");
  } catch (error) {
    if (error instanceof InvalidPayload) return read("JSON");
    throw error;
  }
}

/** RPC in protobuf is left out. */
function requireJson(session: Publisher, format: TopicFormat): void {
  if (uplinkOf(format, profileOf(session)) === "protobuf") {
    throw new InvalidPayload("the simulator reads no RPC in protobuf");
  }
}

/** Says what the simulator does not do. */
function leaveOut({ server, connection }: Publisher, what: string): void {
  server.events.tell({ type: "left out", connection: connection.number, what });
}

function profileOf({ server, device }: Publisher) {
  return server.database.profileOf(device);
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
  if (!(json instanceof Map)) throw new InvalidPayload("a claim is not an object");
  if (json.get("secretKey") === null || json.get("durationMs") === null)
    throw new HandlerFailure("a field of a claim is null");
}

/**
 * No device has a package here. Of both kinds the error goes to the topic of firmware; the payload is a chunk's size.
 */
function packageRequest(session: Publisher, size: string): void {
  const chunk = size === "" ? 0 : Number(size);
  if (!/^[+-]?[0-9]*$/.test(size) || chunk !== (chunk | 0))
    throw new HandlerFailure("the size of a chunk is not a number");
  session.publish("v2/fw/error", chunk > largestRemainingLength ? "PAYLOAD_TOO_LARGE" : "NOT_FOUND");
  session.connection.close(closings.noPackage);
}

interface Request {
  readonly format: TopicFormat;
  readonly requestId: string;
  readonly answers: string;
}

function javaInt(text: string): number {
  const id = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(id >= -(2 ** 31) && id < 2 ** 31)) throw new InvalidPayload("the request id is not a number");
  return id;
}

/** The answer to a negative id is never sent. */
function attributesRequest(session: Publisher, packet: PublishPacket, request: Request): void {
  const requestId = javaInt(request.requestId);
  const { server, device, connection } = session;
  const payload = Buffer.from(packet.payload);
  const keys = inFormat(uplinkOf(request.format, profileOf(session)), (how) =>
    how === "JSON" ? keysOfJson(payloadJson(payload)) : keysOfProtobuf(payload),
  );
  const answer = (): Answer => {
    const publication = (body: string | Uint8Array) => [session.publication(`${request.answers}${requestId}`, body)];
    const selected = selectAttributes(device, keys);
    const body =
      downlinkOf(request.format, profileOf(session)) === "JSON"
        ? attributesAnswer(selected)
        : attributesResponse(requestId, selected, server.clock.now().getTime());
    return { packets: () => publication(body), withPayload: publication };
  };
  withinLimit(session, () => {
    session.acknowledge(packet);
    if (requestId < 0) return;
    // After the acknowledgements of what came in one go with it, as recorded (`pipeline-device-valid-token`).
    const work = () => server.wait("attributes").then(answer);
    server.perform(server.occasion("attributes", connection, device.name), { connection, work });
  });
}

/** Without a method the server's handler fails, which is not the same as an invalid payload; `params` may be absent. */
function rpcRequest(session: Publisher, packet: PublishPacket, request: Request, json: LenientJson): void {
  if (!(json instanceof Map)) throw new InvalidPayload("a request is not an object");
  const requestId = javaInt(request.requestId);
  const method = json.get("method");
  if (method === undefined || method === null) throw new HandlerFailure("a request without a method");
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
  session.connection.close(closings.overLimit);
}
