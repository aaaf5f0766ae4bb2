import { milliseconds } from "../../src/base/duration.ts";
import { javaTrim } from "../../src/simulator/encoding/java-text.ts";
import type { Behaviour } from "../../src/simulator/index.ts";
import { isUnknown } from "./changes.ts";
import { type Facts, isClaim, type LoginFact, type RequestFact } from "./facts.ts";
import type { KnownDevice } from "./knowledge.ts";
import { creations } from "./world.ts";

/** How the recorded server took its time over its requests, what its database did to them, and who was gone by then. */
export function requestBehaviours(facts: Facts, known: readonly KnownDevice[]): Behaviour[] {
  return facts.requests.flatMap((fact, index): Behaviour[] => {
    const occasion = { on: "request", nth: index + 1 } as const;
    if (fact.status === undefined) return unanswered(fact, facts, occasion);
    if (isUnexplainedFailure(fact, facts, known)) return [{ ...occasion, do: "refuse", status: "FAILURE" }];
    const wait = (fact.answeredAt ?? fact.at) - fact.at;
    const creates = fact.status === "SUCCESS" && !isClaim(fact);
    const beforeWork = creates ? refusedUntil(fact, fact.at + wait, facts) : wait;
    return [{ ...occasion, do: "delay", beforeWork, for: wait - beforeWork }];
  });
}

function unanswered(
  fact: RequestFact,
  facts: Facts,
  occasion: { readonly on: "request"; readonly nth: number },
): Behaviour[] {
  const ended = endOf(fact, facts);
  const wait = (fact.acknowledgedAt ?? (ended.by === "server" ? ended.at : fact.at)) - fact.at;
  if (wait >= silence && !isSilentByItself(fact)) {
    return [{ ...occasion, do: "timeOut", work: workAfter(fact, facts, wait) }];
  }
  // The client was gone before the answer: the work was done all the same.
  if (ended.by === "client" && fact.acknowledgedAt === undefined) return [{ ...occasion, do: "lose" }];
  return diedOver(fact, facts) === undefined ? [] : [{ ...occasion, do: "delay", beforeWork: 1e9, for: 0 }];
}

/** The transport gives up after 10 s at the earliest. */
const silence = milliseconds(9_000);

/** When the server died: nothing but the close followed on a request that the parser accepts. */
export function deathOf(facts: Facts): number | undefined {
  return facts.requests.map((fact) => diedOver(fact, facts)).find((at) => at !== undefined);
}

function diedOver(fact: RequestFact, facts: Facts): number | undefined {
  const ended = endOf(fact, facts);
  const unheard = fact.status === undefined && fact.acknowledgedAt === undefined && ended.by === "server";
  if (!unheard || ended.at - fact.at >= silence) return undefined;
  const connected = facts.connects.some(({ connection, answered }) => connection === fact.connection && answered);
  const last = facts.recording.packets.findLast(({ sent, connection }) => sent && connection === fact.connection);
  return connected && isPublish(last?.bytes) && last?.at === fact.at ? ended.at : undefined;
}

function isPublish(bytes: Buffer | undefined): boolean {
  return ((bytes?.[0] ?? 0) & 0xf0) === 0x30;
}

function endOf({ connection }: RequestFact, { recording }: Facts): { by: string; at: number } {
  const { endedBy = "", endedAt = null } = recording.connections.find(({ number }) => number === connection) ?? {};
  return { by: endedBy, at: endedAt ?? Number.POSITIVE_INFINITY };
}

/** Nobody answers the key of an X.509 chain, nor a name or a key that the database cannot take. */
function isSilentByItself({ request: { deviceName, provisionDeviceKey } }: RequestFact): boolean {
  return /^[0-9a-f]{64}$/.test(provisionDeviceKey) || `${deviceName}${provisionDeviceKey}`.includes("\0");
}

/** The device was made before its token was let in, or after the client had given up, or never: a later request made it. */
function workAfter(fact: RequestFact, facts: Facts, wait: number): "never" | { readonly after: number } {
  if (!creations(facts).includes(fact)) return "never";
  const { at, request } = fact;
  const accepted = facts.logins.find((login) => isLogin(login, fact) && login.code === 0);
  const refused = refusedUntil(fact, accepted?.at ?? at, facts);
  const latest = accepted === undefined ? Number.POSITIVE_INFINITY : Math.max(0, accepted.at - at - 1);
  return { after: Math.min(latest, request.token === "" ? wait + 1000 : Math.max(wait + 1000, refused)) };
}

/** How long after the request its token was still refused. */
function refusedUntil(fact: RequestFact, before: number, { logins }: Facts): number {
  const refused = logins.findLast((login) => isLogin(login, fact) && isUnknown(login) && login.at < before - 1);
  return refused === undefined ? 0 : refused.at - fact.at + 1;
}

function isLogin({ packet, at }: LoginFact, fact: RequestFact): boolean {
  return at > fact.at && packet.username === fact.request.token;
}

/**
 * A FAILURE that no rule about requests explains: the database was away for a moment, or the tenant had all the devices
 * that it may have. Only a request in which there is nothing to find fault with counts, so that a rule that the
 * simulator lacks is not taken for one of these.
 */
function isUnexplainedFailure(fact: RequestFact, { requests }: Facts, known: readonly KnownDevice[]): boolean {
  const { deviceName: name, token, credentialsType, clientId, userName, password, hash } = fact.request;
  if (fact.status !== "FAILURE" || fact.profile?.provisionType !== "ALLOW_CREATE_NEW_DEVICES") return false;
  const plain = /^[A-Za-z0-9-]{1,64}$/.test(name) && /^[A-Za-z0-9]{0,32}$/.test(token);
  const others = [clientId, userName, password, hash].some((field) => field !== "");
  if (!plain || others || credentialsType !== "ACCESS_TOKEN") return false;
  const taken = known.some((device) => device.name === name || device.credentials.credentialsId === token);
  const rival = requests.some(
    ({ request, status, at }) =>
      status !== "FAILURE" &&
      at <= (fact.answeredAt ?? fact.at) &&
      (javaTrim(request.deviceName) === name || (token !== "" && request.token === token)),
  );
  return !taken && !rival;
}
