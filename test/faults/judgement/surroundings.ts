import type { Move } from "./moves.ts";
import {
  apply,
  type Change,
  type Folder,
  type Server,
  serverOf,
  spend,
  visible,
  type World,
  withRun,
  withServer,
} from "./world.ts";

/** The server's decision procedure (docs/thingsboard-protocol.md#decision-procedure). */
export function carryOut(server: Server, asked: { readonly name: string; readonly token: string }) {
  if (!server.secretIsRight) return notFound(server);
  const named = server.devices.find(({ name }) => name === asked.name);
  if (server.strategy === "allow-create") {
    if (named !== undefined || server.devices.some(({ token }) => token === asked.token)) {
      return { server, status: "FAILURE", token: "" } as const;
    }
    const devices = [...server.devices, { ...asked, ours: true }];
    return { server: { ...server, devices }, status: "SUCCESS", token: asked.token } as const;
  }
  if (named === undefined || (server.claimed && server.strategy === "pre-provisioned, once")) {
    return { server, status: "FAILURE", token: "" } as const;
  }
  return { server: { ...server, claimed: true }, status: "SUCCESS", token: named.token } as const;
}

/** The profile has another secret, or nobody has this key. */
export function notFound(server: Server) {
  return { server, status: "NOT_FOUND", token: "" } as const;
}

/** A request that the server took is carried out whenever it likes. */
export function serverMoves(world: World): readonly Move[] {
  return world.servers.flatMap((before, host) =>
    before.late.map((asked, index) => {
      const late = before.late.filter((_, other) => other !== index);
      const { server } = carryOut(before, asked);
      return {
        what: "the server carries out a late request",
        world: withServer(world, host, { ...server, late }),
        fault: false,
      };
    }),
  );
}

/** What people, the power and other programs do. */
export function whims(world: World): readonly Move[] {
  const result: Move[] = [];
  const add = (what: string, after: World) => result.push({ what, world: spend(after), fault: true });
  world.runs.forEach((run, index) => {
    if (run !== undefined) add("the run is killed", withRun(world, index, undefined));
  });
  const off = { ...world, runs: world.runs.map(() => undefined) };
  for (const kept of survivors(world.disk.unsynced)) {
    add("the power is cut", { ...off, disk: { durable: kept.reduce(apply, world.disk.durable), unsynced: [] } });
  }
  const folder = visible(world.disk);
  const config = { ...folder.config, edits: world.edits + 1 };
  if (world.edits === 0)
    add("another program edits the configuration", { ...write(world, { ...folder, config }), edits: 1 });
  if (folder.trigger !== "waiting") add("the trigger comes again", write(world, { ...folder, trigger: "waiting" }));
  const before = serverOf(world, world.order);
  const server = { ...before, secretIsRight: !before.secretIsRight };
  const what = `the administrator ${server.secretIsRight ? "corrects" : "changes"} the secret`;
  add(what, withServer(world, world.order, server));
  if (before.lock === "possible")
    add("the server locks devices out", withServer(world, world.order, { ...before, lock: "closed" }));
  if (before.lock === "closed")
    add("the server lets devices in", withServer(world, world.order, { ...before, lock: "possible" }));
  if (world.given !== null) add("the administrator takes the known token out", { ...world, given: null });
  if (world.mistyped) add("the administrator corrects the key", { ...world, mistyped: false });
  if (world.servers.length > 1 || world.hasOtherName) {
    const where = world.hasOtherName
      ? "writes the server under its other name"
      : "sends the camera to the other server";
    add(`the administrator ${where}`, { ...world, order: 1 - world.order });
  }
  return result;
}

/** Every subset, in order, of what was not synced: prefixes are among them. */
function survivors(unsynced: readonly Change[]): readonly (readonly Change[])[] {
  let sets: readonly (readonly Change[])[] = [[]];
  for (const next of unsynced) sets = sets.concat(sets.map((set) => [...set, next]));
  return sets;
}

function write(world: World, folder: Folder): World {
  return { ...world, disk: { durable: folder, unsynced: [] } };
}
