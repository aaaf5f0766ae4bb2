import { visible } from "../../model/problem.ts";
import { topics } from "../../wire/topics.ts";
import { type Hide, type PacketText, readPacket } from "../mqtt/packet-text.ts";
import type { Exchange } from "./history.ts";

/** Whether keys, secrets, tokens and passwords are told. Default: masked. */
export type Secrecy = "masked" | "shown";

/** One line of the conversation for people: packet, its fields, what it means. Nothing in it moves a terminal. */
export function describe(exchange: Pick<Exchange, "bytes" | "level">, secrets: Secrecy = "masked"): string {
  const read = readPacket(exchange.bytes, exchange.level);
  const meaning = meaningOf(read);
  const text = read.text(secrets === "masked" ? masked : shown);
  return visible(meaning === "" ? text : `${text}  (${meaning})`);
}

/** What the packet says, without the meaning; the text form of the recordings' `decoded`. */
export function packetLine(exchange: Pick<Exchange, "bytes" | "level">, secrets: Secrecy = "masked"): string {
  return readPacket(exchange.bytes, exchange.level).text(secrets === "masked" ? masked : shown);
}

/** In a few words what the packet means: never empty, and without secrets. */
export function packetMeaning(exchange: Pick<Exchange, "bytes" | "level">): string {
  const read = readPacket(exchange.bytes, exchange.level);
  return meaningOf(read) || plainMeaning(read);
}

const secretKeys = new Set([
  "provisionDeviceKey",
  "provisionDeviceSecret",
  "credentialsValue",
  "token",
  "password",
  "username",
  "userName",
  "clientId",
  "hash",
]);

/** Attributes are named by people: what ends like a secret is one. */
const secretEnding = /(token|secret|passw(or)?d)$/i;

function isSecret(key: string): boolean {
  return secretKeys.has(key) || secretEnding.test(key);
}

/** What stands in the place of a secret. */
export const mask = "[secret]";

/** JSON text, of a value under that key, without its secrets. */
export function maskedIn(json: string, under = ""): string {
  const hide = (key: string, value: unknown) => {
    if (isSecret(key)) return mask;
    // An answer that a scenario gives is a text with JSON in it.
    return key === "payload" && typeof value === "string"
      ? masked.payload(topics.provisionResponse, Buffer.from(value))
      : value;
  };
  return isSecret(under) ? mask : JSON.stringify(JSON.parse(json, hide));
}

const masked: Hide = {
  userName: (name) => (name === "provision" ? JSON.stringify(name) : mask),
  password: () => mask,
  payload(topic, payload) {
    if (payload.length === 0) return "<empty>";
    const text = Buffer.from(payload).toString("utf8");
    try {
      return shortened(JSON.stringify(JSON.parse(text, (key, value) => (isSecret(key) ? mask : value))));
    } catch {
      const provisioning = topic === topics.provisionRequest || topic === topics.provisionResponse;
      return provisioning ? `<${payload.length} bytes that are no JSON, not shown>` : shortened(text);
    }
  },
};

const shown: Hide = {
  userName: (name) => JSON.stringify(name),
  password: (password) => JSON.stringify(password),
  payload(_topic, payload) {
    if (payload.length === 0) return "<empty>";
    const text = Buffer.from(payload).toString("utf8");
    return Buffer.from(text, "utf8").equals(payload) && !/[^\P{Cc}\t\n\v\f\r]/u.test(text)
      ? text
      : `hex:${Buffer.from(payload).toString("hex")}`;
  },
};

/** Control characters could write on a terminal; a long payload would fill it. */
function shortened(text: string): string {
  const oneLine = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("\\\\", "\\");
  return oneLine.length > 300 ? `${oneLine.slice(0, 300)}… (${oneLine.length} characters)` : oneLine;
}

const refusals: Readonly<Record<number, string>> = {
  0: "let in",
  2: "refused: unknown client id",
  3: "refused: server unavailable",
  4: "refused: bad user name or password",
  5: "refused: not authorised",
};

function meaningOf(read: PacketText): string {
  switch (read.packet) {
    case "CONNECT":
      return read.userName === "provision" ? "opens a provisioning session" : "logs in with its credentials";
    case "CONNACK":
      return refusals[read.code ?? 0] ?? "refused";
    case "PUBLISH":
      return publishMeaning(read.topic ?? "", Buffer.from(read.payload ?? []).toString("utf8"));
    default:
      return "";
  }
}

const plainMeanings: Readonly<Record<string, string>> = {
  DISCONNECT: "ends the session",
  PINGREQ: "is still there",
  PINGRESP: "is still there, too",
  PUBACK: "has got the message",
  PUBCOMP: "has got the message, once",
  PUBREC: "has got the message, and asks whether it may forget it",
  PUBREL: "says that it may be forgotten",
  SUBACK: "answers the subscription",
  SUBSCRIBE: "wants to hear of",
  UNSUBACK: "will be silent about it",
  UNSUBSCRIBE: "wants no longer to hear of",
  "not MQTT": "bytes that are no MQTT packet",
};

function plainMeaning({ packet, topic = "" }: PacketText): string {
  if (packet === "PUBLISH") {
    const known = topicMeanings.find(([pattern]) => pattern.test(topic));
    return known?.[1] ?? visible(`says something on ${topic}`);
  }
  const meaning = plainMeanings[packet] ?? packet;
  return meaning.endsWith(" of") ? visible(`${meaning} ${topic}`) : meaning;
}

/** Topics that stand for themselves. */
const topicMeanings: readonly (readonly [RegExp, string])[] = [
  [/^v1\/devices\/me\/telemetry$|^v2\/t(\/|$)/, "sends measurements"],
  [/^v1\/devices\/me\/attributes$|^v2\/a(\/|$)/, "tells attributes"],
  [/^v1\/devices\/me\/rpc\/request\/|^v2\/r\/req\//, "asks for something to be done"],
  [/^v1\/devices\/me\/rpc\/response\/|^v2\/r\/res\//, "answers what was asked"],
];

function publishMeaning(topic: string, payload: string): string {
  if (topic === topics.provisionRequest) {
    const name = stringMember(payload, "deviceName");
    return name === undefined ? "asks to be provisioned" : `asks to be provisioned as ${name}`;
  }
  if (topic === topics.provisionResponse) {
    const status = stringMember(payload, "status");
    return status === undefined ? "an answer that is not JSON" : `answers ${status}`;
  }
  if (topic.startsWith("v1/devices/me/attributes/request/") || topic.startsWith("v2/a/req/"))
    return "asks for attributes";
  if (topic.startsWith("v1/devices/me/attributes/response/") || topic.startsWith("v2/a/res/"))
    return "answers with attributes";
  return "";
}

function stringMember(payload: string, key: string): string | undefined {
  try {
    const json: unknown = JSON.parse(payload);
    const value: unknown =
      typeof json === "object" && json !== null ? Object.entries(json).find(([k]) => k === key)?.[1] : undefined;
    return typeof value === "string" ? shortened(value) : undefined;
  } catch {
    return undefined;
  }
}
