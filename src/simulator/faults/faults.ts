import { milliseconds } from "../../base/duration.ts";
import { closings } from "../mqtt/codes.ts";
import { beginningOfPublish } from "../mqtt/packets.ts";
import {
  bytes,
  choice,
  choiceOrLater,
  code,
  count,
  duration,
  type Keys,
  moments,
  optional,
  text,
  type ValuesOf,
} from "./keys.ts";
import type { Occasion, OccasionKind } from "./occasions.ts";
import { end, falsely, instead, other, otherPacket, sendAnswer, sendFlood, withCode } from "./sending.ts";
import type { Situation } from "./situation.ts";

/** A fault: its keys, where it may stand, what it does in words and in deed. */
interface Fault<K extends Keys> {
  readonly keys: K;
  readonly occasions: readonly OccasionKind[];
  readonly meaning: string;
  readonly play: (values: ValuesOf<K>, at: Situation) => Promise<void>;
}

function fault<const K extends Keys>(row: Fault<K>): Fault<K> {
  return row;
}

const everywhere: readonly OccasionKind[] = ["connection", "connect", "probe", "subscribe", "request", "attributes"];
/** Where there is an answer. */
const packets: readonly OccasionKind[] = ["connect", "probe", "subscribe", "request", "attributes"];
const payloads: readonly OccasionKind[] = ["request", "attributes"];
const requests: readonly OccasionKind[] = ["request"];
const when = optional(choice(...moments));
const largestInMqtt = 268_435_455;

/** Everything that the simulator can do instead of answering as it should. A fault is a row here and nowhere else. */
export const faults = {
  lose: fault({
    keys: {},
    occasions: everywhere,
    meaning:
      "the work is done, the answer never sent, and the session goes on as if it had been; of a connection: nothing is ever heard",
    play: async (_, at) => {
      at.silence?.();
      at.happened();
      (await at.work()).afterwards?.();
    },
  }),
  delay: fault({
    keys: { for: duration, beforeWork: optional(duration) },
    occasions: packets,
    meaning: "`for` passes between work and answer, `beforeWork` before the work",
    play: async (delay, at) => {
      at.happened();
      await at.sleep(milliseconds(delay.beforeWork ?? 0));
      const answer = await at.work();
      await at.sleep(milliseconds(delay.for));
      sendAnswer(at.connection, answer);
    },
  }),
  close: fault({
    keys: { when },
    occasions: everywhere,
    meaning: "FIN `before the work`, `before the answer` (default), `after the acknowledgement`, `after the answer`",
    play: (close, at) => end(close.when, at, () => at.connection.close(closings.scenario)),
  }),
  reset: fault({
    keys: { when },
    occasions: everywhere,
    meaning: "the same with RST",
    play: (reset, at) => end(reset.when, at, () => at.connection.reset(closings.scenario)),
  }),
  truncate: fault({
    keys: { bytes },
    occasions: packets,
    meaning: "only the first `bytes` of the answer are sent, then the server closes",
    play: async (truncate, at) => {
      const answer = Buffer.concat((await at.work()).packets());
      if (truncate.bytes < answer.length) at.happened();
      at.connection.send([answer.subarray(0, truncate.bytes)]);
      at.connection.close(closings.scenario);
    },
  }),
  double: fault({
    keys: {},
    occasions: packets,
    meaning: "the answer is sent twice",
    play: async (_, at) => {
      const answer = await at.work();
      const once = answer.packets();
      at.happened();
      sendAnswer(at.connection, { ...answer, packets: () => [...once, ...once] });
    },
  }),
  reorder: fault({
    keys: {},
    occasions: ["connect", "probe", "request"],
    meaning: "the packets of the answer are sent in the opposite order",
    play: async (_, at) => {
      const answer = await at.work();
      const inOrder = answer.packets();
      if (inOrder.length > 1) at.happened();
      sendAnswer(at.connection, { ...answer, packets: () => inOrder.toReversed() });
    },
  }),
  garble: fault({
    keys: {},
    occasions: payloads,
    meaning: "the payload of the answer is nonsense; MQTT around it is right",
    play: async (_, at) => instead(await at.work(), '{"credentialsValue":\u0001 <<<<', at),
  }),
  answer: fault({
    keys: { payload: text },
    occasions: payloads,
    meaning: "the answer has this `payload`",
    play: async ({ payload }, at) => instead(await at.work(), payload, at),
  }),
  malform: fault({
    keys: { text: optional(text) },
    occasions: everywhere,
    meaning: "instead of the answer come bytes that are not MQTT; `text` are these bytes",
    play: (malform, at) => other(Buffer.from(malform.text ?? "HTTP/1.1 400 Bad Request\r\n\r\n", "latin1"), at),
  }),
  flood: fault({
    keys: { packets: optional(count) },
    occasions: everywhere,
    meaning: "so many PUBLISH packets to other topics come before the answer; default 1000",
    play: async (flood, at) => {
      at.happened();
      sendFlood(at.connection, flood.packets ?? 1000);
      sendAnswer(at.connection, await at.work());
    },
  }),
  hugePacket: fault({
    keys: { bytes: optional(bytes) },
    occasions: everywhere,
    meaning:
      "instead of the answer the beginning of a PUBLISH of so many `bytes`; default 256 MB, the most that MQTT allows",
    play: (huge, at) => other(beginningOfPublish(Math.min(huge.bytes ?? largestInMqtt, largestInMqtt)), at),
  }),
  wrongPacket: fault({
    keys: { packet: optional(choice("PINGRESP", "PUBACK", "SUBACK", "UNSUBACK", "CONNACK")) },
    occasions: everywhere,
    meaning: "a packet of another type instead of the answer; default PINGRESP",
    play: (wrong, at) => other(otherPacket(wrong.packet ?? "PINGRESP", at.connection), at),
  }),
  code: fault({
    keys: { code },
    occasions: ["connect", "probe", "subscribe", "request"],
    meaning: "CONNACK, SUBACK or PUBACK with this code; a CONNACK other than 0 is followed by the close",
    play: async (wanted, at) => withCode(await at.work(), wanted.code, at),
  }),
  stopAccepting: fault({
    keys: { for: optional(duration) },
    occasions: everywhere,
    meaning: "nobody is let in any more, for so long; default: for good. What is connected stays",
    play: async (stop, at) => {
      if (at.gate !== undefined) at.happened();
      at.gate?.stopAccepting(stop.for ?? 0);
      sendAnswer(at.connection, await at.work());
    },
  }),
  restart: fault({
    keys: { memory: optional(choice("kept", "lost")), for: optional(duration) },
    occasions: everywhere,
    meaning:
      "all connections end, work under way is lost, with `memory` `lost` the devices, too; after `for` the server is there again",
    play: async (restart, at) => {
      if (at.gate !== undefined) at.happened();
      at.gate?.restart(restart.memory ?? "kept", restart.for ?? 0).catch(() => {});
    },
  }),
  refuse: fault({
    keys: { status: choice("FAILURE", "NOT_FOUND") },
    occasions: requests,
    meaning: "refused without any work",
    play: async ({ status }, at) => falsely(at.falsely?.refused(status), at),
  }),
  createButFail: fault({
    keys: {},
    occasions: requests,
    meaning: "the device is created or claimed, the answer is FAILURE",
    play: async (_, at) => {
      const { succeeded } = await at.work();
      const answer = at.falsely?.refused("FAILURE");
      if (succeeded) falsely(answer, at);
      else if (answer !== undefined) sendAnswer(at.connection, answer);
    },
  }),
  answerWithoutCreating: fault({
    keys: {},
    occasions: requests,
    meaning: "SUCCESS with the requested credentials, but there is no device",
    play: async (_, at) => falsely(at.falsely?.granted(), at),
  }),
  answerForAnotherDevice: fault({
    keys: {},
    occasions: requests,
    meaning: "SUCCESS with the credentials of another device; where there is none, with a token that nobody has",
    play: async (_, at) => {
      await at.work();
      const { answer, exists } = at.falsely?.ofAnotherDevice() ?? {};
      if (exists) falsely(answer, at);
      else if (answer !== undefined) sendAnswer(at.connection, answer);
    },
  }),
  timeOut: fault({
    keys: { work: optional(choiceOrLater("at once", "never")) },
    occasions: ["request", "probe"],
    meaning:
      "the core is silent: acknowledgement and close after 10 to 20 s, of a probe CONNACK 3; the work of a request is done at once, so many milliseconds `after`, or (default) never",
    play: async ({ work: wanted = "never" }, at) => {
      if (at.unanswered === undefined) return;
      at.happened();
      if (wanted !== "never") {
        at.run(async () => {
          await at.sleep(milliseconds(wanted === "at once" ? 0 : wanted.after));
          await at.work();
        });
      }
      sendAnswer(at.connection, await at.unanswered());
    },
  }),
};

export type FaultName = keyof typeof faults;
type Values = { readonly [Name in FaultName]: ValuesOf<(typeof faults)[Name]["keys"]> };

/** What is done; times are in milliseconds. */
export type Action = { readonly [Name in FaultName]: { readonly do: Name } & Values[Name] }[FaultName];

/** A fault as data: what the simulator does at an occasion instead of answering as it should. Plain JSON. */
export type Behaviour = Occasion & Action;

const rows: {
  readonly [Name in FaultName]: { readonly play: (values: Values[Name], at: Situation) => Promise<void> };
} = faults;

/** Does what the behaviour says instead of sending the answer. */
export function play<Name extends FaultName>(name: Name, values: Values[Name], at: Situation): Promise<void> {
  return rows[name].play(values, at);
}
