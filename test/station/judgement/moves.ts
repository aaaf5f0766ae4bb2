import { accept, type Event } from "../../../src/flow/accept.ts";
import { decide } from "../../../src/flow/decide.ts";
import { begin, type Known } from "../../../src/flow/known.ts";
import { type ErrorCode, errorKind } from "../../../src/model/errors.ts";
import { tokenOf } from "../../model/tokens.ts";
import * as ledger from "./model-ledger.ts";
import { asks, intentOf, logsIn, looksUp, type Outcome, registers } from "./network.ts";
import { intentWith, journalIn, receivedWith } from "./records.ts";
import { surroundings } from "./surroundings.ts";
import { type Act, deviceName, spend, stationNames, type Work, type World, withWork } from "./world.ts";

/** One thing that can happen, and the world after it. */
export interface Move {
  readonly what: string;
  readonly world: World;
  /** A fault or a whim; everything must come to an end without them, too. */
  readonly isFault: boolean;
  /** The error for which a station gives the camera up by this move. */
  readonly stop?: { readonly code: ErrorCode; readonly known: Known };
}

export interface Rules {
  readonly method: "provisioning" | "registration";
  /** What a mutant leaves out. */
  readonly omission: ledger.Omission | "secret after the request" | "proved before the files";
}

/** These end the whole run of a station: the camera is given back as it is. */
const endsTheRun: readonly ErrorCode[] = ["PROVISION_DATA_NOT_FOUND", "API_KEY_REFUSED"];

/** What the stations do first: who takes the first move that is no fault each time comes to an end. */
export function moves(world: World, rules: Rules): readonly Move[] {
  const possible = world.stations.flatMap((work, index) =>
    work === undefined ? [] : steps(new At(world, index, work, rules)),
  );
  possible.push(...surroundings(world), ...claims(world));
  return world.faults > 0 ? possible : possible.filter(({ isFault }) => !isFault);
}

function claims(world: World): readonly Move[] {
  return stationNames.flatMap((name, index) => {
    const row = ledger.claim(world.row, name);
    if (row === undefined || world.stations[index] !== undefined) return [];
    const work = { fence: row.fence, known: undefined, queue: [] };
    const what = `${name} claims the camera`;
    return [
      { what, world: withWork({ ...world, row }, index, work), isFault: false },
      { what: `${what}, and does not hear of it`, world: spend({ ...world, row }), isFault: true },
    ];
  });
}

/** A station at work, in a world. */
class At {
  readonly world: World;
  readonly work: Work;
  readonly rules: Rules;
  readonly name: string;
  readonly #index: number;

  constructor(world: World, index: number, work: Work, rules: Rules) {
    this.world = world;
    this.work = work;
    this.rules = rules;
    this.name = stationNames[index] ?? "";
    this.#index = index;
  }

  /** It goes on with `work`; undefined: it is done with the camera. */
  goes(what: string, work: Work | undefined, world: Partial<World> = {}): Move {
    const after = withWork({ ...this.world, ...world }, this.#index, work);
    return { what: `${this.name} ${what}`, world: after, isFault: false };
  }

  learns(what: string, known: Known, event: Event, world: Partial<World> = {}, queue: readonly Act[] = []): Move {
    return this.goes(what, { ...this.work, known: accept(known, event), queue }, world);
  }

  /** A statement was carried out, and its answer was lost: the station asks again. */
  unheard(what: string, row: ledger.Row, secrets = this.world.secrets): Move {
    const after = spend({ ...this.world, row, secrets });
    return { ...this.goes(`${what}, and does not hear of it`, this.work, after), isFault: true };
  }

  /** What the network made of a question. */
  hears(known: Known, outcomes: readonly Outcome[], first: readonly Act[] = []): readonly Move[] {
    return outcomes.map(({ what, learnt, world, isFault = false }) => {
      const queue = "queue" in learnt ? [...first, ...learnt.queue] : first;
      const move =
        "queue" in learnt
          ? this.goes(what, { ...this.work, known, queue }, world)
          : this.learns(what, known, learnt, world, queue);
      return isFault ? { ...move, world: spend(move.world), isFault } : move;
    });
  }
}

function steps(at: At): readonly Move[] {
  const { world, work, rules } = at;
  const { known, queue } = work;
  if (known === undefined) {
    const fresh = begin({
      naming: { kind: "fixed", name: deviceName },
      journal: journalIn(world.row),
      configured: undefined,
      configuredHere: false,
      inAdvance: undefined,
      newIdentity: false,
    });
    return [at.goes("reads its journal", { ...work, known: fresh })];
  }
  const [act, ...rest] = queue;
  if (act !== undefined) return performs(at, known, act, rest);
  const step = decide(known);
  switch (step.do) {
    case "write-intent":
      return writesIntent(at, known);
    case "recognise":
      throw new Error("a station knows one server by one name");
    case "look-again":
      return [at.learns("looks again", known, { event: "looked-again", configured: undefined, configuredHere: false })];
    case "wait":
      return [
        at.learns("waits", known, { event: "waited" }),
        {
          ...at.goes("has no more time", { ...work, queue: [{ act: "finish", as: "waiting" }] }, spend(world)),
          isFault: true,
        },
      ];
    case "request": {
      const { intent } = step;
      const late = rules.omission === "secret after the request" && world.row.intent === null;
      const first: readonly Act[] = late ? [{ act: "write the secret", token: tokenOf(intent.credentials) }] : [];
      return at.hears(known, rules.method === "registration" ? registers(world, intent) : asks(world, intent), first);
    }
    case "probe":
      // Over REST it looks before it logs in: refused logins count against the station.
      return rules.method === "registration" && !known.run.granted && known.journal.intents.length > 0
        ? at.hears(known, looksUp(world, intentOf(known), "before a login"))
        : at.hears(known, logsIn(world, step.candidates));
    case "commit": {
      const files: Act = { act: "write the files", token: tokenOf(step.proof.candidate.credentials) };
      const finish: Act = { act: "finish", as: "proved" };
      const order = rules.omission === "proved before the files" ? [finish, files] : [files, finish];
      return [at.goes("has proved it", { ...work, queue: order })];
    }
    case "stop":
      return [stops(at, known, step.code)];
    case "keep":
    case "finish":
      throw new Error("a camera of a station has no configuration");
  }
}

function stops(at: At, known: Known, code: ErrorCode): Move {
  const { world, work } = at;
  const what = `stops: ${code}`;
  if (endsTheRun.includes(code)) {
    return { ...at.goes(what, undefined, { row: ledger.giveBack(world.row, at.name) }), stop: { code, known } };
  }
  const as = errorKind(code).retryAfterSeconds === "never" ? "failed" : "waiting";
  return { ...at.goes(what, { ...work, queue: [{ act: "finish", as }] }), stop: { code, known } };
}

/** The secret, durable before anything is sent; whoever comes second takes over the first one's. */
function writesIntent(at: At, known: Known): readonly Move[] {
  const { world, work, rules } = at;
  const token = `own ${world.secrets + 1} for 0`;
  const secrets = world.secrets + 1;
  const intent = intentWith(token);
  if (rules.omission === "secret after the request") {
    return [
      at.learns("makes a secret and keeps it to itself", known, { event: "intent-written", intent }, { secrets }),
    ];
  }
  const omission = rules.omission === "not exclusive" ? rules.omission : "none";
  const { row, said } = ledger.writeIntent(world.row, work.fence, token, omission);
  switch (said) {
    case "written":
      return [
        at.learns("writes a secret down", known, { event: "intent-written", intent }, { row, secrets }),
        at.unheard("writes a secret down", row, secrets),
      ];
    case "exists":
      return [at.learns("finds another's secret", known, { event: "journal-read", journal: journalIn(row) })];
    case "lease lost":
      return [at.goes("has lost the camera", undefined)];
  }
}

function performs(at: At, known: Known, act: Act, queue: readonly Act[]): readonly Move[] {
  const { world, work, rules } = at;
  const { row } = world;
  const omission = isOfTheLedger(rules.omission) ? rules.omission : "none";
  switch (act.act) {
    case "write the answer": {
      const written = ledger.writeReceived(row, work.fence, act.token, omission);
      const received = receivedWith(act.token, known.journal.received.length + 1);
      return [
        at.learns("writes the answer down", known, { event: "granted", received }, { row: written }, queue),
        at.unheard("writes the answer down", written),
      ];
    }
    case "write the secret":
      return [at.goes("writes its secret down", { ...work, queue }, { row: { ...row, intent: act.token } })];
    case "look the device up":
      return at.hears(known, looksUp(world, intentOf(known), "after a refusal"), queue);
    case "log in":
      return at.hears(known, logsIn(world, candidatesOf(known)));
    case "write the files":
      return [at.goes("writes the files", { ...work, queue }, { folder: act.token })];
    case "finish": {
      const finished = ledger.finish(row, work.fence, act.as, omission);
      if (finished === undefined) return [at.goes("has lost the camera", undefined)];
      const next = queue.length > 0 ? { ...work, queue } : undefined;
      return [at.goes(`writes ${act.as}`, next, { row: finished }), at.unheard(`writes ${act.as}`, finished)];
    }
  }
}

function candidatesOf(known: Known) {
  const step = decide(known);
  if (step.do !== "probe") throw new Error("there is nothing to prove");
  return step.candidates;
}

function isOfTheLedger(omission: Rules["omission"]): omission is ledger.Omission {
  return omission !== "secret after the request" && omission !== "proved before the files";
}
