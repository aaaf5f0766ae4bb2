import { type InvariantName, invariants, type Violation } from "../harness/invariants.ts";
import type { Result } from "../harness/method.ts";
import { explore } from "./explore.ts";
import { mutants } from "./mutants.ts";
import { settings } from "./worlds.ts";

/**
 * Method 0: the judgement in every interleaving with a world that fails up to four times; up to three times where that
 * makes too many states. A case is a state. Every mutant of a rule must be noticed.
 */
export async function exploreTheJudgement(): Promise<Result> {
  const explored = Object.values(settings).map(({ name, world, rules, faults }) => ({
    name,
    ...explore(world(faults), rules),
  }));
  const missed = mutants.filter(({ setting, faults }) => !explore(setting.world(faults), setting.rules).violation);
  return {
    cases: explored.reduce((sum, { states }) => sum + states, 0),
    broken: [
      ...explored.flatMap(({ name, violation }) =>
        violation === undefined
          ? []
          : [{ what: `${name}: ${violation.story.join(" → ")}`, violations: [wrong(violation.invariant)] }],
      ),
      ...missed.map(({ broken }) => ({ what: `a mutant that nobody noticed: ${broken}`, violations: [wrong(broken)] })),
    ],
    notes: [`${mutants.length} mutants noticed`],
  };
}

/** What the exploration found, under the number that it begins with; a dead end is one of recovery. */
function wrong(what: string): Violation {
  const named = Object.keys(invariants).find((name): name is InvariantName => what.startsWith(`${name}:`));
  return { invariant: named ?? "R", what };
}
