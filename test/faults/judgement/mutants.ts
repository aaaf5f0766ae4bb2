import { accept, type Event } from "../../../src/flow/accept.ts";
import { decide } from "../../../src/flow/decide.ts";
import type { Known, Run } from "../../../src/flow/known.ts";
import { fingerprintOf } from "../../../src/model/credentials.ts";
import { type Judgement, realJudgement } from "./moves.ts";
import { type Setting, settings } from "./worlds.ts";

/** A rule of docs/architecture.md#what-a-reply-proves that is broken, and a setting in which that must show. */
export interface Mutant {
  readonly broken: string;
  readonly setting: Setting;
  readonly faults: number;
}

function judged(setting: Setting, judgement: Partial<Judgement>): Setting {
  return { ...setting, rules: { ...setting.rules, judgement: { ...realJudgement, ...judgement } } };
}

function stored(setting: Setting, disk: Setting["rules"]["disk"]): Setting {
  return { ...setting, rules: { ...setting.rules, disk } };
}

/** `accept`, and on `kind` these facts besides. */
function after(kind: Event["event"], changes: (known: Known, event: Event) => Partial<Run>) {
  return (known: Known, event: Event): Known => {
    const learnt = accept(known, event);
    return event.event === kind ? { ...learnt, run: { ...learnt.run, ...changes(learnt, event) } } : learnt;
  };
}

const newSecretWithNewName: Judgement["decide"] = (known) => {
  const step = decide(known);
  return step.do === "write-intent" ? { ...step, credentials: undefined } : step;
};

const {
  twoServers,
  otherName,
  newCamera,
  twoRuns,
  fixedName,
  preRepeated,
  lockedOut,
  formerWorks,
  keyMistyped,
  knownInAdvance,
  knownOfAnother,
} = settings;

export const mutants: readonly Mutant[] = [
  {
    broken: "the same secret under every name",
    setting: judged(newCamera, { decide: newSecretWithNewName }),
    faults: 3,
  },
  {
    broken: "a lost answer keeps the name and the secret",
    setting: judged(newCamera, {
      decide: newSecretWithNewName,
      accept: after("lost", () => ({ doubt: false, nextName: true })),
    }),
    faults: 2,
  },
  {
    broken: "no commit without proof",
    setting: judged(newCamera, {
      accept: after("lost", ({ journal }) => {
        const intent = journal.intents[0];
        if (intent === undefined) return {};
        return {
          proof: {
            candidate: {
              origin: "intent",
              credentials: intent.credentials,
              deviceName: intent.deviceName,
              deviceId: null,
            },
            deviceId: null,
          },
        };
      }),
    }),
    faults: 1,
  },
  {
    broken: "FAILURE is probed before it is believed",
    setting: judged(fixedName, { accept: after("failure", () => ({ doubt: false, end: "DEVICE_REFUSED" })) }),
    faults: 2,
  },
  {
    broken: "a FAILURE that nothing has confirmed sends for nobody",
    setting: judged(fixedName, { accept: after("failure", () => ({ setback: "DEVICE_REFUSED" })) }),
    faults: 2,
  },
  {
    broken: "FAILURE is asked about once more",
    setting: judged(fixedName, {
      accept: after("probe-refused", ({ run }) => (run.failures > 0 ? { end: "DEVICE_REFUSED" } : {})),
    }),
    faults: 1,
  },
  {
    broken: "silence is no refusal: the same request is sent again",
    setting: judged(newCamera, {
      accept: after("probe-refused", ({ run }) => (run.requests > 0 ? { end: "DEVICE_REFUSED" } : {})),
    }),
    faults: 1,
  },
  {
    broken: "after a SUCCESS that is in the journal nobody is sent for because of a name",
    setting: judged(lockedOut, {
      accept: after("probe-refused", ({ run, journal }) =>
        run.failures >= 2 && journal.received.length > 0 ? { end: "DEVICE_REFUSED" } : {},
      ),
    }),
    faults: 2,
  },
  {
    broken: "the server's own secret is a candidate, too",
    setting: judged(preRepeated, {
      decide: (known) => decide({ ...known, journal: { ...known.journal, received: [] } }),
    }),
    faults: 1,
  },
  {
    broken: "former credentials are asked about first",
    setting: judged(formerWorks, { decide: (known) => decide({ ...known, run: { ...known.run, existing: "none" } }) }),
    faults: 1,
  },
  {
    broken: "the configuration is read again before the first request",
    setting: judged(twoRuns, { decide: (known) => decide({ ...known, run: { ...known.run, lookedAgain: true } }) }),
    faults: 2,
  },
  {
    broken: "a login claims nothing: after it the name is asked for",
    setting: judged(knownOfAnother, {
      decide: (known) => {
        const { proof } = known.run;
        const step = decide(known);
        return step.do === "request" && proof !== undefined ? { do: "commit", proof, certain: true } : step;
      },
    }),
    faults: 0,
  },
  {
    broken: "the record tells that what the server gave contradicts what was known",
    setting: stored(knownOfAnother, "contradiction not marked"),
    faults: 1,
  },
  {
    broken: "what is proved is kept when the server does not know the key",
    setting: judged(knownInAdvance, {
      accept: (known, event) => {
        const learnt = accept(known, event);
        return event.event === "ended" ? { ...learnt, run: { ...learnt.run, end: event.code } } : learnt;
      },
    }),
    faults: 1,
  },
  {
    broken: "a token that is known in advance no more is still one that the camera did not make",
    setting: judged(knownOfAnother, {
      decide: (known) => {
        const intents = known.journal.intents.map((intent) => ({ ...intent, knownInAdvance: false }));
        return decide({ ...known, journal: { ...known.journal, intents } });
      },
    }),
    faults: 2,
  },
  { broken: "the intent is durable before it is sent", setting: stored(newCamera, "intent not synced"), faults: 1 },
  {
    broken: "what is read is synced before it is acted on",
    setting: stored(newCamera, "read without syncing"),
    faults: 2,
  },
  {
    broken: "each server has a journal of its own",
    setting: stored(twoServers, "one journal for all servers"),
    faults: 2,
  },
  {
    broken: "a server is recognised before anything is written for its other name",
    setting: judged(otherName, { decide: (known) => decide({ ...known, isUnfinishedElsewhere: false }) }),
    faults: 2,
  },
  {
    broken: "where a request goes is durable before its first byte",
    setting: stored(otherName, "where it is sent to not synced"),
    faults: 3,
  },
  {
    broken: "only what was never sent is removed",
    setting: stored(otherName, "other names taken for unsent"),
    faults: 2,
  },
  {
    broken: "a journal is whole under its new name before it goes under the former",
    setting: stored(otherName, "removed before it is moved"),
    faults: 4,
  },
  {
    broken: "no credentials are shown to another server than their own",
    setting: judged(twoServers, {
      decide: (known) =>
        decide(known.run.existing === "none" ? { ...known, run: { ...known.run, existing: "unasked" } } : known),
    }),
    faults: 2,
  },
  {
    broken: "the configuration names the server that knows its credentials",
    setting: stored(twoServers, "the latest order written"),
    faults: 1,
  },
  {
    broken: "what was committed for one server does not use up the order for another",
    setting: stored(twoServers, "finished whatever was ordered since"),
    faults: 2,
  },
  {
    broken: "credentials are asked about even if an intent, made for a mistyped key, is to replace them",
    setting: judged(keyMistyped, {
      decide: (known) => {
        const { configured, journal } = known;
        const replaced = configured && journal.intents.at(-1)?.replaces === fingerprintOf(configured.credentials);
        return decide(replaced ? { ...known, run: { ...known.run, existing: "none" } } : known);
      },
    }),
    faults: 1,
  },
  { broken: "the trigger goes after the configuration", setting: stored(newCamera, "trigger first"), faults: 1 },
  { broken: "a backup precedes the replacement", setting: stored(newCamera, "no backup"), faults: 1 },
  {
    broken: "the backup is durable before the replacement",
    setting: stored(newCamera, "backup not synced"),
    faults: 1,
  },
];
