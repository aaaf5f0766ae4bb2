import type { Known } from "../../../src/flow/known.ts";
import { tokenOf } from "../../model/tokens.ts";
import { type Move, moves, type Rules } from "./moves.ts";
import { deviceName, type Work, type World } from "./world.ts";

export interface Violation {
  readonly promise: string;
  /** The shortest way there. */
  readonly story: readonly string[];
}

export interface Walked {
  readonly states: number;
  readonly violation: Violation | undefined;
}

const noEnd = "no end: what goes on without further faults leads nowhere";

/** A state that was seen: how it was reached, and where it goes without further faults. */
interface Place {
  readonly world: World;
  readonly from: Place | undefined;
  readonly what: string;
  onwards: Place | "end" | undefined;
}

/**
 * Walks every state that can be reached from `start`, breadth first. As soon as `most` were seen, only what happens
 * without further faults is followed, so that it is known how each of them ends.
 */
export function walk(start: World, rules: Rules, most = Number.POSITIVE_INFINITY): Walked {
  const first: Place = { world: start, from: undefined, what: "", onwards: undefined };
  const places = new Map([[keyOf(start), first]]);
  const queue = [first];
  const found = (promise: string, place: Place, ...last: readonly string[]) => ({
    states: places.size,
    violation: { promise, story: [...storyOf(place), ...last] },
  });
  for (const place of queue) {
    const { world } = place;
    const broken = brokenIn(world);
    if (broken !== undefined) return found(broken, place);
    const possible = moves(world, rules);
    const quiet = possible.find(({ isFault }) => !isFault);
    const isFull = places.size >= most;
    for (const move of possible) {
      const wrong = wrongIn(move, world);
      if (wrong !== undefined) return found(wrong, place, move.what);
      if (isFull && move !== quiet) continue;
      const key = keyOf(move.world);
      const known = places.get(key);
      const next: Place = known ?? { world: move.world, from: place, what: move.what, onwards: undefined };
      if (known === undefined) {
        places.set(key, next);
        queue.push(next);
      }
      if (move === quiet) place.onwards = isSentFor(move, world) ? "end" : next;
    }
    if (quiet === undefined && isEnd(world)) place.onwards = "end";
  }
  const lost = queue.find((place) => !comesToAnEnd(place));
  return lost === undefined ? { states: places.size, violation: undefined } : found(noEnd, lost);
}

const ending = new WeakSet<Place>();

function comesToAnEnd(start: Place): boolean {
  const path = new Set<Place>();
  let at: Place | "end" | undefined = start;
  while (at !== undefined && at !== "end" && !ending.has(at)) {
    if (path.has(at)) return false;
    path.add(at);
    at = at.onwards;
  }
  if (at === undefined) return false;
  for (const place of path) ending.add(place);
  return true;
}

function storyOf(place: Place): readonly string[] {
  const story: string[] = [];
  for (let at: Place | undefined = place; at?.from !== undefined; at = at.from) story.unshift(at.what);
  return story;
}

/** The promises that hold in every state. */
function brokenIn({ row, server, folder, misled }: World): string | undefined {
  const { devices } = server;
  const ours = devices.filter(({ ours }) => ours);
  if (ours.length > 1) return "a second device";
  if (ours.some(({ token }) => token.startsWith("own") && row.intent !== token)) {
    return "the server has a device whose secret is not in the ledger";
  }
  const isRight = folder !== null && ours.some(({ token }) => token === folder);
  if (folder !== null && !isRight) return "the files of a camera hold what the server does not know";
  if (row.state === "proved" && !isRight) return "a camera is called proved and has no files";
  const given = row.answers.some((answer) => ours.some(({ token }) => token === answer));
  if (row.state === "failed" && given && misled < 2) return "a camera failed although the ledger has what was given";
  return undefined;
}

/** What is wrong with a move itself. */
function wrongIn({ world, stop }: Move, before: World): string | undefined {
  if (before.row.state === "proved" && world.row.state !== "proved") return "what was proved is proved no longer";
  if (before.row.intent !== null && world.row.intent !== before.row.intent) return "the secret of a camera changed";
  if (before.row.answers.some((token) => !world.row.answers.includes(token))) return "an answer was thrown away";
  if (stop === undefined || isHonest(stop, before)) return undefined;
  return `a station stops with ${stop.code} for no reason`;
}

type Stop = NonNullable<Move["stop"]>;

/** A person is sent for only when the world gives a reason, or the server lied twice at least. */
function isHonest({ code, known }: Stop, world: World): boolean {
  if (code === "DEVICE_CONFLICT") return isTaken(world);
  if (code !== "DEVICE_REFUSED" && code !== "NAMES_REFUSED") return true;
  if (known.journal.received.length > 0) return false;
  return world.misled >= 2 || isTaken(world) || isSaidOnce(world);
}

function isTaken({ server }: World): boolean {
  return server.devices.some(({ name, ours }) => name === deviceName && !ours);
}

/** What the server does not say again reached nobody, or is another's to write down, or was written meanwhile. */
function isSaidOnce({ server, isUnheard, stations, row }: World): boolean {
  const isInHand = stations.some((work) => work?.queue[0]?.act === "write the answer");
  return (
    server.claimed && server.strategy === "pre-provisioned, once" && (isUnheard || isInHand || row.answers.length > 0)
  );
}

/** A station's whole run ended, and somebody must do something before the next one. */
function isSentFor({ stop }: Move, { server }: World): boolean {
  return (stop?.code === "PROVISION_DATA_NOT_FOUND" || stop?.code === "API_KEY_REFUSED") && !server.secretIsRight;
}

function isEnd({ row }: World): boolean {
  return row.state === "proved" || row.state === "failed";
}

const knowns = new WeakMap<Known, string>();

/**
 * Two states have the same key if, and only if, what can come of them is the same: of a claim's number it matters only
 * whether it is the newest.
 */
function keyOf({ row, server, folder, stations, faults, secrets, misled, isUnheard }: World): string {
  const { fence, ...rest } = row;
  const works = stations.map((work) => workKey(work, fence));
  return JSON.stringify([rest, server, folder, faults, secrets, misled, isUnheard, ...works]);
}

function workKey(work: Work | undefined, newest: number): unknown {
  if (work === undefined) return null;
  return [work.fence === newest, work.queue, work.known === undefined ? null : knownKey(work.known)];
}

function knownKey(known: Known): string {
  const { journal, run } = known;
  const { proof, ...learnt } = run;
  const records = [...journal.intents, "|", ...journal.received];
  const tokens = records.map((record) => (typeof record === "string" ? record : tokenOf(record.credentials)));
  const proved = proof && [proof.candidate.origin, tokenOf(proof.candidate.credentials)];
  const key = knowns.get(known) ?? JSON.stringify([tokens, Object.values(learnt), proved]);
  knowns.set(known, key);
  return key;
}
