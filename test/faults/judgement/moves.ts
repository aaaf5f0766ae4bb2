import { accept, type Event } from "../../../src/flow/accept.ts";
import { decide, type Step } from "../../../src/flow/decide.ts";
import { begin, type Candidate, candidates, isKnownInAdvance, type Known } from "../../../src/flow/known.ts";
import type { Naming } from "../../../src/model/device-name.ts";
import { tokenOf } from "../../model/tokens.ts";
import { attemptIn, change, elsewhere, moving, sync, type Treatment, withoutJournal } from "./journal-acts.ts";
import { carryOut, notFound, serverMoves, whims } from "./surroundings.ts";
import {
  type Act,
  type Change,
  type Config,
  configuredOf,
  contentOf,
  credentialsOf,
  type Disk,
  type Folder,
  intentOf,
  madeFor,
  mislead,
  placeOf,
  type Run,
  receivedOf,
  type StoredIntent,
  type StoredReceived,
  serverOf,
  spend,
  visible,
  type World,
  withDevice,
  withRetired,
  withRun,
  withServer,
} from "./world.ts";

/** One thing that can happen, and the world after it. */
export interface Move {
  readonly what: string;
  readonly world: World;
  /** A fault or a whim of the surroundings; the liveness check does without them. */
  readonly fault: boolean;
  /** The promise that is broken by the move itself, whatever the world is afterwards. */
  readonly breaks?: string;
  /** The error with which a run ends by this move. */
  readonly stop?: { readonly code: string; readonly run: Run };
}

/** The judgement under test; a mutant replaces one of them. */
export interface Judgement {
  readonly decide: (known: Known) => Step;
  readonly accept: (known: Known, event: Event) => Known;
}

export const realJudgement: Judgement = { decide, accept };

export interface Rules {
  readonly judgement: Judgement;
  readonly naming: Naming;
  /** How many runs there may be at once: 1 where the lock holds. */
  readonly runs: 1 | 2;
  readonly disk: Treatment;
}

export function moves(world: World, rules: Rules): readonly Move[] {
  const possible: Move[] = [];
  world.runs.forEach((run, index) => {
    possible.push(...(run === undefined ? starts(world, index, rules) : steps(world, index, run, rules)));
  });
  possible.push(...serverMoves(world));
  if (world.faults > 0) possible.push(...whims(world));
  if (world.servers.length === 1 && !world.hasOtherName) return possible;
  return possible.map((move) => ({ ...move, world: withRetired(world, move.world) }));
}

/** A run begins: it reads the folder, and syncs what it read before it acts on it. */
function starts(world: World, index: number, rules: Rules): readonly Move[] {
  const isSecond = world.runs.some((run) => run !== undefined);
  if (isSecond ? !world.lockFailed && world.faults === 0 : index > 0) return [];
  const folder = visible(world.disk);
  const committed = committedHost(folder);
  // Written already, and since then the camera was sent elsewhere: what was begun ends, and the new order follows.
  const isOther = committed !== world.order && rules.disk !== "finished whatever was ordered since";
  const superseded = committed !== undefined && isOther && folder.trigger === "waiting";
  const host = committed === undefined || superseded ? world.order : committed;
  const journal = journalOf(folder, host, rules);
  if (folder.trigger !== "waiting" && journal.intents.length + journal.received.length === 0) return [];
  const { mistyped } = world;
  const away = elsewhere(folder, host, superseded ? committed : undefined, rules.disk);
  const cutOff = away.find(({ attempt }) => attempt !== undefined && attempt === attemptIn(folder, host));
  const configured = configuredOf(folder.config);
  const known = begin({
    naming: rules.naming,
    journal,
    configured,
    configuredHere: isHere(folder.config, { host, mistyped }),
    inAdvance: world.given === null ? undefined : credentialsOf(world.given),
    newIdentity: false,
    isUnfinishedElsewhere: away.some((each) => !each.isUnsent && each !== cutOff),
  });
  const queue = [
    ...(superseded ? [sync, ...withoutJournal(committed)] : []),
    ...away.filter((each) => each.isUnsent && each !== cutOff).flatMap((each) => withoutJournal(each.host)),
    // What is there then is read when it is all there.
    ...(cutOff === undefined
      ? []
      : [...moving(folder, cutOff.host, host, rules.disk), { act: "end", with: "MOVED" } as const]),
  ];
  const synced = rules.disk === "read without syncing" ? world : { ...world, disk: { durable: folder, unsynced: [] } };
  const what = index === 0 ? "a run starts" : "a second run starts, the lock having failed";
  return [
    { what, world: withRun(spend(synced, index > 0), index, { host, mistyped, known, queue }), fault: index > 0 },
  ];
}

/** Whether the configuration's credentials are for this server and key; a mistyped key has never made any. */
function isHere({ token, host }: Config, run: Pick<Run, "host" | "mistyped">): boolean {
  return token !== null && host === run.host && !run.mistyped;
}

/**
 * The server of whose journal the configuration carries an attempt (docs/architecture.md#two-starts-at-once): only the
 * tidying is left there.
 */
function committedHost({ config, intents, received }: Folder): number | undefined {
  return [...intents, ...received].find(({ attempt }) => attempt === config.attempt)?.host;
}

function journalOf({ intents, received }: Folder, host: number, rules: Rules) {
  const isIts = (record: { readonly host: number }) =>
    record.host === host || rules.disk === "one journal for all servers";
  return { intents: intents.filter(isIts).map(intentOf), received: received.filter(isIts).map(receivedOf) };
}

function steps(world: World, index: number, run: Run, rules: Rules): readonly Move[] {
  const { judgement } = rules;
  const [act, ...queue] = run.queue;
  if (act !== undefined) {
    const move = { what: describe(act), world: perform(world, index, { ...run, queue }, act), fault: false };
    const isError = act.act === "end" && !["COMPLETED", "KEPT", "MOVED"].includes(act.with);
    return [isError ? { ...move, stop: { code: act.with, run } } : move];
  }
  const step = judgement.decide(run.known);
  const learn = (after: World, event: Event, queue: readonly Act[] = []) =>
    withRun(after, index, { ...run, known: judgement.accept(run.known, event), queue });
  const go = (what: string, queue: readonly Act[]) => [
    { what, world: withRun(world, index, { ...run, queue }), fault: false },
  ];
  switch (step.do) {
    case "recognise":
      return recognises(world, run, learn, rules);
    case "write-intent":
      return writeIntent(world, step, run, learn, rules);
    case "look-again": {
      const { config } = visible(world.disk);
      const configuredHere = isHere(config, run);
      const event = { event: "looked-again", configured: configuredOf(config), configuredHere } as const;
      return [{ what: "reads the configuration again", world: learn(world, event), fault: false }];
    }
    case "wait":
      return [
        { what: "waits", world: learn(world, { event: "waited" }), fault: false },
        ...timeIsUp(world, index, run, step, rules),
      ];
    case "request":
      return requests(world, step, run, learn, (queue) => withRun(world, index, { ...run, queue }), rules);
    case "probe":
      return probes(world, run, step.candidates, learn);
    case "commit": {
      const token = tokenOf(step.proof.candidate.credentials);
      const attempt = run.known.journal.intents[0]?.attemptId ?? "?";
      const host = rules.disk === "the latest order written" ? world.order : run.host;
      const queue = commitment(rules, { token, host, attempt });
      const after = withRun(saying(world, run.known), index, { ...run, queue });
      return [{ what: "is about to commit", world: after, fault: false, ...anothers(world, run, token) }];
    }
    case "finish":
      return go("finds the configuration written", [sync, ...tidy(run.host, "COMPLETED")]);
    case "keep":
      return go("finds its former credentials working", [sync, ...tidy(run.host, "KEPT")]);
    case "stop":
      return go(`stops: ${step.code}`, [{ act: "end", with: step.code }]);
  }
}

/** The time of the whole run is up in its wait, or was in the try before: it ends for the reason for which it waits. */
function timeIsUp(
  world: World,
  index: number,
  run: Run,
  { because }: Extract<Step, { do: "wait" }>,
  rules: Rules,
): readonly Move[] {
  if (world.faults === 0) return [];
  // What is proved is kept: only the claim behind it has no more time.
  const known = rules.judgement.accept(run.known, { event: "out-of-time" });
  if (known.run.end === undefined) {
    return [{ what: "its time is up", world: withRun(spend(world, true), index, { ...run, known }), fault: true }];
  }
  const ended = withRun(spend(world, true), index, undefined);
  return [{ what: `its time is up: ${because}`, world: ended, fault: true, stop: { code: because, run } }];
}

/** The order of saving (docs/architecture.md#the-order-of-saving). */
function commitment(rules: Rules, written: Pick<StoredReceived, "token" | "host" | "attempt">): readonly Act[] {
  const backup: readonly Act[] = backupActs(rules.disk);
  const config: readonly Act[] = [{ act: "write config", ...written, saved: null }, sync];
  const tidying = tidy(written.host, "COMPLETED");
  return rules.disk === "trigger first"
    ? [...backup, ...trigger, ...config, ...tidying]
    : [...backup, ...config, ...tidying];
}

function backupActs(disk: Rules["disk"]): readonly Act[] {
  if (disk === "no backup") return [];
  return disk === "backup not synced" ? [{ act: "backup" }] : [{ act: "backup" }, sync];
}

const trigger: readonly Act[] = [change({ drop: "trigger" }), change({ put: "processed" }), sync];

function tidy(host: number, end: string): readonly Act[] {
  return [...trigger, ...withoutJournal(host), { act: "end", with: end }];
}

function perform(world: World, index: number, run: Run, act: Act): World {
  const folder = visible(world.disk);
  const put = (value: Change) => withRun({ ...world, disk: appended(world.disk, value) }, index, run);
  switch (act.act) {
    case "change":
      return put(act.change);
    case "backup": {
      const content = contentOf(folder.config);
      const queue = run.queue.map((next) => (next.act === "write config" ? { ...next, saved: content } : next));
      const after = withRun(world, index, { ...run, queue });
      const backup: Change = { put: "backup", value: content };
      return folder.backups.at(-1) === content ? after : { ...after, disk: appended(after.disk, backup) };
    }
    case "write config": {
      const { token, attempt, edits } = folder.config;
      if (token === act.token && attempt === act.attempt) return withRun(world, index, run);
      const over = contentOf(folder.config);
      // Another program, or another run, was faster: it is read, backed up and made again.
      if (act.saved !== null && act.saved !== over) {
        return withRun(world, index, { ...run, queue: [{ act: "backup" }, sync, act, ...run.queue] });
      }
      const { host } = act;
      return put({ put: "config", value: { token: act.token, host, attempt: act.attempt, edits, over } });
    }
    case "sync":
      return withRun({ ...world, disk: { durable: folder, unsynced: [] } }, index, run);
    case "end":
      return withRun(world, index, undefined);
  }
}

function appended({ durable, unsynced }: Disk, change: Change): Disk {
  return { durable, unsynced: [...unsynced, change] };
}

type Learn = (world: World, event: Event, queue?: readonly Act[]) => World;

/** Whether the server is one that a request went to under its other name; then that journal is moved here. */
function recognises(world: World, { host }: Run, learn: Learn, rules: Rules): readonly Move[] {
  const folder = visible(world.disk);
  const same = elsewhere(folder, host, undefined, rules.disk).find((each) =>
    folder.sent.some((record) => record.host === each.host && record.server === placeOf(world, host)),
  );
  const unreached = { event: "unreachable", code: "CONNECTION_REFUSED" } as const;
  const failing = { what: "nobody is reached", world: learn(spend(world), unreached), fault: true };
  const none = { event: "recognised", journal: { intents: [], received: [] } } as const;
  const moved = { event: "recognised", journal: journalOf(folder, same?.host ?? host, rules) } as const;
  const truth =
    same === undefined
      ? { what: "sees a server that it does not know", world: learn(world, none), fault: false }
      : {
          what: "recognises the server",
          world: learn(world, moved, moving(folder, same.host, host, rules.disk)),
          fault: false,
        };
  return world.faults > 0 ? [truth, failing] : [truth];
}

/** An intent is created exclusively: who comes second takes over the first one's. */
function writeIntent(
  world: World,
  step: Extract<Step, { do: "write-intent" }>,
  { known, host }: Run,
  learn: Learn,
  rules: Rules,
): readonly Move[] {
  const folder = visible(world.disk);
  if (folder.intents.some((intent) => intent.host === host && intent.number === step.number)) {
    const journal = journalOf(folder, host, rules);
    const read = { ...world, disk: { durable: folder, unsynced: [] } };
    return [
      { what: "finds another run's intent", world: learn(read, { event: "journal-read", journal }), fault: false },
    ];
  }
  const last = known.journal.intents.at(-1);
  const fresh = step.credentials === undefined;
  const secrets = fresh ? world.secrets + 1 : world.secrets;
  const names = world.names + 1;
  const stored: StoredIntent = {
    host,
    number: step.number,
    attempt: last?.attemptId ?? `attempt ${secrets}`,
    name: known.naming.kind === "fixed" ? known.naming.name : `thermal-camera-NAME${String(names).padStart(2, "0")}`,
    token: fresh ? `own ${secrets} for ${host}` : tokenOf(step.credentials),
    replaces: known.configured === undefined ? null : tokenOf(known.configured.credentials),
    knownInAdvance: step.credentials !== undefined && isKnownInAdvance(known, step.credentials),
  };
  // Created exclusively: whether it is there already and its creation are one act; that it lasts is another.
  const disk = { ...world.disk, unsynced: [...world.disk.unsynced, { put: "intent", value: stored } as const] };
  const event = { event: "intent-written", intent: intentOf(stored) } as const;
  const after = learn(
    { ...saying(world, known), disk, secrets, names },
    event,
    rules.disk === "intent not synced" ? [] : [sync],
  );
  return [{ what: `makes ${stored.name}`, world: after, fault: false }];
}

/** Before the intent is written, and before the configuration is (run/steps/write-intent.ts, run/steps/save.ts). */
function saying(world: World, { configured, configuredHere }: Known): World {
  if (configured === undefined || configuredHere) return world;
  // A camera that is provisioned already gets another device by an order for another name, also where the server is the same.
  const isRetired = world.hasOtherName ? ({ retired: true } as const) : {};
  return withDevice(world, visible(world.disk).config, { leftBehind: true, ...isRetired });
}

function requests(
  world: World,
  { intent, proved }: Extract<Step, { do: "request" }>,
  run: Run,
  learn: Learn,
  noting: (queue: readonly Act[]) => World,
  rules: Rules,
): readonly Move[] {
  const { known, host } = run;
  const place = placeOf(world, host);
  // Once, before the first byte.
  if (!visible(world.disk).sent.some((record) => record.host === host && record.server === place)) {
    const note = change({ put: "sent", value: { host, server: place } });
    const queue = rules.disk === "where it is sent to not synced" ? [note] : [note, sync];
    return [{ what: "notes where it sends", world: noting(queue), fault: false }];
  }
  const asked = { name: intent.deviceName, token: tokenOf(intent.credentials) };
  const before = serverOf(world, host);
  const { server, status, token } = run.mistyped ? notFound(before) : carryOut(before, asked);
  const carried = withServer(world, host, server);
  const telling = tellingOf(asked.token, host, world);
  const result: Move[] = [];
  const add = (what: string, after: World, fault: boolean) =>
    result.push({ what: `asks; ${what}`, world: after, fault, ...telling });
  if (status === "SUCCESS") {
    const number = known.journal.received.length + 1;
    const isOther = proved !== undefined && tokenOf(proved) !== token && rules.disk !== "contradiction not marked";
    const contradicts = isOther ? tokenOf(proved) : null;
    const stored = { host, number, attempt: intent.attemptId, name: asked.name, token, contradicts };
    const queue = [change({ put: "received", value: stored }), sync];
    add("SUCCESS", learn(carried, { event: "granted", received: receivedOf(stored) }, queue), false);
  } else if (status === "FAILURE") add("FAILURE", learn(carried, { event: "failure" }), false);
  else add("NOT_FOUND", learn(carried, { event: "ended", code: "PROVISION_DATA_NOT_FOUND" }), false);
  if (world.faults === 0) return result;
  const lost = { event: "lost", code: "NO_ANSWER" } as const;
  add("the answer is lost", learn(spend(carried), lost), true);
  add("the request is lost", learn(spend(world), lost), true);
  // The credentials are on the server by now, or are not: the answer is still on its way.
  if (status === "SUCCESS" && token === asked.token && proved === undefined) {
    const [candidate] = candidatesOf(known, asked.token);
    const proof = candidate && { candidate, deviceId: null };
    if (proof) add("proved before its answer", learn(spend(carried), { event: "proved-early", proof }), true);
  }
  add("nobody is reached", learn(spend(world), { event: "unreachable", code: "CONNECTION_REFUSED" }), true);
  add("the server hiccups: FAILURE", learn(mislead(world), { event: "failure" }), true);
  add("done, but answered FAILURE", learn(mislead(carried), { event: "failure" }), true);
  if (run.mistyped) return result;
  const late = withServer(world, host, { ...before, late: [...before.late, asked] });
  add("the server will do it later", learn(spend(late), lost), true);
  return result;
}

function probes(world: World, { host }: Run, candidates: readonly Candidate[], learn: Learn): readonly Move[] {
  const { devices: registered, lock, strategy } = serverOf(world, host);
  const devices = lock === "closed" ? [] : registered;
  const told = candidates.map((candidate) => ({ candidate, token: tokenOf(candidate.credentials) }));
  const proved = told.find((each) => devices.some(({ token }) => token === each.token))?.candidate;
  const truth: Event =
    proved === undefined
      ? { event: "probe-refused" }
      : { event: "probe-accepted", proof: { candidate: proved, deviceId: null } };
  const telling = told.map(({ token }) => tellingOf(token, host, world)).find(({ breaks }) => breaks !== undefined);
  const result: Move[] = [{ what: `probes: ${truth.event}`, world: learn(world, truth), fault: false, ...telling }];
  if (world.faults === 0) return result;
  const unanswered = { event: "probe-unanswered", code: "NO_ANSWER" } as const;
  result.push({ what: "probes: no answer", world: learn(spend(world), unanswered), fault: true });
  // A server may lag behind with a device that it has just made, not with one that it has had for long.
  const isOld = proved?.origin === "known in advance" && strategy !== "allow-create";
  if (proved !== undefined && proved.origin !== "configured" && !isOld) {
    result.push({
      what: "probes: refused although known",
      world: learn(mislead(world), { event: "probe-refused" }),
      fault: true,
    });
  }
  return result;
}

function candidatesOf(known: Known, token: string): readonly Candidate[] {
  return candidates(known).filter(({ credentials }) => tokenOf(credentials) === token);
}

/** Credentials of another device than the name's are kept only with a word about it. */
function anothers({ servers }: World, { host, known }: Run, token: string): Pick<Move, "breaks"> {
  const whose = serverOf({ servers }, host).devices.find((device) => device.token === token);
  if (known.run.claim === "open" || whose === undefined || known.naming.kind !== "fixed") return {};
  return whose.name === known.naming.name ? {} : { breaks: "the credentials of another device, and no word about it" };
}

/** What is wrong with telling this secret to this server, if anything. */
function tellingOf(token: string, host: number, world: World): Pick<Move, "breaks"> {
  return placeOf(world, madeFor(token)) === placeOf(world, host)
    ? {}
    : { breaks: "I2: a secret of one server is told to another" };
}

function describe(act: Act): string {
  if (act.act === "change")
    return `changes the folder: ${"put" in act.change ? act.change.put : `no ${act.change.drop}`}`;
  return act.act === "end" ? `ends with ${act.with}` : `does: ${act.act}`;
}
