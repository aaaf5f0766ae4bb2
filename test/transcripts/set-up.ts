import type { Behaviour, NewDevice, SimulatorOptions } from "../../src/simulator/index.ts";
import { recordedVersion } from "../../src/simulator/index.ts";
import { peculiaritiesOf } from "../../src/simulator/server/versions.ts";
import { keysOfJson, payloadJson } from "../../src/simulator/tenant/attributes.ts";
import { type Deed, deedsOf, isUuid, storedAttributes } from "./administrator.ts";
import { effectDevices } from "./effect.ts";
import type { Facts, LoginFact } from "./facts.ts";
import type { Knowledge, KnownDevice } from "./knowledge.ts";
import { knownDevices } from "./recorded-server.ts";
import { deathOf, requestBehaviours } from "./trouble.ts";
import { devicesAtStart } from "./world.ts";

/** What a recording needs on the server beforehand, and who meddled with it meanwhile. */
export interface SetUp {
  readonly options: SimulatorOptions;
  readonly devices: readonly NewDevice[];
  readonly deeds: readonly Deed[];
  /** What the client showed in the TLS handshake, by connection. */
  readonly certificates: ReadonlyMap<number, readonly Uint8Array[]>;
  /** When the recorded server was killed. */
  readonly killedAt: number | undefined;
}

export function setUpOf(facts: Facts, knowledge: Knowledge): SetUp {
  const { server } = facts.recording;
  const { version } = facts.recording;
  const known =
    server === undefined
      ? devicesAtStart(facts, knowledge, !peculiaritiesOf(recordedVersion(version)).refusesSecondClaim)
      : knownDevices(server);
  const deviceIdAfter = server === undefined ? deviceIdDelay(facts, known) : undefined;
  const hasChain = deviceIdAfter !== undefined || server?.profiles.some((profile) => "deviceIdAfter" in profile);
  const limit = messageLimit(facts);
  const options: SimulatorOptions = {
    version,
    profiles:
      server?.profiles ??
      facts.profiles.map((profile) => ({ ...profile, ...(deviceIdAfter === undefined ? {} : { deviceIdAfter }) })),
    ...(server === undefined ? {} : { state: server.state }),
    scenario: [
      ...requestBehaviours(facts, known),
      ...unheardConnects(facts),
      ...silentLogins(facts),
      ...attributeDelays(facts),
    ],
    randomness: { bytes: countingBytes(), fraction: () => sweepPhase(facts) },
    ...(limit === undefined ? {} : { rateLimits: { messages: `${limit}:60` } }),
    ...(isBlocked(facts) ? { addressBlock: {} } : {}),
  };
  return {
    options,
    devices: server === undefined ? known.map((device) => newDevice(device, facts)) : [],
    deeds: deedsOf(facts, known, hasChain === true),
    certificates: certificatesOf(facts, knowledge),
    killedAt: deathOf(facts),
  };
}

function newDevice({ name, profile, gateway, provisionState, credentials }: KnownDevice, facts: Facts): NewDevice {
  const mine = facts.logins.some(({ packet }) => packet.username === credentials.credentialsId);
  return {
    name,
    ...(profile === undefined ? {} : { profile }),
    gateway,
    credentials,
    attributes: {
      server: provisionState === null ? {} : { provisionState },
      shared: mine ? storedAttributes(facts, "shared") : {},
      client: mine ? storedAttributes(facts, "client") : {},
    },
  };
}

/** How long after PROVISION_SUCCESS, or CONNECT, the rule chain had set the id; undefined where it never did. */
function deviceIdDelay(facts: Facts, known: readonly KnownDevice[]): number | undefined {
  const shown = facts.published.filter(({ payload }) => isUuid(deviceIdIn(payload.toString("utf8"))));
  const profile = profileOfSession(facts, known);
  const [first] = shown;
  if (first === undefined || (profile !== "rec-device-id" && profile !== "created here")) return undefined;
  const push = shown.find(({ topic }) => topic === "v1/devices/me/attributes");
  const start = facts.requests.find(({ status }) => status === "SUCCESS")?.at ?? facts.logins[0]?.answeredAt ?? 0;
  return push === undefined ? 0 : Math.max(0, push.at - start);
}

function deviceIdIn(payload: string): string | undefined {
  return /"deviceId":"([^"]*)"/.exec(payload)?.[1];
}

function profileOfSession({ logins, requests, recording }: Facts, known: readonly KnownDevice[]): string | undefined {
  if (requests.some(({ status }) => status === "SUCCESS") && logins.length > 0) return "created here";
  const token = logins[0]?.packet.username;
  const named = effectDevices(recording.effect).find(({ credentials_id }) => credentials_id === token)?.device_type;
  return named ?? known.find(({ credentials }) => credentials.credentialsId === token)?.profile;
}

/** Who was gone before CONNACK did not hear it: a provisioning session opens all the same, a login is still looked at. */
function unheardConnects({ connects, recording }: Facts): Behaviour[] {
  return connects.flatMap(({ connection, at, provisions, answered }, index): Behaviour[] => {
    const { endedBy, endedAt } = recording.connections.find(({ number }) => number === connection) ?? {};
    if (answered || endedBy !== "client") return [];
    const occasion = { on: "connect", nth: index + 1 } as const;
    return [provisions ? { ...occasion, do: "lose" } : { ...occasion, do: "delay", for: (endedAt ?? at) - at + 1 }];
  });
}

/** A CONNECT that is refused with 3 after 10 s and more found the core silent. */
function silentLogins({ logins }: Facts): Behaviour[] {
  return logins.flatMap((login, index): Behaviour[] =>
    isSilent(login) ? [{ on: "probe", nth: index + 1, do: "timeOut" }] : [],
  );
}

/** Answers to attribute requests came when they came, or (twice on 4.0.2) never. */
function attributeDelays({ sent, published, logins }: Facts): Behaviour[] {
  const requests = sent.filter(
    ({ topic, connection }) =>
      /^(v1\/devices\/me\/attributes\/request|v2\/a\/req(\/j)?)\/[0-9]+$/.test(topic) &&
      logins.some((login) => login.connection === connection && login.code === 0),
  );
  const answered = requests.flatMap((request) => {
    const topic = request.topic.replace("request", "response").replace("/req/", "/res/");
    const answer = published.find(
      (one) => one.topic === topic && one.at >= request.at && one.connection === request.connection,
    );
    return answer === undefined && !canBeAnswered(request.payload) ? [] : [{ request, answer }];
  });
  return answered.map(({ request, answer }, index): Behaviour => {
    if (answer === undefined) return { on: "attributes", nth: index + 1, do: "lose" };
    return { on: "attributes", nth: index + 1, do: "delay", beforeWork: answer.at - request.at, for: 0 };
  });
}

/** What is no JSON object is refused before it is looked at. */
function canBeAnswered(payload: Buffer): boolean {
  try {
    keysOfJson(payloadJson(payload));
    return true;
  } catch {
    return false;
  }
}

function isSilent({ code, at, answeredAt }: LoginFact): boolean {
  return (code === 3 || code === 0x88) && (answeredAt ?? 0) - at > 9_000;
}

/** Where between 10 and 20 s the recorded server gave up. */
function sweepPhase({ requests, logins, recording }: Facts): number {
  const waits = [
    ...requests.map(({ at, acknowledgedAt, status }) => (status === undefined ? (acknowledgedAt ?? at) - at : 0)),
    ...logins.map((login) => (isSilent(login) ? (login.answeredAt ?? 0) - login.at : 0)),
    ...recording.connections.map(({ endedAt, number }) => {
      const sent = recording.packets.findLast((packet) => packet.sent && packet.connection === number);
      return (endedAt ?? 0) - (sent?.at ?? 0);
    }),
  ];
  const wait = waits.find((one) => one >= 10_000 && one < 20_000) ?? 10_000;
  return (wait - 10_000) / 10_000;
}

/** A device whose PUBLISH is not acknowledged, and whose next CONNECT is refused with 3 at once, is over its limit. */
function messageLimit({ logins, recording }: Facts): number | undefined {
  const refused = logins.find((login) => (login.code === 3 || login.code === 0x9f) && !isSilent(login));
  const before = logins.find(({ packet, code }) => code === 0 && packet.username === refused?.packet.username);
  if (refused === undefined || before === undefined) return undefined;
  const messages = recording.packets.filter(
    ({ sent, connection, bytes }) =>
      sent && connection === before.connection && [1, 3, 8].includes((bytes[0] ?? 0) >> 4),
  );
  return messages.length - 1;
}

/** Closed without a byte, after ten refusals. */
function isBlocked({ logins, recording }: Facts): boolean {
  const refusals = logins.filter(({ code }) => code === 5 || code === 0x86).length;
  const turnedAway = logins.some(
    ({ code, connection }) =>
      code === undefined && recording.connections.some((one) => one.number === connection && one.endedBy === "server"),
  );
  return refusals >= 10 && turnedAway;
}

/** Over TLS a login without user name, unless it is refused for what it says, or one that is refused though its token is known, came with a certificate. */
function certificatesOf({ logins, recording }: Facts, knowledge: Knowledge): Map<number, Uint8Array[]> {
  const unknown = Buffer.from("3000", "hex");
  const found = new Map<number, Uint8Array[]>();
  for (const { connection, tls, packet, code } of logins) {
    const known = knowledge.devices.some(({ credentials }) => credentials.credentialsId === packet.username);
    const refusedAsText = code === 2 || code === 0x85 || code === 0x86;
    if (!tls || refusedAsText || (packet.username !== undefined && (code === 0 || !known))) continue;
    const leaf = effectDevices(recording.effect).find(
      ({ credentials_type }) => credentials_type === "X509_CERTIFICATE",
    );
    const certificate = leaf?.credentials_value ? Buffer.from(leaf.credentials_value, "base64") : unknown;
    const chain = leaf?.device_type === knowledge.chain && knowledge.authority ? [knowledge.authority] : [];
    found.set(connection, code === 0 ? [certificate, ...chain] : [unknown]);
  }
  return found;
}

/** Tokens and ids that are all different, and the same on every run (the generator of Numerical Recipes). */
function countingBytes(): (count: number) => Uint8Array {
  let state = 1;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}
