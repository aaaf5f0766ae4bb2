import { carryOut } from "../../faults/judgement/surroundings.ts";
import * as ledger from "./model-ledger.ts";
import type { Move } from "./moves.ts";
import { spend, stationNames, type World, withWork } from "./world.ts";

/** What happens besides the stations' own steps. */
export function surroundings(world: World): readonly Move[] {
  return [...server(world), ...leases(world), ...mishaps(world)];
}

/** A request that the server took is carried out whenever it likes. */
function server(world: World): readonly Move[] {
  return world.server.late.map((asked, index) => {
    const { server: after, status } = carryOut(world.server, asked);
    const isUnheard = world.isUnheard || status === "SUCCESS";
    const late = world.server.late.filter((_, other) => other !== index);
    return {
      what: "the server does it now",
      world: { ...world, server: { ...after, late }, isUnheard },
      isFault: false,
    };
  });
}

/** The time of a dead station passes by itself; a living one must be frozen, or away from the ledger, for so long. */
function leases(world: World): readonly Move[] {
  const { row } = world;
  const result: Move[] = [];
  stationNames.forEach((name, index) => {
    const work = world.stations[index];
    if (row.state === "running" && row.station === name && row.isLeased) {
      const isAlive = work !== undefined && work.fence === row.fence;
      const after = { ...world, row: ledger.endLease(row) };
      result.push({ what: `${name}'s time is over`, world: isAlive ? spend(after) : after, isFault: isAlive });
    }
    if (work === undefined) return;
    const renewed = ledger.renew(row, name);
    if (renewed !== undefined && !row.isLeased) {
      result.push({ what: `${name} renews`, world: { ...world, row: renewed }, isFault: false });
    }
    // An answer in hand is written down first, whatever is heard meanwhile.
    if (renewed === undefined && work.queue[0]?.act !== "write the answer") {
      result.push({ what: `${name} hears that it lost it`, world: withWork(world, index, undefined), isFault: false });
    }
  });
  return result;
}

function mishaps(world: World): readonly Move[] {
  const result: Move[] = [];
  const add = (what: string, after: World) => result.push({ what, world: spend(after), isFault: true });
  stationNames.forEach((name, index) => {
    const work = world.stations[index];
    if (work === undefined) return;
    const hasAnswer = work.queue[0]?.act === "write the answer";
    add(`${name} is killed`, { ...withWork(world, index, undefined), isUnheard: world.isUnheard || hasAnswer });
    if (hasAnswer) return;
    const row = ledger.giveBack(world.row, name);
    add(`${name} is stopped`, { ...withWork(world, index, undefined), row });
  });
  if (world.row.state === "failed") add("somebody says retry", { ...world, row: ledger.retry(world.row) });
  const secretIsRight = !world.server.secretIsRight;
  add(`the secret is ${secretIsRight ? "corrected" : "changed"}`, {
    ...world,
    server: { ...world.server, secretIsRight },
  });
  return result;
}
