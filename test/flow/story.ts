import { inWords } from "../../src/base/duration.ts";
import { accept, type Event } from "../../src/flow/accept.ts";
import { decide, type Step } from "../../src/flow/decide.ts";
import { begin, isKnownInAdvance, type Known } from "../../src/flow/known.ts";
import { fingerprintOf } from "../../src/model/credentials.ts";
import type { Naming } from "../../src/model/device-name.ts";
import { emptyJournal, type Intent, type Journal, type Received } from "../../src/model/journal.ts";
import type { ConfiguredCredentials } from "../../src/model/thermal-config.ts";
import { token, tokenOf } from "../model/tokens.ts";

/** What the world says to a request or to a probe. */
export type Answer =
  /** SUCCESS with the camera's own token, or with another. */
  | "SUCCESS"
  | { readonly SUCCESS: string }
  | "FAILURE"
  | "NOT_FOUND"
  /** The request went out and no believable answer came. */
  | "silence"
  /** What the request offered is let in before its answer comes. */
  | "proved early"
  /** Nothing was sent, or no probe was answered. */
  | "unreachable"
  /** The probe's first candidate is accepted, or the one with this token. */
  | "accepted"
  | { readonly accepted: string }
  | "refused";

/** What happens beside the answers. */
export interface Surprises {
  /** What the configuration holds when it is read again before the first request. */
  readonly looksAgain?: Pick<Known, "configured" | "configuredHere">;
  /** The intents that another run has written first. */
  readonly outrun?: Journal;
}

export const generated: Naming = { kind: "generated", prefix: "cam" };
export const attemptId = "550e8400-e29b-41d4-a716-446655440000";
const ownToken = token("own-token");
const moment = new Date("2026-11-24T12:00:00Z");

/** A camera that was never provisioned, apart from what is said. */
export function camera(facts: Partial<Omit<Known, "run">> = {}): Known {
  return begin({
    naming: generated,
    journal: emptyJournal,
    configured: undefined,
    configuredHere: false,
    inAdvance: undefined,
    newIdentity: false,
    ...facts,
  });
}

/** Plays a run with these answers and tells its steps: to its end, or to the step that nobody answers. */
export function play(known: Known, answers: readonly Answer[], surprises: Surprises = {}): readonly string[] {
  const told: string[] = [];
  const left = [...answers];
  for (let now = known; ; ) {
    const step = decide(now);
    told.push(inShort(step, now));
    const answer = isQuestion(step) ? left.shift() : "waited";
    const event = answer === undefined ? undefined : eventAfter(step, now, answer, surprises);
    if (event === undefined) break;
    now = accept(now, event);
  }
  if (left.length > 0) throw new Error(`the run ended before ${JSON.stringify(left)}: ${told.join("; ")}`);
  return told;
}

/** What comes back from a step; undefined where the run is over. */
export function eventAfter(
  step: Step,
  known: Known,
  answer: Answer | "waited",
  surprises: Surprises = {},
): Event | undefined {
  switch (step.do) {
    case "write-intent":
      if (surprises.outrun !== undefined) return { event: "journal-read", journal: surprises.outrun };
      return { event: "intent-written", intent: written(step, known) };
    case "look-again": {
      const { configured, configuredHere } = surprises.looksAgain ?? known;
      return { event: "looked-again", configured, configuredHere };
    }
    case "wait":
      return { event: "waited" };
    case "request":
      return afterRequest(step, known, answer);
    case "probe":
      return afterProbe(step, answer);
    default:
      return undefined;
  }
}

export function isQuestion(step: Step): step is Extract<Step, { do: "request" | "probe" }> {
  return step.do === "request" || step.do === "probe";
}

type Asked = Extract<Step, { do: "request" }>;

function afterRequest({ intent, proved }: Asked, { journal }: Known, answer: Answer | "waited"): Event {
  if (answer === "FAILURE") return { event: "failure" };
  if (answer === "NOT_FOUND") return { event: "ended", code: "PROVISION_DATA_NOT_FOUND" };
  if (answer === "proved early") return provedEarly(intent);
  if (answer === "silence") return { event: "lost", code: "NO_ANSWER" };
  if (answer === "unreachable") return { event: "unreachable", code: "CONNECTION_REFUSED" };
  if (answer === "SUCCESS") return { event: "granted", received: receivedOf(intent, journal.received.length + 1) };
  if (typeof answer === "object" && "SUCCESS" in answer) {
    const received = receivedOf(intent, journal.received.length + 1, answer.SUCCESS);
    const isOther = proved !== undefined && tokenOf(proved) !== answer.SUCCESS;
    return { event: "granted", received: { ...received, contradicts: isOther ? fingerprintOf(proved) : null } };
  }
  throw new Error(`a request cannot be answered with ${JSON.stringify(answer)}`);
}

function provedEarly({ credentials, deviceName, knownInAdvance }: Intent): Event {
  const origin = knownInAdvance ? "known in advance" : "intent";
  return {
    event: "proved-early",
    proof: { candidate: { origin, credentials, deviceName, deviceId: null }, deviceId: null },
  };
}

function afterProbe({ candidates }: Extract<Step, { do: "probe" }>, answer: Answer | "waited"): Event {
  if (answer === "refused") return { event: "probe-refused" };
  if (answer === "unreachable") return { event: "probe-unanswered", code: "CONNECT_TIMEOUT" };
  const wanted = typeof answer === "object" && "accepted" in answer ? answer.accepted : undefined;
  const candidate = candidates.find(({ credentials }) => wanted === undefined || tokenOf(credentials) === wanted);
  if (candidate === undefined || (answer !== "accepted" && wanted === undefined)) {
    throw new Error(`a probe cannot be answered with ${JSON.stringify(answer)}`);
  }
  return { event: "probe-accepted", proof: { candidate, deviceId: candidate.deviceId } };
}

function written({ number, credentials }: Extract<Step, { do: "write-intent" }>, known: Known): Intent {
  const { naming, configured } = known;
  return intent(number, {
    deviceName: naming.kind === "fixed" ? naming.name : `${naming.prefix}-NAME0${number}`,
    credentials: credentials ?? ownToken,
    replaces: configured === undefined ? null : fingerprintOf(configured.credentials),
    knownInAdvance: credentials !== undefined && isKnownInAdvance(known, credentials),
  });
}

/** An intent of an earlier run, apart from what is said. */
export function intent(number: number, facts: Partial<Intent> = {}): Intent {
  const deviceName = `cam-NAME0${number}`;
  return {
    number,
    attemptId,
    host: "tb",
    deviceName,
    credentials: ownToken,
    replaces: null,
    newIdentity: false,
    body: null,
    knownInAdvance: false,
    createdAt: moment,
    ...facts,
  };
}

/** What a SUCCESS to this intent left in the journal. */
export function receivedOf({ deviceName, credentials: own }: Intent, number = 1, given = tokenOf(own)): Received {
  const credentials = token(given);
  return { number, attemptId, deviceName, credentials, deviceId: null, receivedAt: moment, contradicts: null };
}

/** The credentials of an earlier provisioning in the configuration, apart from what is said. */
export function configured(text: string, facts: Partial<ConfiguredCredentials> = {}): ConfiguredCredentials {
  return {
    host: "tb",
    serverPort: 1883,
    useSsl: false,
    credentials: token(text),
    deviceName: "cam-BEFORE",
    deviceId: null,
    provisionedAt: moment,
    provisionedWith: "0123456789abcdef",
    body: null,
    attemptId: "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    ...facts,
  };
}

function inShort(step: Step, known: Known): string {
  switch (step.do) {
    case "write-intent": {
      const { deviceName, credentials } = written(step, known);
      return `write down ${deviceName} with ${tokenOf(credentials)}`;
    }
    case "recognise":
      return "recognise";
    case "look-again":
      return "look again";
    case "request":
      return `ask for ${step.intent.deviceName} with ${tokenOf(step.intent.credentials)}`;
    case "probe":
      return `probe ${step.candidates.map(({ credentials }) => tokenOf(credentials)).join(" and ")}`;
    case "wait":
      return `wait ${inWords(step.for)}`;
    case "commit": {
      const { deviceName, credentials } = step.proof.candidate;
      return `commit ${deviceName} with ${tokenOf(credentials)}${step.certain ? "" : ", the name is not certain"}`;
    }
    case "keep":
      return `keep ${tokenOf(step.configured.credentials)}`;
    case "finish":
      return "finish";
    case "stop":
      return `stop: ${step.code}`;
  }
}
