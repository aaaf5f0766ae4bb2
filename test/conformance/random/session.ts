import { generate, type Packet } from "mqtt-packet";
import type { Chance } from "./chance.ts";

/** What the sessions may say: of a profile that creates devices, and the token of a device. */
export interface Vocabulary {
  readonly key: string;
  readonly secret: string;
  readonly token: string;
  /** Names and tokens that nobody has had before begin so. */
  readonly prefix: string;
}

export interface RandomSession {
  readonly level: 3 | 4 | 5;
  /** Each written in one go; what comes of it is awaited before the next. */
  readonly steps: readonly Buffer[];
}

/** A session of at most seven packets, valid and odd ones; the last asks for PINGRESP, so that nothing is overlooked. */
export function randomSession(chance: Chance, words: Vocabulary, number: number): RandomSession {
  const level = chance.of([3, 4, 4, 4, 5]);
  const provisions = chance.below(5) < 3;
  const unique = `${words.prefix}-${number}`;
  const further = Array.from({ length: 1 + chance.below(5) }, (_, index) =>
    provisions ? provisioningPacket(chance, words, unique, index + 1) : devicePacket(chance, index + 1),
  );
  const packets = [opening(chance, words, level, provisions), ...further, { cmd: "pingreq" } as const];
  return { level, steps: packets.map((packet) => generate(packet, { protocolVersion: level })) };
}

function opening(chance: Chance, { token }: Vocabulary, level: 3 | 4 | 5, provisions: boolean): Packet {
  const userName = provisions ? "provision" : chance.of([token, token, token, token, token, "nobody", `${token} `]);
  return {
    cmd: "connect",
    protocolId: level === 3 ? "MQIsdp" : "MQTT",
    protocolVersion: level,
    clientId: level === 3 ? "camera" : chance.of(["", "camera", "x".repeat(100)]),
    clean: true,
    keepalive: chance.of([0, 60]),
    username: userName,
    ...(chance.below(4) === 0 ? { password: Buffer.from("any") } : {}),
  };
}

function provisioningPacket(chance: Chance, words: Vocabulary, unique: string, messageId: number): Packet {
  switch (chance.below(6)) {
    case 0:
      return subscription(chance.of(["/provision/response", "/provision/response", "#"]), messageId);
    case 1:
      return { cmd: "unsubscribe", messageId, unsubscriptions: ["/provision/response"] };
    case 2:
      return chance.below(3) === 0 ? publication(chance, "no/such/topic", "{}", messageId) : { cmd: "pingreq" };
    default:
      return publication(chance, "/provision/request", requestBody(chance, words, unique, messageId), messageId);
  }
}

/** A valid request, of which at most one field is odd. */
function requestBody(chance: Chance, { key, secret }: Vocabulary, unique: string, index: number): string {
  const fresh = `${unique}-${index}`;
  const valid = { deviceName: fresh, provisionDeviceKey: key, provisionDeviceSecret: secret, token: `${fresh}-token` };
  const odd = chance.of<object>([
    {},
    {},
    {},
    {
      deviceName: chance.of<unknown>([
        unique,
        ` ${fresh} `,
        " ",
        "",
        7,
        null,
        [fresh],
        "{{x}}",
        "<b>",
        "é".repeat(200),
        undefined,
      ]),
    },
    { provisionDeviceKey: chance.of<unknown>(["wrong", "", null, undefined]) },
    { provisionDeviceSecret: chance.of<unknown>(["wrong", undefined]) },
    { credentialsType: chance.of<unknown>(["ACCESS_TOKEN", "MQTT_BASIC", "access_token", 5]) },
    { token: chance.of<unknown>([undefined, `${unique}-token`, "", 12.5, true, "a b"]) },
    { token: undefined, username: `${fresh}-user`, password: "p", credentialsType: "MQTT_BASIC" },
    { username: null },
    { gateway: chance.of<unknown>([true, "yes", null]) },
  ]);
  const text = JSON.stringify({ ...valid, ...odd });
  return chance.below(8) > 0
    ? text
    : chance.of([text.slice(0, -1), `${text} x`, `[${text}]`, text.replaceAll('"', "'")]);
}

/** Of four one is odd. */
function devicePacket(chance: Chance, messageId: number): Packet {
  const payload = (valid: readonly [string, ...string[]], odd: readonly [string, ...string[]]) =>
    chance.of(chance.below(4) > 0 ? valid : odd);
  switch (chance.below(6)) {
    case 0:
      return subscription(
        chance.of(["v1/devices/me/attributes", "v2/a/j", "v1/devices/me/rpc/request/+", "#", "v2/a/res/+"]),
        messageId,
      );
    case 1:
      return { cmd: "unsubscribe", messageId, unsubscriptions: [chance.of(["v1/devices/me/attributes", "v2/a/j"])] };
    case 2: {
      const topic = chance.of(["v1/devices/me/attributes/request/1", "v2/a/req/j/2"]);
      const keys = payload(['{"sharedKeys":"none"}', '{"clientKeys":5}'], ["[]", "", '{"sharedKeys":["none"]}']);
      return publication(chance, topic, keys, messageId);
    }
    case 3: {
      const topic = chance.of(["v1/devices/me/attributes", "v2/a", "v2/a/j"]);
      return publication(chance, topic, payload(["{}", '{"k":null}'], ["[1]", "{bad", '"text"']), messageId);
    }
    case 4: {
      const method = payload(['{"method":"getSessionLimits","params":{}}'], ["[]", "{}"]);
      return publication(chance, "v1/devices/me/rpc/request/1", method, messageId);
    }
    default: {
      const topic = chance.of(["v1/devices/me/telemetry", "v2/t", "v2/t/j", "no/such/topic"]);
      const values = payload(['{"t":1}', "{}", "[]", '[{"t":1},{"ts":5,"values":{"u":"1.10"}}]'], ["5", "{bad"]);
      return publication(chance, topic, values, messageId);
    }
  }
}

function subscription(topic: string, messageId: number): Packet {
  return { cmd: "subscribe", messageId, subscriptions: [{ topic, qos: 1 }] };
}

function publication(chance: Chance, topic: string, payload: string, messageId: number): Packet {
  return { cmd: "publish", topic, payload, qos: chance.of([0, 1, 1, 1, 2]), messageId, dup: false, retain: false };
}
