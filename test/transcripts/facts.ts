import { type IConnectPacket, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import type { DeviceProfile } from "../../src/simulator/index.ts";
import { largestRemainingLength } from "../../src/simulator/mqtt/packet-reader.ts";
import { type ProvisionRequest, parseRequest } from "../../src/simulator/provisioning/provision-request.ts";
import { recordedProfiles } from "./profiles.ts";
import type { RecordedPacket, Recording } from "./recording.ts";

/** A provisioning request that the server's parser accepts, and what came of it. */
export interface RequestFact {
  readonly connection: number;
  readonly at: number;
  readonly request: ProvisionRequest;
  readonly acknowledgedAt: number | undefined;
  /** A thousandth of a millisecond later than the answer before it. */
  readonly answeredAt: number | undefined;
  readonly status: "SUCCESS" | "FAILURE" | "NOT_FOUND" | undefined;
  /** The response as text. */
  readonly response: string;
  /** The profile that the key belongs to, as far as that is known. */
  readonly profile: DeviceProfile | undefined;
}

/** Any CONNECT. */
export interface ConnectFact {
  readonly connection: number;
  readonly at: number;
  readonly provisions: boolean;
  readonly answered: boolean;
}

/** A CONNECT that is not one of a provisioning session, with the code of its CONNACK. */
export interface LoginFact {
  readonly connection: number;
  readonly at: number;
  readonly packet: IConnectPacket;
  readonly tls: boolean;
  readonly code: number | undefined;
  readonly answeredAt: number | undefined;
}

export interface PublishFact {
  readonly connection: number;
  readonly at: number;
  readonly topic: string;
  readonly payload: Buffer;
}

export interface Facts {
  readonly recording: Recording;
  /** Those that the server had, as far as that is known. */
  readonly profiles: readonly DeviceProfile[];
  readonly connects: readonly ConnectFact[];
  readonly requests: readonly RequestFact[];
  readonly logins: readonly LoginFact[];
  readonly published: readonly PublishFact[];
  /** What the client published, provisioning requests included. */
  readonly sent: readonly PublishFact[];
}

/** A request to claim a device that the tenant has registered. */
export function isClaim({ profile }: RequestFact): boolean {
  return profile?.provisionType === "CHECK_PRE_PROVISIONED_DEVICES";
}

/** What a recording says by itself, of a server with these profiles. */
export function factsOf(recording: Recording, profiles: readonly DeviceProfile[] = recordedProfiles): Facts {
  const sent = decodeSent(recording);
  const received = recording.packets.filter((packet) => !packet.sent);
  const connects = sent.flatMap(({ at, connection, packet }) =>
    packet.cmd === "connect" ? [connectFact(packet, { at, connection }, received)] : [],
  );
  const provisions = (connection: number) =>
    connects.some((connect) => connect.connection === connection && connect.provisions);
  return {
    recording,
    profiles,
    connects,
    requests: sent.flatMap(({ at, connection, packet }) =>
      packet.cmd === "publish" && packet.topic === "/provision/request" && provisions(connection)
        ? requestFact(packet, { at, connection }, received, recording, profiles)
        : [],
    ),
    logins: sent.flatMap(({ at, connection, packet }) =>
      packet.cmd === "connect" && !isProvisioning(packet)
        ? [loginFact(packet, { at, connection }, received, recording)]
        : [],
    ),
    sent: sent.flatMap(({ at, connection, packet }) =>
      packet.cmd === "publish" ? [{ at, connection, topic: packet.topic, payload: Buffer.from(packet.payload) }] : [],
    ),
    published: received.flatMap((packet) => publishFact(packet, levelOf(recording, packet.connection))),
  };
}

export function levelOf(recording: Recording, connection: number): 3 | 4 | 5 {
  return recording.connections.find(({ number }) => number === connection)?.level ?? 4;
}

function decodeSent(recording: Recording): { at: number; connection: number; packet: Packet }[] {
  const decoders = new Map<number, ReturnType<typeof parser>>();
  const decoded: { at: number; connection: number; packet: Packet }[] = [];
  for (const { sent, at, connection, bytes } of recording.packets) {
    if (!sent) continue;
    const decoder = decoders.get(connection) ?? parser();
    decoders.set(connection, decoder);
    decoder.removeAllListeners();
    decoder.on("packet", (packet) => decoded.push({ at, connection, packet }));
    decoder.on("error", () => {});
    decoder.parse(bytes);
  }
  return decoded;
}

type Place = { readonly at: number; readonly connection: number };

/** A PUBACK has the request's id; acknowledgements and responses of a connection come in the same order. */
function requestFact(
  packet: IPublishPacket,
  { at, connection }: Place,
  received: readonly RecordedPacket[],
  recording: Recording,
  profiles: readonly DeviceProfile[],
): RequestFact[] {
  const parsed = parseRequest(Buffer.from(packet.payload));
  if (parsed.result !== "request" || (packet.length ?? 0) > largestRemainingLength) return [];
  const mine = received.filter((other) => other.connection === connection);
  const pubacks = mine.filter(({ bytes }) => bytes[0] === 0x40);
  const responses = mine.filter(({ bytes }) => ((bytes[0] ?? 0) & 0xf0) === 0x30);
  const place = pubacks.findIndex((puback) => puback.at >= at && puback.bytes.readUInt16BE(2) === packet.messageId);
  const response =
    packet.qos === 0 ? responses.find((other) => other.at >= at) : responseTo(place, pubacks, responses, mine);
  const text = response === undefined ? "" : (publishFact(response, levelOf(recording, connection))[0]?.payload ?? "");
  return [
    {
      connection,
      at,
      request: parsed.request,
      acknowledgedAt: packet.qos === 0 ? undefined : pubacks[place]?.at,
      answeredAt: response && response.at + responses.indexOf(response) / 1000,
      status: statusOf(text.toString()),
      response: text.toString(),
      profile: profiles.find(({ provisionDeviceKey }) => provisionDeviceKey === parsed.request.provisionDeviceKey),
    },
  ];
}

/** The one of the same place; where requests without acknowledgement are among them, the next after the PUBACK. */
function responseTo(
  place: number,
  pubacks: readonly RecordedPacket[],
  responses: readonly RecordedPacket[],
  mine: readonly RecordedPacket[],
): RecordedPacket | undefined {
  const puback = pubacks[place];
  if (puback === undefined || pubacks.length === responses.length) return responses[place];
  return responses.find((response) => mine.indexOf(response) > mine.indexOf(puback));
}

/** JSON, or protobuf with the status as its first field. */
function statusOf(text: string): RequestFact["status"] {
  const named = /"status":"(SUCCESS|FAILURE|NOT_FOUND)"/.exec(text)?.[1];
  const numbered = ["", "SUCCESS", "NOT_FOUND", "FAILURE"][text.startsWith("\b") ? text.charCodeAt(1) : 0];
  return [named, numbered].includes("SUCCESS")
    ? "SUCCESS"
    : [named, numbered].includes("FAILURE")
      ? "FAILURE"
      : [named, numbered].includes("NOT_FOUND")
        ? "NOT_FOUND"
        : undefined;
}

function isProvisioning({ username, clientId }: IConnectPacket): boolean {
  return username === "provision" || clientId === "provision";
}

function connectFact(
  packet: IConnectPacket,
  { at, connection }: Place,
  received: readonly RecordedPacket[],
): ConnectFact {
  const answered = received.some(
    (other) => other.connection === connection && other.at >= at && other.bytes[0] === 0x20,
  );
  return { connection, at, provisions: isProvisioning(packet), answered };
}

function loginFact(
  packet: IConnectPacket,
  { at, connection }: Place,
  received: readonly RecordedPacket[],
  recording: Recording,
): LoginFact {
  const connack = received.find(
    (other) => other.connection === connection && other.at >= at && other.bytes[0] === 0x20,
  );
  const tls = recording.connections.find(({ number }) => number === connection)?.tls ?? false;
  return { connection, at, packet, tls, code: connack?.bytes[3], answeredAt: connack?.at };
}

function publishFact({ at, connection, bytes }: RecordedPacket, level: 3 | 4 | 5): PublishFact[] {
  const decoder = parser({ protocolVersion: level });
  const published: PublishFact[] = [];
  decoder.on("packet", (packet) => {
    if (packet.cmd !== "publish") return;
    published.push({ at, connection, topic: packet.topic, payload: Buffer.from(packet.payload) });
  });
  decoder.on("error", () => {});
  decoder.parse(bytes);
  return published;
}
