import { tokenOf } from "../../model/tokens.ts";
import { Keys } from "./keys.ts";
import { type Move, moves, type Rules } from "./moves.ts";
import { type Device, type Folder, placeOf, type Server, serverOf, visible, type World } from "./world.ts";

export interface Violation {
  readonly invariant: string;
  /** The shortest way there. */
  readonly story: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly violation: Violation | undefined;
}

/**
 * Walks every state that can be reached from `start`, breadth first. As soon as `most` were seen, only what happens
 * without further faults is followed, so that it is known how each of them ends.
 */
export function explore(start: World, rules: Rules, most = Number.POSITIVE_INFINITY): Exploration {
  const seen = new Seen(start);
  if (goesOnForEver(start, rules)) return seen.violation(noEnd, 0);
  let place = 0;
  let steps = 0;
  for (let level: readonly World[] = [start]; level.length > 0; steps++) {
    if (steps > mostSteps) return seen.violation(noEnd, place);
    const isFull = seen.size >= most;
    const next: World[] = [];
    for (const world of level) {
      const broken = brokenSafety(world);
      if (broken !== undefined) return seen.violation(broken, place);
      const possible = moves(world, rules);
      const quiet = possible.find(({ fault }) => !fault);
      const end = endOf(world, quiet);
      for (const move of possible) {
        const wrong = wrongIn(move, world);
        if (wrong !== undefined) return seen.violation(wrong, place, move.what);
        if (isFull && move !== quiet) continue;
        const fresh = seen.size;
        const there = seen.place(move, place);
        if (there === fresh) next.push(move.world);
        if (move === quiet) seen.leads(place, end ?? there);
      }
      if (quiet === undefined) seen.leads(place, end ?? deadEnd);
      seen.orders(place, standingOrder(world));
      place++;
    }
    level = next;
  }
  return seen.ends();
}

const noEnd = "a state from which nothing leads to a justified end";
// In every setting all states are found within half as many.
const mostSteps = 200;

/** Whether nothing comes to an end even where nothing fails: then the states are without number, perhaps. */
function goesOnForEver(start: World, rules: Rules): boolean {
  let world = start;
  for (let steps = 0; steps < mostSteps; steps++) {
    const quiet = moves(world, rules).find(({ fault }) => !fault);
    if (quiet === undefined || endOf(world, quiet) !== undefined) return false;
    world = quiet.world;
  }
  return true;
}

// How a history ends without further faults; the third is 0, 1… places lower for the first, the second… server.
const deadEnd = -1;
const personSentFor = -2;
const provisioned = -3;

/** The states that were seen, in the order in which they were found: each has a place. */
class Seen {
  readonly #keys = new Keys();
  readonly #places = new Map<string, number>();
  readonly #from: number[] = [-1];
  readonly #what: string[] = [""];
  /** The next place on the way without further faults, or how it ends. */
  readonly #onwards: number[] = [];
  readonly #orders: (number | undefined)[] = [];

  constructor(start: World) {
    this.#places.set(this.#keys.of(start), 0);
  }

  get size(): number {
    return this.#from.length;
  }

  place({ what, world }: Move, from: number): number {
    const key = this.#keys.of(world);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.size);
    this.#what.push(what);
    return this.#from.push(from) - 1;
  }

  leads(place: number, onwards: number): void {
    this.#onwards[place] = onwards;
  }

  /** At this place the camera was told to go to a server, and nothing is under way that was begun before. */
  orders(place: number, host: number | undefined): void {
    this.#orders[place] = host;
  }

  /** Every way without further faults must come to a good end, and to the server that was ordered. */
  ends(): Exploration {
    const ends: number[] = [];
    for (let place = 0; place < this.size; place++) {
      const end = this.#end(place, ends);
      if (end === deadEnd) return this.violation(noEnd, place);
      const order = this.#orders[place];
      if (order !== undefined && end !== personSentFor && end !== provisioned - order) {
        return this.violation("the camera does not go where it was sent", place);
      }
    }
    return { states: this.size, violation: undefined };
  }

  #end(start: number, ends: number[]): number {
    const path: number[] = [];
    let at = start;
    while (at >= 0 && ends[at] === undefined) {
      // A walk that comes by here again before it is known how it ends goes round in circles.
      ends[at] = deadEnd;
      path.push(at);
      at = this.#onwards[at] ?? deadEnd;
    }
    const end = at < 0 ? at : (ends[at] ?? deadEnd);
    for (const place of path) ends[place] = end;
    return end;
  }

  violation(invariant: string, place: number, last?: string): Exploration {
    const story = last === undefined ? [] : [last];
    for (let at = place; at > 0; at = this.#from[at] ?? 0) story.unshift(this.#what[at] ?? "");
    return { states: this.size, violation: { invariant, story } };
  }
}

/** The promises that must hold in every single state; undefined when they do. */
function brokenSafety({ servers, disk, edits }: World): string | undefined {
  const folder = visible(disk);
  const { durable } = disk;
  for (const [host, { devices }] of servers.entries()) {
    const ours = devices.filter((device) => device.ours);
    // A camera that is sent away, provisioned there and sent back gets another device: that is another provisioning.
    if (ours.filter(({ retired }) => retired !== true).length > 1) return "I4: a second device on the server";
    if (ours.some(({ retired, leftBehind }) => retired === true && leftBehind !== true)) {
      return "I19: a device is left behind, and nobody was told";
    }
    const isHere = (name: number) => placeOf({ servers }, name) === host;
    if (!ours.every((device) => isKept(device, isHere, durable))) return "I5: the device's secret is not on the disk";
  }
  const { token: written, host, over, edits: kept } = folder.config;
  const isKnown = serverOf({ servers }, host).devices.some(({ token }) => token === written);
  if (written !== null && !written.startsWith("former") && !isKnown) {
    return "I6: credentials in the configuration that the server does not know";
  }
  if (folder.trigger === "processed" && durable.config.token === null)
    return "I9: the trigger went before the configuration";
  if (kept < edits) return "I7: another program's edit is lost";
  if (over !== null && !durable.backups.includes(over)) {
    return "I8: the configuration was replaced without a durable backup of what it was";
  }
  return undefined;
}

/** Whether the secret of our device is where the camera looks for it; after another order, whether it is in a backup. */
function isKept({ token, retired }: Device, isHere: (host: number) => boolean, durable: Folder): boolean {
  // A pre-provisioned device's secret is the server's until it was claimed.
  if (!token.startsWith("own")) return true;
  const { config, intents, received, backups } = durable;
  const holds = (holder: { readonly host: number; readonly token: string | null }) =>
    isHere(holder.host) && holder.token === token;
  if (holds(config) || intents.some(holds) || received.some(holds)) return true;
  return retired === true && backups.some((backup) => backup.startsWith(`["${token}"`));
}

/** What is wrong with a move itself, whatever the world is afterwards. */
function wrongIn({ breaks, stop }: Move, world: World): string | undefined {
  if (breaks !== undefined) return breaks;
  if (stop === undefined || isHonest(stop, world)) return undefined;
  return `the run ends with ${stop.code} for no reason`;
}

/** How it ends when nothing more goes wrong; undefined: it goes on. */
function endOf(world: World, quiet: Move | undefined): number | undefined {
  if (quiet === undefined) return isProvisioned(world) ? provisioned - world.disk.durable.config.host : deadEnd;
  return quiet.stop !== undefined && isJustified(quiet.stop, world) ? personSentFor : undefined;
}

/**
 * Nothing more happens: then the camera is provisioned, the trigger is gone, and no journal of this server is left. That
 * of another server waits until the camera is sent back there.
 */
function isProvisioned({ disk, servers, order }: World): boolean {
  const { trigger, config, intents, received } = visible(disk);
  const unfinished = [...intents, ...received].some(({ host }) => host === order);
  if (trigger === "waiting" || unfinished) return false;
  return serverOf({ servers }, config.host).devices.some(({ token }) => token === config.token);
}

/** The server where the camera must end: no run is under way, and the next one finds the trigger and this order. */
function standingOrder({ runs, disk, order }: World): number | undefined {
  return runs.every((run) => run === undefined) && visible(disk).trigger === "waiting" ? order : undefined;
}

type Stop = NonNullable<Move["stop"]>;

/** A person is sent for only when the world gives a reason, or the server lied twice at least. */
function isHonest(stop: Stop, world: World): boolean {
  // What is proved is kept, whatever the server says of the key.
  if (stop.code === "PROVISION_DATA_NOT_FOUND" && stop.run.known.run.proof !== undefined) return false;
  if (stop.code === "CREDENTIALS_OF_ANOTHER_DEVICE") return isJustified(stop, world);
  if (stop.code !== "DEVICE_REFUSED" && stop.code !== "NAMES_REFUSED") return true;
  // After a SUCCESS there is a device, and its credentials are the camera's: whatever the server says, no name is at fault.
  if (stop.run.known.journal.received.length > 0) return false;
  return world.misled >= 2 || isJustified(stop, world);
}

function isJustified({ code, run }: Stop, world: World): boolean {
  const { secretIsRight, claimed, strategy, devices, lock }: Server = serverOf(world, run.host);
  if (lock === "closed" && ["DEVICE_LOCKED_OUT", "CREDENTIALS_REFUSED"].includes(code)) return true;
  if (code === "PROVISION_DATA_NOT_FOUND") return run.mistyped || !secretIsRight;
  if (code === "CREDENTIALS_OF_ANOTHER_DEVICE") {
    const { inAdvance, naming } = run.known;
    const whose = devices.find(({ token }) => inAdvance !== undefined && token === tokenOf(inAdvance));
    return whose !== undefined && naming.kind === "fixed" && whose.name !== naming.name;
  }
  if (code === "DEVICE_REFUSED") return claimed && strategy === "pre-provisioned, once";
  if (code === "NAMES_REFUSED") return devices.filter(({ ours }) => !ours).length >= 3;
  return false;
}
