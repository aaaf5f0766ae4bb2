import { type Move, moves, type Rules } from "./moves.ts";
import { keyOf, type Server, visible, type World } from "./world.ts";

export interface Violation {
  readonly invariant: string;
  /** The shortest way there. */
  readonly story: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly violation: Violation | undefined;
}

/** Walks every state that can be reached from `start`, breadth first, until one is wrong or `most` were seen. */
export function explore(start: World, rules: Rules, most = Number.POSITIVE_INFINITY): Exploration {
  const parents = new Map<string, { readonly from: string; readonly what: string } | undefined>([
    [keyOf(start), undefined],
  ]);
  const live = new Map<string, boolean>();
  let frontier: readonly { readonly key: string; readonly world: World }[] = [{ key: keyOf(start), world: start }];
  const wrong = (invariant: string, key: string): Exploration => ({
    states: parents.size,
    violation: { invariant, story: storyTo(key, parents) },
  });
  while (frontier.length > 0 && parents.size < most) {
    const next: { readonly key: string; readonly world: World }[] = [];
    for (const { key, world } of frontier) {
      const possible = moves(world, rules);
      const broken = brokenSafety(world);
      if (broken !== undefined) return wrong(broken, key);
      if (!endsWell(key, world, rules, live)) return wrong("a state from which nothing leads to a justified end", key);
      for (const { what, world: after } of possible) {
        const code = stopIn(what);
        if (code !== undefined && !isHonest(code, world)) return wrong(`the run ends with ${code} for no reason`, key);
        const there = keyOf(after);
        if (parents.has(there)) continue;
        parents.set(there, { from: key, what });
        next.push({ key: there, world: after });
      }
    }
    frontier = next;
  }
  return { states: parents.size, violation: undefined };
}

/** The promises that must hold in every single state; undefined when they do. */
function brokenSafety({ servers, disk, edits }: World): string | undefined {
  const folder = visible(disk);
  const { durable } = disk;
  for (const [host, { devices, late }] of servers.entries()) {
    const ours = devices.filter((device) => device.ours);
    // Whoever is sent away, provisioned there and sent back gets another device: that is another provisioning.
    if (ours.filter(({ retired }) => retired !== true).length > 1) return "I4: a second device on the server";
    for (const { token, retired } of ours) {
      // A pre-provisioned device's secret is the server's until it was claimed.
      if (!token.startsWith("own")) continue;
      const holders = [...durable.intents, ...durable.received, durable.config];
      const kept = holders.some((holder) => holder.host === host && holder.token === token);
      const former = retired === true && durable.backups.some((backup) => backup.startsWith(`["${token}"`));
      if (!kept && !former) return "I5: the device's secret is not on the disk";
    }
    const told = [...ours, ...late].filter(({ token }) => token.startsWith("own"));
    const elsewhere = servers
      .filter((_, other) => other !== host)
      .flatMap((other) => [...other.devices, ...other.late]);
    if (told.some(({ token }) => elsewhere.some((other) => other.token === token))) {
      return "I2: a secret that was made for one server was told to another";
    }
  }
  const { token: written, host } = folder.config;
  const knows = servers[host]?.devices.some(({ token }) => token === written) === true;
  if (written !== null && !written.startsWith("former") && !knows) {
    return "I6: credentials in the configuration that the server does not know";
  }
  if (folder.trigger === "processed" && disk.durable.config.token === null)
    return "I9: the trigger went before the configuration";
  if (folder.config.edits < edits) return "I7: another program's edit is lost";
  const { over } = folder.config;
  if (over !== null && !disk.durable.backups.includes(over)) {
    return "I8: the configuration was replaced without a durable backup of what it was";
  }
  return undefined;
}

/** Whether the way without further faults leads to COMPLETED, KEPT, or an end that the world justifies. */
function endsWell(key: string, world: World, rules: Rules, live: Map<string, boolean>): boolean {
  const path: string[] = [];
  let at = world;
  let there = key;
  for (let length = 0; length < 400; length++) {
    const known = live.get(there);
    if (known !== undefined) return settle(path, known, live);
    path.push(there);
    const quiet: Move | undefined = moves(at, rules).find((move) => !move.fault);
    if (quiet === undefined) return settle(path, isJustified(at), live);
    const stopped = stopIn(quiet.what);
    if (stopped !== undefined && isJustifiedStop(stopped, at)) {
      return settle(path, true, live);
    }
    at = quiet.world;
    there = keyOf(at);
  }
  return settle(path, false, live);
}

function settle(path: readonly string[], well: boolean, live: Map<string, boolean>): boolean {
  for (const key of path) live.set(key, well);
  return well;
}

/**
 * Nothing more happens: then the camera is provisioned, the trigger is gone, and no journal of this server is left. That
 * of another server waits until the camera is sent back there.
 */
function isJustified({ disk, servers, order }: World): boolean {
  const folder = visible(disk);
  const unfinished = [...folder.intents, ...folder.received].filter(({ host }) => host === order);
  if (folder.trigger === "waiting" || unfinished.length > 0) return false;
  return servers[folder.config.host]?.devices.some(({ token }) => token === folder.config.token) === true;
}

/** The error code with which a run ends by this move. */
function stopIn(what: string): string | undefined {
  const code = /^ends with ([A-Z_]+)$/.exec(what)?.[1];
  return code === "COMPLETED" || code === "KEPT" ? undefined : code;
}

/** A person is sent for only when the world gives a reason, or the server lied twice at least. */
function isHonest(code: string, world: World): boolean {
  if (code !== "DEVICE_REFUSED" && code !== "NAMES_REFUSED") return true;
  return world.misled >= 2 || isJustifiedStop(code, world);
}

function isJustifiedStop(code: string, { servers }: World): boolean {
  return servers.some((server) => isJustifiedBy(server, code));
}

function isJustifiedBy(server: Server, code: string): boolean {
  if (code === "PROVISION_DATA_NOT_FOUND") return !server.keyIsRight;
  if (code === "DEVICE_REFUSED") return server.claimed && server.strategy === "pre-provisioned, once";
  if (code === "NAMES_REFUSED") return server.devices.filter(({ ours }) => !ours).length >= 3;
  return false;
}

function storyTo(
  key: string,
  parents: ReadonlyMap<string, { readonly from: string; readonly what: string } | undefined>,
) {
  const story: string[] = [];
  for (let step = parents.get(key); step !== undefined; step = parents.get(step.from)) story.unshift(step.what);
  return story;
}
