import fc from "fast-check";
import { accept, type Event } from "../../src/flow/accept.ts";
import { decide, type Step } from "../../src/flow/decide.ts";
import type { Known } from "../../src/flow/known.ts";
import type { Journal } from "../../src/model/journal.ts";
import { token, tokenOf } from "../model/tokens.ts";
import {
  type Answer,
  attemptId,
  camera,
  configured,
  eventAfter,
  generated,
  intent,
  receivedOf,
  type Surprises,
} from "./story.ts";

/** A step that was taken, what was known before it, and what came back; nothing after the last one. */
export interface Moment {
  readonly known: Known;
  readonly step: Step;
  readonly event: Event | undefined;
}

const naming = fc.constantFrom(generated, { kind: "fixed", name: "Gate 7" } as const);
const journal: fc.Arbitrary<Journal> = fc
  .record({ names: fc.integer({ min: 0, max: 3 }), received: fc.integer({ min: 0, max: 2 }), fixed: fc.boolean() })
  .map(({ names, received, fixed }) => {
    const deviceName = (number: number) => (fixed ? "Gate 7" : `cam-NAME0${number}`);
    const intents = Array.from({ length: names }, (_, index) =>
      intent(index + 1, { deviceName: deviceName(index + 1) }),
    );
    const records = names === 0 ? 0 : received;
    return {
      intents,
      received: Array.from({ length: records }, (_, index) => receivedOf(intent(names), index + 1, "server-token")),
    };
  });
const inConfiguration = fc.record({
  configured: fc.constantFrom(
    undefined,
    configured("old-token"),
    configured("known-token"),
    configured("own-token", { attemptId }),
  ),
  configuredHere: fc.boolean(),
});
const inAdvance = fc.constantFrom(undefined, token("known-token"));

/** Whatever a run may find at its start. */
export const anyCamera: fc.Arbitrary<Known> = fc
  .tuple(naming, journal, inConfiguration, inAdvance, fc.boolean())
  .map(([naming, journal, found, inAdvance, newIdentity]) =>
    camera({ naming, journal, ...found, inAdvance, newIdentity }),
  );

const surprises: fc.Arbitrary<Surprises> = fc.record(
  { looksAgain: inConfiguration, outrun: journal },
  { requiredKeys: [] },
);

const answersToRequests = [
  "SUCCESS",
  { SUCCESS: "server-token" },
  "FAILURE",
  "FAILURE",
  "NOT_FOUND",
  "silence",
  "proved early",
  "unreachable",
] as const;
const answersToProbes = ["accepted", "refused", "refused", "refused", "unreachable"] as const;

/** Whatever the world says, forever. */
export const anyWorld = fc.record({ choices: fc.infiniteStream(fc.nat()), surprises });
export type World = typeof anyWorld extends fc.Arbitrary<infer Value> ? Value : never;

/** More steps than any run takes. */
const tooMany = 300;

/** Plays a run to its end; from step `mended` on, the world answers well. */
export function playAny(start: Known, { choices, surprises }: World, mended = tooMany): readonly Moment[] {
  const moments: Moment[] = [];
  let secrets = 0;
  for (let known = start; ; ) {
    if (moments.length >= tooMany) throw new Error("the run does not end");
    const step = decide(known);
    const choice = choices.next().value ?? 0;
    const answer = moments.length < mended ? answerTo(step, choice) : wellAnswered(step);
    // Another run is faster once at most: the next number is free.
    const surprise = moments.some(({ event }) => event?.event === "journal-read") ? {} : surprises;
    let event = eventAfter(step, known, answer, surprise);
    if (event?.event === "intent-written" && step.do === "write-intent" && step.credentials === undefined) {
      event = { ...event, intent: { ...event.intent, credentials: token(`made-${++secrets}`) } };
    }
    moments.push({ known, step, event });
    if (event === undefined) return moments;
    known = accept(known, event);
  }
}

function answerTo(step: Step, choice: number): Answer | "waited" {
  if (step.do === "request") return answersToRequests[choice % answersToRequests.length] ?? "silence";
  if (step.do !== "probe") return "waited";
  const answer = answersToProbes[choice % answersToProbes.length] ?? "refused";
  const candidate = step.candidates[Math.floor(choice / 8) % step.candidates.length];
  return answer === "accepted" && candidate !== undefined ? { accepted: tokenOf(candidate.credentials) } : answer;
}

function wellAnswered(step: Step): Answer | "waited" {
  if (step.do === "request") return "SUCCESS";
  return step.do === "probe" ? "accepted" : "waited";
}
