import * as v from "valibot";
import { javaTrim } from "../../src/simulator/encoding/java-text.ts";
import type { JsonValue, Simulator } from "../../src/simulator/index.ts";
import { changesOf } from "./changes.ts";
import { type Facts, isClaim, type PublishFact } from "./facts.ts";
import type { KnownDevice } from "./knowledge.ts";
import { creations } from "./world.ts";

/** Something that the recorded server's administrator did, told by what it led to. */
export interface Deed {
  readonly at: number;
  act(simulator: Simulator): void;
}

const json = v.record(v.string(), v.unknown());
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Writes of attributes, RPC, changes and deletions, each a moment before its consequence. */
export function deedsOf(facts: Facts, devices: readonly KnownDevice[], ruleChain: boolean): Deed[] {
  return [
    ...facts.published.flatMap((published) => pushDeeds(published, facts, devices, ruleChain)),
    ...credentialDeeds(facts),
    ...deletions(facts),
    ...resets(facts),
  ];
}

/** The device whose token the connection of the push logged in with. */
function deviceOf({ connection }: PublishFact, { logins }: Facts, devices: readonly KnownDevice[]): string | undefined {
  const token = logins.find((login) => login.connection === connection)?.packet.username;
  return devices.find(({ credentials }) => credentials.credentialsId === token)?.name;
}

function pushDeeds(published: PublishFact, facts: Facts, devices: readonly KnownDevice[], ruleChain: boolean): Deed[] {
  const name = deviceOf(published, facts, devices);
  const at = published.at - 1;
  const payload = parsed(published.payload);
  if (name === undefined || payload === undefined) return [];
  if (published.topic.startsWith("v1/devices/me/rpc/request/")) {
    const request = v.parse(v.object({ method: v.string(), params: v.unknown() }), payload);
    const act = (simulator: Simulator) => simulator.sendRpc(name, request.method, jsonValue(request.params));
    return [...earlierRpc(published, facts, name), { at, act }];
  }
  if (!isAttributesTopic(published)) return [];
  if (ruleChain && Object.keys(payload).join() === "deviceId") return [];
  const deleted = v.safeParse(v.object({ deleted: v.array(v.string()) }), payload);
  if (deleted.success) return [{ at, act: (simulator) => simulator.deleteAttributes(name, deleted.output.deleted) }];
  return [{ at, act: (simulator) => simulator.setAttributes(name, attributes(payload)) }];
}

/** The server counts its requests: those before the first that a recording shows reached nobody. */
function earlierRpc(published: PublishFact, { published: all }: Facts, name: string): Deed[] {
  const isRpc = ({ topic, connection }: PublishFact) =>
    topic.startsWith("v1/devices/me/rpc/request/") && connection === published.connection;
  if (all.find(isRpc) !== published) return [];
  const count = Number(published.topic.split("/").at(-1));
  return Array.from({ length: count }, () => ({ at: 0, act: (simulator) => simulator.sendRpc(name, "earlier", {}) }));
}

/** The change is made a moment before the server ends the session. */
function credentialDeeds(facts: Facts): Deed[] {
  return changesOf(facts).map(({ at, from, to }) => ({
    at,
    act: (simulator) => {
      const device = simulator.devices.find(({ credentials }) => credentials.credentialsId === from);
      if (device === undefined) throw new Error(`No device has the token ${from}.`);
      if (to === undefined) simulator.removeDevice(device);
      else simulator.setCredentials(device, to);
    },
  }));
}

/** A name that is created twice was deleted in between. */
function deletions(facts: Facts): Deed[] {
  const made = creations(facts);
  return made.flatMap(({ request, at }, index) => {
    const name = javaTrim(request.deviceName);
    const again = made.slice(0, index).some((earlier) => javaTrim(earlier.request.deviceName) === name);
    return again && name !== "" ? [{ at: at - 1, act: (simulator: Simulator) => simulator.removeDevice(name) }] : [];
  });
}

/** A device that is claimed after it was claimed: its provisionState was deleted in between, where that is needed. */
function resets({ requests }: Facts): Deed[] {
  const claims = requests.filter((fact) => fact.status === "SUCCESS" && isClaim(fact));
  return claims.flatMap(({ request, at }, index) => {
    const name = javaTrim(request.deviceName);
    const before = claims
      .slice(0, index)
      .some((earlier) => javaTrim(earlier.request.deviceName) === name && (earlier.answeredAt ?? at) < at);
    const act = (simulator: Simulator) => simulator.deleteAttributes(name, ["provisionState"], "server");
    return before ? [{ at: at - 1, act }] : [];
  });
}

/** Shared and client attributes that the answers show before anything was pushed, or published by the device. */
export function storedAttributes(facts: Facts, scope: "client" | "shared"): Record<string, JsonValue> {
  const firstPush = facts.published.find(isAttributesTopic)?.at ?? Number.POSITIVE_INFINITY;
  const firstOwn = facts.sent.find(isAttributesTopic)?.at ?? Number.POSITIVE_INFINITY;
  const answers = facts.published.filter(
    ({ topic, at }) =>
      /^(v1\/devices\/me\/attributes\/response|v2\/a\/res(\/j)?)\/[0-9]+$/.test(topic) &&
      at < (scope === "client" ? firstOwn : firstPush),
  );
  return Object.assign({}, ...answers.map(({ payload }) => attributes(section(payload, scope))));
}

/** Pushes, and what the device itself publishes, have one topic in its three spellings. */
function isAttributesTopic({ topic }: PublishFact): boolean {
  return ["v1/devices/me/attributes", "v2/a", "v2/a/j"].includes(topic);
}

function section(payload: Buffer, scope: "client" | "shared"): Record<string, unknown> {
  const found = v.safeParse(json, parsed(payload)?.[scope]);
  return found.success ? found.output : {};
}

function parsed(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const result = v.safeParse(json, JSON.parse(payload.toString("utf8")));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function attributes(values: Record<string, unknown>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, jsonValue(value)]));
}

function jsonValue(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonValue(member)]));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

export function isUuid(value: unknown): boolean {
  return typeof value === "string" && uuid.test(value);
}
